import { toolUses } from '../core/blocks.ts';
import { readMetadata } from '../core/metadata.ts';
import type { SpanId } from '../core/model.ts';
import type { Node } from '../core/tree.ts';
import type { RowId, SpanSource } from './dialect.ts';
import { type RunView, stored } from './runView.ts';

// The answers of a run may be gigabytes. The one that asked is among the last ones before a span, or
// around it; branches in parallel put others in between.
const askedCalls = 500;

/** The `tool_use` id that a span recorded. */
export function recordedToolUseId(source: SpanSource, row: RowId): string | undefined {
  return readMetadata(source.metadata(row)).toolUseId;
}

/**
 * The LLM span of a run whose answer holds a `tool_use` id: of several, the latest that ended at or before
 * a span's start, else the latest that started. Only the nearest 500 on each side are asked.
 *
 * That its metadata holds the id is not enough: every later request repeats it in its history.
 */
export function answeringSpan(view: RunView, node: Node, useId: string): SpanId | undefined {
  const calls = view.callsByEnd;
  const ended = endedBy(calls, node.span.start ?? Number.POSITIVE_INFINITY);
  const before = calls.slice(Math.max(0, ended - askedCalls), ended).reverse();
  const after = calls
    .slice(ended, ended + askedCalls)
    .sort((a, b) => (b.span.start ?? 0) - (a.span.start ?? 0));
  for (const one of [...before, ...after]) {
    const { row } = stored(one.span);
    if (one === node || !view.source.mentions(row, useId)) continue;
    const { response } = readMetadata(view.source.metadata(row));
    if (toolUses(response).some(use => use.id === useId)) return one.span.spanId;
  }
  return undefined;
}

/** How many calls, which are sorted by end, ended at or before a time. */
function endedBy(calls: readonly Node[], time: number): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.span.end ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
