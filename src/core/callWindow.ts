import { contextWindow } from './contextWindows.ts';
import type { Span } from './model.ts';
import { inputTokens } from './usage.ts';

/** How many tokens the model of a run's calls takes; undefined where it is not known, or not the same of all. */
export function callWindow(spans: readonly Span[]): number | undefined {
  const peaks = new Map<string, number>();
  for (const { kind, model, usage } of spans) {
    const input = inputTokens(usage);
    if (kind !== 'llm' || input === undefined) continue;
    if (model === undefined) return undefined;
    peaks.set(model, Math.max(peaks.get(model) ?? 0, input + (usage.output ?? 0)));
  }
  const windows = new Set([...peaks].map(([model, peak]) => contextWindow(model, peak)));
  return windows.size === 1 ? [...windows][0] : undefined;
}
