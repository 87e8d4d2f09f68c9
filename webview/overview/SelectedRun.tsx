import type { RunRef, SpanRef } from '../../src/protocol/panel.ts';
import { useWords } from '../app/page.tsx';
import { Notice } from '../ui/states.tsx';
import { Waterfall } from '../waterfall/Waterfall.tsx';

/** The run that is selected. */
export function SelectedRun({
  run,
  version,
  isTold,
  shownSpan,
  showAll,
}: {
  readonly run: RunRef;
  readonly version: number;
  readonly isTold: boolean;
  /** Shown by the panel last. */
  readonly shownSpan: SpanRef | undefined;
  /** Set where it is not among the runs that are listed. */
  readonly showAll: (() => void) | undefined;
}) {
  const words = useWords();
  return (
    <section className="selected-run" aria-label={words.selectedRun} data-run={run.runId}>
      {showAll && (
        <Notice text={words.selectedHidden} action={words.showAllRuns} onAction={showAll} />
      )}
      <Waterfall
        key={run.runId}
        file={run.file}
        runId={run.runId}
        version={version}
        isTold={isTold}
        shownSpan={shownSpan}
      />
    </section>
  );
}
