import { addCall, addCost, addDuration, type CostPart, PartsByKey } from './costPart.ts';
import type { Ms, RunSummary, UnixMs } from './model.ts';
import type { RunTree } from './tree.ts';

/** What a run cost by model; calls that name none are under ''. */
export function costByModel({ ordered }: RunTree): readonly CostPart[] {
  const parts = new PartsByKey();
  for (const { span, children } of ordered) {
    // A call that failed has neither tokens nor a cost; an agent that names its model has spans below it.
    const isCall = span.costSource !== 'none' || (span.model && children.length === 0);
    if (!isCall) continue;
    const part = parts.of(span.model ?? '');
    addCost(part, span);
    addCall(part, span);
  }
  return parts.all;
}

/**
 * What a whole run cost, under its name or its day. What has not ended yet has no duration.
 *
 * @param offsetAt what is added to UTC to get the local time at a moment
 */
export function costOfRun(
  run: RunSummary,
  by: 'name' | 'day',
  offsetAt: (at: UnixMs) => Ms,
): CostPart {
  const part = new PartsByKey().of(by === 'name' ? run.name : dayOf(run.start, offsetAt));
  part.calls = 1;
  part.errors = run.status === 'error' ? 1 : 0;
  part.own = run.pricedCost;
  part.attributed = run.pricedCost;
  part.unpriced = run.unpricedCalls;
  addDuration(part, run.start, run.end);
  return part;
}

/** The day as `2026-11-28`; '' where there is no start, or none that a calendar has. */
function dayOf(start: UnixMs | undefined, offsetAt: (at: UnixMs) => Ms): string {
  const date = new Date(start === undefined ? Number.NaN : start + offsetAt(start));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/T.*$/, '');
}
