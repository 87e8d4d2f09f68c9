import type { CostPart } from '../core/costPart.ts';

/** What is kept of a run's costs, packed: as objects, those of 100,000 runs would take hundreds of megabytes. */
export interface KeptCosts {
  readonly keys: readonly string[];
  /** Of each key five sums, then its durations and its results' lengths, each list after its length. */
  readonly numbers: Float64Array;
}

export function keepCosts(parts: readonly CostPart[]): KeptCosts {
  const numbers = parts.flatMap(part => [
    part.calls,
    part.errors,
    part.own,
    part.attributed,
    part.unpriced,
    part.durations.length,
    ...part.durations,
    part.resultChars.length,
    ...part.resultChars,
  ]);
  return { keys: parts.map(part => shared(part.key)), numbers: Float64Array.from(numbers) };
}

export function* keptParts({ keys, numbers }: KeptCosts): Generator<CostPart> {
  let at = 0;
  const next = (): number => numbers[at++] ?? 0;
  const list = (): number[] => {
    const length = next();
    at += length;
    return [...numbers.subarray(at - length, at)];
  };
  for (const key of keys) {
    const [calls, errors, own, attributed, unpriced] = [next(), next(), next(), next(), next()];
    yield {
      key,
      calls,
      errors,
      own,
      attributed,
      unpriced,
      durations: list(),
      resultChars: list(),
    };
  }
}

const names = new Map<string, string>();
const mostShared = 2000;

/** Each run has names of its own, which are mostly the same: one copy does for all. */
function shared(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= mostShared) names.clear();
  names.set(name, name);
  return name;
}
