import type { Ms, Span, Usd } from './model.ts';

/** What one run adds to a row of costs. */
export interface CostPart {
  readonly key: string;
  calls: number;
  errors: number;
  own: Usd;
  attributed: Usd;
  unpriced: number;
  readonly durations: Ms[];
  readonly resultChars: number[];
}

/** The parts of one run by their keys. */
export class PartsByKey {
  private readonly byKey = new Map<string, CostPart>();

  of(key: string): CostPart {
    let part = this.byKey.get(key);
    if (!part) {
      const none = { calls: 0, errors: 0, own: 0, attributed: 0, unpriced: 0 };
      part = { key, ...none, durations: [], resultChars: [] };
      this.byKey.set(key, part);
    }
    return part;
  }

  get all(): readonly CostPart[] {
    return [...this.byKey.values()];
  }
}

/** What the span cost itself. */
export function addCost(part: CostPart, { cost, costSource }: Span): void {
  if (costSource === 'unpriced') part.unpriced++;
  part.own += cost ?? 0;
  part.attributed += cost ?? 0;
}

export function addCall(part: CostPart, { status, start, end }: Span): void {
  part.calls++;
  if (status === 'error') part.errors++;
  addDuration(part, start, end);
}

export function addDuration(part: CostPart, start: Ms | undefined, end: Ms | undefined): void {
  const duration = (end ?? Number.NaN) - (start ?? Number.NaN);
  if (duration >= 0 && Number.isFinite(duration)) part.durations.push(duration);
}
