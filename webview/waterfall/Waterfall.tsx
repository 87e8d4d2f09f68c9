import type { RunId } from '../../src/core/model.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { RunPlot } from './RunPlot.tsx';
import { useWaterfall } from './useWaterfall.ts';
import './waterfall.css';
import './bars.css';

/** The spans of one run as bars on a time axis. Fills what it stands in, and scrolls by itself. */
export function Waterfall({ file, runId }: { readonly file: FileId; readonly runId: RunId }) {
  const { model, failure, retry } = useWaterfall(file, runId);
  if (failure && !model) return <Failure error={failure} retry={retry} />;
  if (!model) return <Loading />;
  return <RunPlot key={`${file}\n${runId}`} file={file} model={model} />;
}
