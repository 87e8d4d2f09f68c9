import type { RunSummary } from '../../../src/core/model.ts';

/** A run that ended ok after a second, with what a test cares about put in its place. */
export function runOf(runId: string, part: Partial<RunSummary> = {}): RunSummary {
  const start = 'start' in part ? part.start : 0;
  const pricedCost = part.pricedCost ?? part.cost ?? 0;
  return {
    runId,
    name: 'agent',
    rootSpanId: `${runId}-root`,
    status: 'ok',
    judgement: undefined,
    start,
    end: start === undefined ? undefined : start + 1000,
    lastActivity: start,
    spans: 1,
    failedSpans: 0,
    cost: pricedCost,
    pricedCost,
    unpricedCalls: 0,
    usage: {},
    error: undefined,
    failingSpanId: undefined,
    ...part,
  };
}

/** Numbers from 0 to 1 that are the same each time. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Many different runs, newest first. */
export function manyRuns(count: number, seed = 1): RunSummary[] {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const start = 1.79e12 - i * 60_000;
    const kind = next();
    const cost = next() < 0.1 ? undefined : Math.floor(next() * 50) / 100;
    return runOf(`run-${i}`, {
      name: `agent_${Math.floor(next() * 20)}`,
      start,
      end: kind < 0.05 ? undefined : start + Math.floor(next() * 90_000),
      lastActivity: start,
      status: kind < 0.05 ? 'running' : kind < 0.15 ? 'error' : 'ok',
      spans: 1 + Math.floor(next() * 30),
      cost,
      pricedCost: cost ?? 0.01,
      unpricedCalls: cost === undefined ? 1 : 0,
      usage: next() < 0.2 ? {} : { input: Math.floor(next() * 1000), cacheRead: 10, output: 5 },
      error: kind >= 0.05 && kind < 0.15 ? 'Entry does not balance' : undefined,
      sessionId: next() < 0.5 ? `s${Math.floor(next() * 40)}` : undefined,
    });
  });
}
