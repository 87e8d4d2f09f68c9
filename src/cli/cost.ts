import { type CostKey, type CostRow, costKeyWord, modelRow } from '../core/costBy.ts';
import { formatCost, formatDuration, formatRunCost, integer, none } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { englishWords } from '../core/words.ts';
import { named } from './cells.ts';
import { jsonMs, jsonUsd } from './numbers.ts';
import type { Session } from './session.ts';
import { type Cell, type Column, table } from './table.ts';
import { complain, type Terminal } from './terminal.ts';
import { zoneOffset } from './zone.ts';

/**
 * Costs as `--json` prints them. Scripts depend on these names and their order. All rows add up to the
 * file's priced total; each says so where some were left out.
 */
export async function listCosts(
  session: Session,
  by: CostKey,
  limit: number | undefined,
  terminal: Terminal,
): Promise<unknown> {
  const { rows, leftOut } = await costsOf(session, by, limit, terminal);
  return rows.map(row => ({
    key: row.key,
    calls: row.calls,
    errors: row.errors,
    ownCostUsd: jsonUsd(row.ownCostUsd),
    attributedCostUsd: jsonUsd(row.attributedCostUsd),
    p50Ms: jsonMs(row.p50Ms),
    p95Ms: jsonMs(row.p95Ms),
    p99Ms: jsonMs(row.p99Ms),
    unpricedCalls: row.unpricedCalls,
    ...(leftOut > 0 && { partial: true }),
  }));
}

const titles: Readonly<Record<CostKey, string>> = {
  tool: 'TOOL',
  model: 'MODEL',
  name: 'RUN',
  day: 'DAY',
};

export async function showCosts(
  session: Session,
  by: CostKey,
  limit: number | undefined,
  terminal: Terminal,
): Promise<string> {
  const { rows, all } = await costsOf(session, by, limit, terminal);
  if (rows.length === 0)
    return `${session.name} has no ${by === 'model' ? 'calls' : 'runs'} yet.\n`;
  const ofTools = by === 'tool';
  const columns: readonly Column[] = [
    { title: titles[by], shrinksTo: 12 },
    { title: by === 'name' || by === 'day' ? 'RUNS' : 'CALLS', right: true },
    { title: 'FAILED', right: true },
    { title: 'COST', right: true },
    ...(ofTools ? [{ title: 'OWN', right: true }] : []),
    { title: 'P50', right: true },
    { title: 'P95', right: true },
    { title: 'P99', right: true },
    ...(ofTools ? [{ title: 'RESULT', right: true }] : []),
  ];
  const body = rows.map(row => [
    { text: keyWords(row.key, by), style: 'bold' as const },
    { text: integer(row.calls) },
    row.errors > 0 ? { text: integer(row.errors), style: 'red' as const } : nothing,
    // Where no result was recorded, that a tool cost nothing is not known.
    ofTools && row.attributedCostUsd === 0 && !row.resultChars && row.key !== modelRow
      ? nothing
      : costCell(row),
    ...(ofTools ? [row.ownCostUsd > 0 ? { text: formatCost(row.ownCostUsd) } : nothing] : []),
    duration(row.p50Ms),
    duration(row.p95Ms),
    duration(row.p99Ms),
    ...(ofTools ? [row.resultChars ? { text: integer(row.resultChars.p50) } : nothing] : []),
  ]);
  const total = `Total ${costCell(sumOf(all)).text}.`;
  return `${table(terminal, columns, body)}\n${[total, ...(ofTools ? legend : [])].join('\n')}\n`;
}

const legend = [
  'COST: recorded on the tool and below it (OWN), and what its results cost as input of the next call.',
  `${modelRow}: what no tool explains. RESULT: the median length in characters.`,
];

const nothing: Cell = { text: none, style: 'dim' };

const duration = (ms: Ms | undefined): Cell =>
  ms === undefined ? nothing : { text: formatDuration(ms) };

function costCell(row: Pick<CostRow, 'attributedCostUsd' | 'unpricedCalls'>): Cell {
  const { attributedCostUsd: pricedCost, unpricedCalls } = row;
  const cost = unpricedCalls > 0 ? undefined : pricedCost;
  const text = formatRunCost({ cost, pricedCost, unpricedCalls }, englishWords);
  return { text, style: cost === undefined ? 'yellow' : undefined };
}

function sumOf(rows: readonly CostRow[]): Pick<CostRow, 'attributedCostUsd' | 'unpricedCalls'> {
  return {
    attributedCostUsd: rows.reduce((sum, row) => sum + row.attributedCostUsd, 0),
    unpricedCalls: rows.reduce((sum, row) => sum + row.unpricedCalls, 0),
  };
}

const keyWords = (key: string, by: CostKey): string =>
  costKeyWord(key, by, englishWords) ?? named(key);

async function costsOf(
  { reader, file, clock, name }: Session,
  by: CostKey,
  limit: number | undefined,
  terminal: Terminal,
): Promise<{
  readonly rows: readonly CostRow[];
  readonly all: readonly CostRow[];
  readonly leftOut: number;
}> {
  const request = { filter: 'all', by, zone: zoneOffset(clock.now, terminal.zone), clock } as const;
  let page = await reader.costs(file, request);
  while (page.partial) page = await reader.costs(file, request);
  // Days are read as a calendar, newest first; everything else by what it cost.
  const all = by === 'day' ? [...page.rows].sort((a, b) => (a.key < b.key ? 1 : -1)) : page.rows;
  const rows = all.slice(0, limit);
  const leftOut = all.length - rows.length;
  if (leftOut > 0) {
    complain(terminal, `partial: ${rows.length} of ${all.length} rows of ${name} are shown.`);
  }
  return { rows, all, leftOut };
}
