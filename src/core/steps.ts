/**
 * Long work in small pieces: between two of them, whoever runs it may let others have the thread. Of a run of
 * a million spans, each walk takes longer than anybody should wait for an answer.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** So many spans are worked on between two steps, where each is little work. */
export const stepSize = 4096;

/** All of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What `sort` makes of a list, equal ones in their order. The list itself may be another one afterwards. */
export function* sortSteps<T>(items: T[], compare: (a: T, b: T) => number): Steps<T[]> {
  if (items.length <= stepSize) return items.sort(compare);
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += stepSize) {
    parts.push(items.slice(at, at + stepSize).sort(compare));
    yield;
  }
  for (let sorted = parts; ; ) {
    const [first] = sorted;
    if (first && sorted.length === 1) return first;
    const merged: T[][] = [];
    for (let at = 0; at < sorted.length; at += 2) {
      merged.push(yield* mergeSteps(sorted[at] ?? [], sorted[at + 1] ?? [], compare));
    }
    sorted = merged;
  }
}

function* mergeSteps<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
): Steps<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] as T, b[j] as T];
    if (compare(left, right) <= 0) {
      merged.push(left);
      i++;
    } else {
      merged.push(right);
      j++;
    }
    if (merged.length % stepSize === 0) yield;
  }
  for (; i < a.length; i++) merged.push(a[i] as T);
  for (; j < b.length; j++) merged.push(b[j] as T);
  return merged;
}
