import { type CostRow, otherRow } from './costBy.ts';
import type { CostPart } from './costPart.ts';
import { Quantiles } from './quantiles.ts';

/** Beyond, what has another key is in one row: a name may hold an id, and then each is another one. */
export const mostRows = 1000;

interface Sum {
  calls: number;
  errors: number;
  own: number;
  attributed: number;
  unpriced: number;
  readonly durations: Quantiles;
  readonly resultChars: Quantiles;
}

/** Costs of many runs, added one after another in bounded room. */
export class CostSums {
  private readonly sums = new Map<string, Sum>();

  add(part: CostPart): void {
    const sum = this.of(part.key);
    sum.calls += part.calls;
    sum.errors += part.errors;
    sum.own += part.own;
    sum.attributed += part.attributed;
    sum.unpriced += part.unpriced;
    for (const duration of part.durations) sum.durations.add(duration);
    for (const chars of part.resultChars) sum.resultChars.add(chars);
  }

  /** The dearest first. */
  get rows(): readonly CostRow[] {
    return [...this.sums]
      .map(([key, sum]) => rowOf(key, sum))
      .sort(
        (a, b) =>
          b.attributedCostUsd - a.attributedCostUsd ||
          b.calls - a.calls ||
          (a.key < b.key ? -1 : 1),
      );
  }

  private of(key: string): Sum {
    const known = this.sums.get(key);
    if (known) return known;
    if (this.sums.size >= mostRows && key !== otherRow) return this.of(otherRow);
    const none = { calls: 0, errors: 0, own: 0, attributed: 0, unpriced: 0 };
    const sum = { ...none, durations: new Quantiles(), resultChars: new Quantiles() };
    this.sums.set(key, sum);
    return sum;
  }
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
