import { oneLine, runMark } from '../../src/core/describe.ts';
import { formatDateTime, formatDuration } from '../../src/core/format.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { runDuration } from '../../src/core/runQuery.ts';
import type { RunRef } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';
import { StatusIcon } from '../ui/Icon.tsx';

/** The area of the run that is selected. */
export function SelectedRun({
  run,
  summary,
}: {
  readonly run: RunRef;
  /** Undefined while its row has not been read. */
  readonly summary: RunSummary | undefined;
}) {
  const { words, now } = usePage();
  const mark = summary && runMark(summary);
  const duration = summary && runDuration(summary, now());
  return (
    <section className="selected-run" aria-label={words.selectedRun} data-run={run.runId}>
      {summary && (
        <header className="head-row selected-head">
          <StatusIcon status={!mark || mark === 'none' ? 'ok' : mark} />
          <h2 className="ellipsis">{oneLine(summary.name).trim() || words.noName}</h2>
          <span className="second ellipsis">
            {formatDateTime(summary.start)}
            {duration !== undefined && ` · ${formatDuration(duration)}`}
          </span>
        </header>
      )}
    </section>
  );
}
