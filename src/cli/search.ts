import { CommanderError } from 'commander';
import { toolBeside } from '../core/describe.ts';
import { formatAge } from '../core/format.ts';
import { parseQuery } from '../core/query/parse.ts';
import { problemWords } from '../core/query/problem.ts';
import { englishWords } from '../core/words.ts';
import type { SearchCursor, SearchHit, SearchPlace } from '../protocol/search.ts';
import { named, shortIds } from './cells.ts';
import { durationMs, jsonMs, orNull } from './numbers.ts';
import type { Session } from './session.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** What was found, as `--json` prints it. Scripts depend on these names and their order. */
export async function listHits(
  session: Session,
  text: string,
  limit: number | undefined,
): Promise<unknown> {
  return (await hitsOf(session, text, limit)).map(hit => ({
    runId: hit.run.runId,
    runName: hit.run.name,
    runStatus: hit.run.status,
    runStartTime: jsonMs(hit.run.start),
    spanId: hit.spanId,
    name: hit.name,
    kind: hit.kind,
    status: hit.status,
    startTime: jsonMs(hit.start),
    durationMs: durationMs(hit.start, hit.end),
    where: orNull(hit.where),
    snippet: hit.where ? hit.snippet : null,
    matches: hit.matches,
  }));
}

const placeWords: Readonly<Record<SearchPlace, string>> = {
  name: 'name',
  error: 'error',
  prompt: 'prompt',
  response: 'response',
  toolInput: 'tool input',
  toolResult: 'tool result',
  metadata: 'metadata',
  run: 'run',
};

const columns: readonly Column[] = [
  { title: 'RUN', shrinksTo: 12 },
  { title: 'STARTED' },
  { title: 'SPAN', shrinksTo: 12 },
  { title: 'IN' },
  { title: 'ID' },
  { title: 'TEXT', shrinksTo: 12 },
];

export async function showHits(
  session: Session,
  text: string,
  limit: number | undefined,
  terminal: Terminal,
): Promise<string> {
  const hits = await hitsOf(session, text, limit);
  if (hits.length === 0) return `Nothing in ${session.name} matches.\n`;
  const idOf = shortIds(
    hits.map(hit => hit.spanId),
    terminal.columns,
  );
  const rows = hits.map(hit => [
    { text: named(hit.run.name), style: 'bold' as const },
    { text: formatAge(hit.run.start, session.clock.now, englishWords, terminal.zone) },
    { text: spanWords(hit) },
    { text: hit.where ? placeWords[hit.where] : '–', style: 'dim' as const },
    { text: idOf(hit.spanId), style: 'dim' as const },
    { text: named(hit.where ? hit.snippet : '–') },
  ]);
  return table(terminal, columns, rows);
}

function spanWords(hit: SearchHit): string {
  const tool = toolBeside(hit);
  return tool ? `${named(hit.name)} ${named(tool)}` : named(hit.name);
}

async function hitsOf(
  { reader, file, clock }: Session,
  text: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly SearchHit[]> {
  const hits: SearchHit[] = [];
  let from: SearchCursor | undefined;
  do {
    const most = Math.min(200, limit - hits.length);
    const page = await reader.search(file, { text, clock, from, most });
    hits.push(...page.hits);
    from = page.next;
  } while (from && hits.length < limit);
  return hits;
}

/** A query that is none is bad usage; it is refused before the file is opened. */
export function checkQuery(text: string): void {
  const { problem } = parseQuery(text);
  if (!problem) return;
  const place =
    problem.length > 1 ? `${problem.at + 1}-${problem.at + problem.length}` : problem.at + 1;
  throw new CommanderError(
    2,
    'agent-traces.query',
    `query, ${place}: ${problemWords(problem, englishWords)}`,
  );
}
