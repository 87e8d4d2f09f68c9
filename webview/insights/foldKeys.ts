import type { Insight } from '../../src/core/insights/insight.ts';

/** A name for the fold of each, also of those of one type at one span; it stays while more are found. */
export function foldKeys(insights: readonly Insight[]): readonly string[] {
  const seen = new Map<string, number>();
  return insights.map(({ type, spanIds }) => {
    const key = `insight ${type} ${spanIds[0]}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return nth === 1 ? key : `${key} ${nth}`;
  });
}
