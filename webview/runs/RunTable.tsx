import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { RunSummary, UnixMs } from '../../src/core/model.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { RunRow } from './RunRow.tsx';

/** The runs as a grid with one tab stop. Enter or a click shows a run; the keys only move. */
export function RunTable({
  file,
  fileName,
  runs,
  matching,
  more,
  loadingMore,
  onChoose,
}: {
  readonly file: FileId;
  readonly fileName: string;
  readonly runs: readonly RunSummary[];
  readonly matching: number;
  readonly more: () => void;
  readonly loadingMore: boolean;
  readonly onChoose: (runId: string) => void;
}) {
  const { connection, words, ask, now } = usePage();
  const grid = useRef<HTMLTableElement>(null);
  // By id, not by place: a live file puts new runs on top.
  const [current, setCurrent] = useState<string>();
  const [selected, setSelected] = useState<string>();
  const at = Math.max(
    0,
    runs.findIndex(run => run.runId === current),
  );
  const choose = useCallback(
    (run: RunSummary): void => {
      setCurrent(run.runId);
      setSelected(run.runId);
      onChoose(run.runId);
      ask(connection.api.showRun(file, run.runId));
    },
    [ask, connection, file, onChoose],
  );
  const move = (to: number): void => {
    const target = runs[Math.min(Math.max(to, 0), runs.length - 1)];
    if (!target) return;
    setCurrent(target.runId);
    const row = grid.current?.querySelectorAll<HTMLElement>('.run-row')[runs.indexOf(target)];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const onKey = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: runs.length - 1,
      PageDown: at + 20,
      PageUp: at - 20,
    };
    const to = moves[event.key];
    const run = runs[at];
    if (to !== undefined) move(to);
    else if ((event.key === 'Enter' || event.key === ' ') && run) choose(run);
    else return;
    event.preventDefault();
  };
  const time = useTicking(now);
  const columns = [
    [words.columnStatus, ''],
    [words.columnRun, ''],
    [words.columnStarted, 'wide-cell'],
    [words.columnAge, 'figure-cell wide-cell'],
    [words.columnDuration, 'figure-cell'],
    [words.columnSpans, 'figure-cell wide-cell'],
    [words.columnTokens, 'figure-cell wide-cell'],
    [words.columnCost, 'figure-cell'],
  ] as const;

  return (
    <>
      <table
        className="run-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with keys
        role="grid"
        ref={grid}
        tabIndex={-1}
        aria-label={fillIn(words.runsOf, [fileName])}
        aria-rowcount={matching + 1}
        onKeyDown={onKey}
      >
        <thead>
          <tr className="run-head" aria-rowindex={1}>
            {columns.map(([name, look]) => (
              <th key={name} scope="col" className={look}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run, index) => (
            <RunRow
              key={run.runId}
              run={run}
              now={time}
              rowIndex={index + 2}
              tabStop={index === at}
              selected={run.runId === selected}
              choose={choose}
            />
          ))}
        </tbody>
      </table>
      <p className="list-end">
        {runs.length < matching ? (
          <>
            {loadingMore ? (
              <span>{words.loading}</span>
            ) : (
              <Link onClick={more}>{words.loadMore}</Link>
            )}
            <span className="second">
              {' '}
              · {fillIn(words.shownOf, [integer(runs.length), integer(matching)])}
            </span>
          </>
        ) : (
          <span className="second">
            {matching === 1 ? words.oneShown : fillIn(words.allShown, [integer(matching)])}
          </span>
        )}
      </p>
    </>
  );
}

/** The time, anew every ten seconds: ages grow while one looks. */
function useTicking(now: () => UnixMs): UnixMs {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 10_000);
    return () => clearInterval(timer);
  }, [now]);
  return time;
}
