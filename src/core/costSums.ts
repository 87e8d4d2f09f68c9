import { type CostRow, modelRow, otherRow } from './costBy.ts';
import type { CostPart } from './costPart.ts';
import { Quantiles } from './quantiles.ts';

/** Beyond, the cheapest keys are one row: a name may hold an id, and then each is another one. */
export const mostRows = 1000;
// Kept before the cheapest ones are put together: a key that comes often has time to become dear.
const mostKept = 4 * mostRows;

interface Sum {
  calls: number;
  errors: number;
  own: number;
  attributed: number;
  unpriced: number;
  readonly durations: Quantiles;
  readonly resultChars: Quantiles;
}

/**
 * Costs of many runs, added one after another in bounded room. Of more than `mostKept` keys, a row may lack
 * what was added before its key was among the dearest; it is in `otherRow`.
 */
export class CostSums {
  private sums = new Map<string, Sum>();

  add(part: CostPart): void {
    let sum = this.sums.get(part.key);
    if (!sum) {
      if (this.sums.size >= mostKept) this.sums = new Map(dearest(this.sums));
      sum = noSum();
      this.sums.set(part.key, sum);
    }
    addTo(sum, part);
    for (const duration of part.durations) sum.durations.add(duration);
    for (const chars of part.resultChars) sum.resultChars.add(chars);
  }

  /** The dearest first. */
  get rows(): readonly CostRow[] {
    const kept = this.sums.size > mostRows + always.length ? dearest(this.sums) : [...this.sums];
    return kept.sort(dearestFirst).map(([key, sum]) => rowOf(key, sum));
  }
}

type Keyed = readonly [key: string, sum: Sum];

const always = [modelRow, otherRow];

const noSum = (): Sum => ({
  ...{ calls: 0, errors: 0, own: 0, attributed: 0, unpriced: 0 },
  ...{ durations: new Quantiles(), resultChars: new Quantiles() },
});

function addTo(sum: Sum, part: Omit<Sum, 'durations' | 'resultChars'>): void {
  sum.calls += part.calls;
  sum.errors += part.errors;
  sum.own += part.own;
  sum.attributed += part.attributed;
  sum.unpriced += part.unpriced;
}

const dearestFirst = ([a, one]: Keyed, [b, other]: Keyed): number =>
  other.attributed - one.attributed || other.calls - one.calls || (a < b ? -1 : 1);

/** The dearest ones, and all others together. */
function dearest(sums: ReadonlyMap<string, Sum>): Keyed[] {
  const sorted = [...sums].filter(([key]) => !always.includes(key)).sort(dearestFirst);
  const others = noSum();
  const before = sums.get(otherRow);
  for (const sum of [...(before ? [before] : []), ...sorted.slice(mostRows).map(one => one[1])]) {
    addTo(others, sum);
    others.durations.addAll(sum.durations);
    others.resultChars.addAll(sum.resultChars);
  }
  const model = sums.get(modelRow);
  const first: Keyed[] = model ? [[modelRow, model]] : [];
  return [...first, [otherRow, others], ...sorted.slice(0, mostRows)];
}

function rowOf(key: string, sum: Sum): CostRow {
  const [p50Ms, p95Ms, p99Ms] = sum.durations.at(50, 95, 99);
  const [p50] = sum.resultChars.at(50);
  const { most } = sum.resultChars;
  return {
    key,
    calls: sum.calls,
    errors: sum.errors,
    ownCostUsd: sum.own,
    attributedCostUsd: sum.attributed,
    unpricedCalls: sum.unpriced,
    p50Ms,
    p95Ms,
    p99Ms,
    resultChars: p50 === undefined || most === undefined ? undefined : { p50, max: most },
  };
}
