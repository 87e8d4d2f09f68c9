import { memo } from 'react';
import { oneLine, runMark, runStatusWords } from '../../src/core/describe.ts';
import {
  formatAge,
  formatDateTime,
  formatDuration,
  formatRunCost,
  formatTokens,
  integer,
  none,
} from '../../src/core/format.ts';
import type { RunSummary, UnixMs } from '../../src/core/model.ts';
import { totalTokens } from '../../src/core/usage.ts';
import { useWords } from '../app/page.tsx';
import { StatusIcon } from '../ui/Icon.tsx';

/** One run. Redrawn only when it or its place changes: lists hold thousands. */
export const RunRow = memo(function RunRow({
  run,
  now,
  rowIndex,
  tabStop,
  selected,
  choose,
}: {
  readonly run: RunSummary;
  readonly now: UnixMs;
  readonly rowIndex: number;
  readonly tabStop: boolean;
  readonly selected: boolean;
  readonly choose: (run: RunSummary) => void;
}) {
  const words = useWords();
  const mark = runMark(run);
  const failed = run.status === 'error';
  const tokens = totalTokens(run.usage);
  const name = oneLine(run.name).trim() || words.noName;
  const error = run.error ? oneLine(run.error).trim() : '';
  return (
    <tr
      className={selected ? 'run-row run-selected' : 'run-row'}
      aria-rowindex={rowIndex}
      aria-selected={selected}
      tabIndex={tabStop ? 0 : -1}
      onClick={() => choose(run)}
    >
      <td
        className={failed ? 'status-word failed-word' : 'status-word'}
        title={runStatusWords(run, words)}
      >
        <StatusIcon status={mark === 'none' ? 'ok' : mark} />
        <span>{runStatusWords(run, words)}</span>
      </td>
      <td className="ellipsis" title={error ? `${name}\n${error}` : name}>
        <bdi>{name}</bdi> {error && <bdi className="run-error second">{error}</bdi>}
      </td>
      <td className="wide-cell" title={formatDateTime(run.start)}>
        {run.start === undefined ? none : clock(run.start)}
      </td>
      <td className="figure-cell wide-cell second">{formatAge(run.start, now)}</td>
      <td className="figure-cell">{durationWords(run, now)}</td>
      <td className="figure-cell wide-cell">{integer(run.spans)}</td>
      <td
        className="figure-cell wide-cell"
        title={tokens === undefined ? undefined : integer(tokens)}
      >
        {tokens === undefined ? none : formatTokens(tokens)}
      </td>
      <td
        className={run.cost === undefined ? 'figure-cell second' : 'figure-cell'}
        title={formatRunCost(run)}
      >
        {aligned(formatRunCost(run))}
      </td>
    </tr>
  );
});

/** To the second: a list needs no thousandths. */
const clock = (time: UnixMs): string => formatDateTime(time).split(' ').at(-1)?.slice(0, 8) ?? '';

function durationWords(run: RunSummary, now: UnixMs): string {
  if (run.start === undefined) return none;
  if (run.status === 'running') return `${formatDuration(now - run.start)}…`;
  const end = run.end ?? run.lastActivity;
  return end === undefined ? none : formatDuration(end - run.start);
}

/** Cents get two figure spaces, so that the decimal points of a column stand in one line. */
const aligned = (cost: string): string => (/\.\d\d$/.test(cost) ? `${cost}\u2007\u2007` : cost);
