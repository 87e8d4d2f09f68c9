import { sumCost } from './cost.ts';
import { firstDifference, type StructuralDifference } from './firstDifference.ts';
import type { Ms, RunSummary, Span, SpanKind, UnixMs, Usage, Usd } from './model.ts';
import { runDuration } from './runQuery.ts';
import type { RunTree } from './tree.ts';
import { addUsage, totalTokens } from './usage.ts';

/** What a run, or its spans of one name, took. */
export interface Figures {
  readonly spans: number;
  readonly failed: number;
  /** Undefined where no span has both a start and an end. */
  readonly duration: Ms | undefined;
  /** Undefined as soon as one call is unpriced; `pricedCost` is the sum of the others. */
  readonly cost: Usd | undefined;
  readonly pricedCost: Usd;
  readonly unpricedCalls: number;
  readonly usage: Usage;
}

export interface ComparedFigures extends Figures {
  readonly llmCalls: number;
  readonly toolCalls: number;
}

/** The spans of one name on both sides; undefined where a run has none. */
export interface NameRow {
  readonly name: string;
  readonly kind: SpanKind;
  readonly a: Figures | undefined;
  readonly b: Figures | undefined;
}

export interface ComparedRun {
  readonly run: RunSummary;
  readonly figures: ComparedFigures;
}

/** Two runs in figures. Bounded, however large the runs are. */
export interface RunComparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  /** Those that took longest first. */
  readonly names: readonly NameRow[];
  /** How many names there are, also where not all are in `names`. */
  readonly namesTotal: number;
  readonly difference: StructuralDifference | undefined;
}

/** More rows than a person looks through. */
const mostNames = 500;

export interface RunToCompare {
  readonly run: RunSummary;
  readonly tree: RunTree;
}

/** Two runs side by side: the same question both ways round gives the same answer, mirrored. */
export function compareRuns(a: RunToCompare, b: RunToCompare, now: UnixMs): RunComparison {
  const names = byName(a.tree, b.tree);
  return {
    a: { run: a.run, figures: figuresOfRun(a, now) },
    b: { run: b.run, figures: figuresOfRun(b, now) },
    names: names.slice(0, mostNames),
    namesTotal: names.length,
    difference: firstDifference(a.tree, b.tree),
  };
}

/** The name that tells spans apart: tracers give all tool spans one name, and the tool beside it. */
export const comparedName = (span: Pick<Span, 'kind' | 'name' | 'toolName'>): string =>
  span.kind === 'tool' && span.toolName ? span.toolName : span.name;

function figuresOfRun({ run, tree }: RunToCompare, now: UnixMs): ComparedFigures {
  const count = (kind: SpanKind): number =>
    tree.ordered.reduce((sum, { span }) => sum + (span.kind === kind ? 1 : 0), 0);
  return {
    spans: run.spans,
    failed: run.failedSpans,
    duration: runDuration(run, now),
    cost: run.cost,
    pricedCost: run.pricedCost,
    unpricedCalls: run.unpricedCalls,
    usage: run.usage,
    llmCalls: count('llm'),
    toolCalls: count('tool'),
  };
}

function byName(a: RunTree, b: RunTree): NameRow[] {
  const rows = new Map<string, { name: string; kind: SpanKind; a: Span[]; b: Span[] }>();
  for (const [side, tree] of [['a', a] as const, ['b', b] as const]) {
    for (const { span } of tree.ordered) {
      const name = comparedName(span);
      const key = `${span.kind} ${name}`;
      const row = rows.get(key) ?? { name, kind: span.kind, a: [], b: [] };
      row[side].push(span);
      rows.set(key, row);
    }
  }
  return [...rows.values()]
    .map(row => ({ ...row, a: figuresOf(row.a), b: figuresOf(row.b) }))
    .sort((x, y) => longest(y) - longest(x) || order(x.name, y.name) || order(x.kind, y.kind));
}

const longest = ({ a, b }: NameRow): number => Math.max(a?.duration ?? 0, b?.duration ?? 0);
const order = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

function figuresOf(spans: readonly Span[]): Figures | undefined {
  if (spans.length === 0) return undefined;
  return {
    spans: spans.length,
    failed: spans.filter(span => span.status === 'error').length,
    duration: spans.reduce<Ms | undefined>((sum, { start, end }) => {
      return start === undefined || end === undefined ? sum : (sum ?? 0) + (end - start);
    }, undefined),
    ...sumCost(spans),
    usage: addUsage(spans.map(span => span.usage)),
  };
}

/** How much more the second side has; undefined where either is not known. */
export function differenceOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : b - a;
}

/** What names are compared by. A side without such a span took nothing, which is known. */
export const nameMeasures = {
  spans: side => side?.spans ?? 0,
  duration: side => (side ? side.duration : 0),
  tokens: side => (side ? totalTokens(side.usage) : 0),
  cost: side => (side ? side.cost : 0),
} as const satisfies Record<string, (side: Figures | undefined) => number | undefined>;
export type NameMeasure = keyof typeof nameMeasures;

/** The rows by how much a measure differs, largest first; those that cannot be compared come last. */
export function sortedNames(
  rows: readonly NameRow[],
  by: NameMeasure | 'name',
  ascending: boolean,
): readonly NameRow[] {
  const sign = ascending ? 1 : -1;
  if (by === 'name') return [...rows].sort((x, y) => sign * order(x.name, y.name));
  const measure = nameMeasures[by];
  const known = rows.map(row => ({ row, by: differenceOf(measure(row.a), measure(row.b)) }));
  return known
    .sort((x, y) => {
      if (x.by === undefined || y.by === undefined) {
        return Number(x.by === undefined) - Number(y.by === undefined);
      }
      return sign * (x.by - y.by);
    })
    .map(({ row }) => row);
}
