import { memo } from 'react';
import { counted } from '../../src/core/counted.ts';
import { oneLine, runDurationWords, runMark, runStatusWords } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import {
  formatAgo,
  formatDateTime,
  formatRunCost,
  formatStarted,
  formatTokens,
  integer,
  none,
} from '../../src/core/format.ts';
import type { RunSummary, UnixMs } from '../../src/core/model.ts';
import type { SessionRow } from '../../src/core/runGroups.ts';
import { totalTokens } from '../../src/core/usage.ts';
import { useWords } from '../app/page.tsx';
import type { RunMark } from '../insights/marks.ts';
import { SeverityIcon } from '../insights/Severity.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';

/** The cells of one run. Drawn anew only when the run or the time changes. */
export const RunCells = memo(function RunCells({
  run,
  now,
  inGroup,
  found,
}: {
  readonly run: RunSummary;
  readonly now: UnixMs;
  readonly inGroup: boolean;
  /** What stands out in it. */
  readonly found: RunMark | undefined;
}) {
  const words = useWords();
  const mark = runMark(run);
  const status = runStatusWords(run, words);
  const tokens = totalTokens(run.usage);
  const name = oneLine(run.name).trim() || words.noName;
  const error = run.error ? oneLine(run.error).trim() : '';
  const more = run.partial ? '+' : '';
  const cost = formatRunCost(run, words) + more;
  const look = run.status === 'error' ? 'status-word failed-word' : 'status-word';
  return (
    <>
      <td className={inGroup ? `${look} in-group` : look} title={status}>
        <StatusIcon status={mark === 'none' ? 'ok' : mark} />
        <span>{status}</span>
      </td>
      <td className="run-name">
        <span className="ellipsis" title={error ? `${name}\n${error}` : name}>
          <bdi>{name}</bdi> {error && <bdi className="run-error second">{error}</bdi>}
        </span>
        {found && (
          <span className="run-mark" title={found.title}>
            <SeverityIcon severity={found.severity} />
            <span className="run-mark-words">{found.says}</span>
          </span>
        )}
      </td>
      <td className="started" title={formatDateTime(run.start, words)}>
        <span>{run.start === undefined ? none : formatStarted(run.start, now)}</span>
        <span className="second">
          {run.start !== undefined && formatAgo(run.start, now, words)}
        </span>
      </td>
      <td className="figure-cell">{runDurationWords(run, now) ?? none}</td>
      <td className="figure-cell wide-cell" title={run.partial ? words.runReadSoFar : undefined}>
        {integer(run.spans)}
        {more}
      </td>
      <td
        className="figure-cell wide-cell"
        title={tokens === undefined ? undefined : integer(tokens)}
      >
        {tokens === undefined ? none : formatTokens(tokens)}
        {more}
      </td>
      <td
        className={run.cost === undefined ? 'figure-cell second' : 'figure-cell'}
        title={run.partial ? words.runReadSoFar : cost}
      >
        {aligned(cost)}
      </td>
    </>
  );
});

/** The head of a session: what its runs are together. */
export function SessionCells({ row }: { readonly row: SessionRow }) {
  const words = useWords();
  const name =
    row.sessionId === undefined
      ? words.noSession
      : fillIn(words.session, [oneLine(row.sessionId, 80)]);
  const cost = formatRunCost(row, words);
  return (
    <>
      <td className="session-name ellipsis" title={row.sessionId} colSpan={6}>
        <Icon name={row.folded ? 'right' : 'down'} />
        <bdi className="ellipsis">{name}</bdi>
        <span className="second">{counted(words, 'session', row.runs)}</span>
        {row.failed > 0 && (
          <span className="failed-word">{fillIn(words.sessionFailed, [integer(row.failed)])}</span>
        )}
      </td>
      <td className={row.cost === undefined ? 'figure-cell second' : 'figure-cell'} title={cost}>
        {aligned(cost)}
      </td>
    </>
  );
}

/** Cents get two figure spaces, so that the decimal points of a column stand in one line. */
const aligned = (cost: string): string => (/\.\d\d$/.test(cost) ? `${cost}\u2007\u2007` : cost);
