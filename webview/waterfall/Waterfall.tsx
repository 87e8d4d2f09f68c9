import type { RunId } from '../../src/core/model.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { Failure, Loading, OlderShown } from '../ui/states.tsx';
import { RunPlot } from './RunPlot.tsx';
import { useWaterfall } from './useWaterfall.ts';
import './waterfall.css';
import './bars.css';

/** The spans of one run as bars on a time axis. Fills what it stands in, and scrolls by itself. */
export function Waterfall({
  file,
  runId,
  version,
  isTold,
  shownSpan,
}: {
  readonly file: FileId;
  readonly runId: RunId;
  /** Counts the states of the file. */
  readonly version: number;
  /** The page says already that it shows an older state. */
  readonly isTold: boolean;
  /** Shown by the panel last. */
  readonly shownSpan: SpanRef | undefined;
}) {
  const { model, failure, retry } = useWaterfall(file, runId, version);
  if (failure && !model) return <Failure error={failure} retry={retry} />;
  if (!model) return <Loading />;
  return (
    <>
      {failure && !isTold && <OlderShown error={failure} retry={retry} />}
      <RunPlot file={file} model={model} shownSpan={shownSpan} />
    </>
  );
}
