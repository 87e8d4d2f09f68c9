import { isJudged, sessionBeside } from '../core/describe.ts';
import { formatAge } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { englishWords } from '../core/words.ts';
import { duration, failure, named, runCost, runStatus, shortIds, tokens } from './cells.ts';
import { durationMs, jsonMs, jsonUsd, orNull } from './numbers.ts';
import type { Session } from './session.ts';
import { type Cell, type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** A run as `--json` prints it. Scripts depend on these names and their order. */
export const runJson = (run: RunSummary) => ({
  runId: run.runId,
  name: run.name,
  status: run.status,
  judged: isJudged(run),
  startTime: jsonMs(run.start),
  durationMs: durationMs(run.start, run.end),
  spans: run.spans,
  costUsd: jsonUsd(run.cost),
  pricedCostUsd: jsonUsd(run.pricedCost),
  // Sums: of a run without calls they are 0, as its cost is.
  inputTokens: run.usage.input ?? 0,
  outputTokens: run.usage.output ?? 0,
  error: orNull(run.error),
});

export async function listRuns(session: Session, limit: number | undefined): Promise<unknown> {
  return (await session.runs('all', limit)).map(runJson);
}

export async function showRuns(
  session: Session,
  limit: number | undefined,
  terminal: Terminal,
): Promise<string> {
  const runs = await session.runs('all', limit);
  if (runs.length === 0) return `${session.name} has no runs yet.\n`;
  return runTable(runs, session, terminal) + legend(runs);
}

const runColumns: readonly Column[] = [
  { title: 'STATUS' },
  { title: 'RUN', shrinksTo: 16 },
  { title: 'STARTED' },
  { title: 'DURATION', right: true },
  { title: 'SPANS', right: true },
  { title: 'TOKENS', right: true },
  { title: 'COST', right: true },
  { title: 'ID' },
];

export function runTable(
  runs: readonly RunSummary[],
  session: Session,
  terminal: Terminal,
): string {
  const idOf = shortIds(
    runs.map(run => run.runId),
    terminal.columns,
  );
  const sessionOf = sessions(runs);
  const asked: readonly Optional[] = [
    { title: 'SESSION', cell: run => ({ text: sessionOf(run), style: 'dim' }) },
    { title: 'ERROR', shrinksTo: 5, cell: run => failure(run.error) },
  ];
  const more = asked.filter(({ cell }) => runs.some(run => cell(run).text !== ''));
  const rows = runs.map((run): readonly Cell[] => [
    runStatus(run),
    { text: named(run.name), style: 'bold' },
    { text: formatAge(run.start, session.clock.now, englishWords, terminal.zone) },
    duration(run.start, run.end),
    { text: String(run.spans) },
    tokens(run.usage),
    runCost(run),
    { text: idOf(run.runId), style: 'dim' },
    ...more.map(({ cell }) => cell(run)),
  ]);
  return table(terminal, [...runColumns, ...more], rows);
}

/** A column that is only there where a run has something in it. */
interface Optional extends Column {
  readonly cell: (run: RunSummary) => Cell;
}

/** The session of a run whose name counts within sessions, where a run of another session is called the same. */
function sessions(runs: readonly RunSummary[]): (run: RunSummary) => string {
  const byName = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const same = byName.get(run.name) ?? [];
    byName.set(run.name, same);
    // Two of different sessions tell all others apart.
    const isOther = same.length === 1 && same[0]?.sessionId !== run.sessionId;
    if (same.length === 0 || isOther) same.push(run);
  }
  return run => sessionBeside(run, byName.get(run.name) ?? []);
}

export function legend(runs: readonly RunSummary[]): string {
  return runs.some(isJudged)
    ? '\n* judged from its spans: the root does not say how the run ended.\n'
    : '';
}
