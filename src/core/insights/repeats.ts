import { type Insight, severities } from './insight.ts';

/** Each tells of the same calls made over and over; the first of them says most about what went wrong. */
const order = (one: Insight): number =>
  one.type === 'retry-storm' ? 0 : one.type === 'loop' ? 1 : 2;

/** Loops and retries without those whose spans another one of them tells of: it is as serious as they were. */
export function withoutRepeats(found: readonly Insight[]): readonly Insight[] {
  const kept = found.filter(one => order(one) === 2);
  const told: { insight: Insight; readonly ids: ReadonlySet<string> }[] = [];
  const repeated = found
    .filter(one => order(one) < 2)
    .sort((a, b) => order(a) - order(b) || b.spanIds.length - a.spanIds.length);
  for (const insight of repeated) {
    const same = told.find(({ ids }) => insight.spanIds.every(id => ids.has(id)));
    if (!same) told.push({ insight, ids: new Set(insight.spanIds) });
    else if (severities.indexOf(insight.severity) > severities.indexOf(same.insight.severity)) {
      same.insight = { ...same.insight, severity: insight.severity };
    }
  }
  return [...kept, ...told.map(one => one.insight)];
}
