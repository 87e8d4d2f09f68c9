import { toolUses } from '../core/blocks.ts';
import { readMetadata } from '../core/metadata.ts';
import type { SpanId } from '../core/model.ts';
import type { Node } from '../core/tree.ts';
import type { RowId, SpanSource } from './dialect.ts';
import { type RunView, stored } from './runView.ts';

/** The `tool_use` id that a span recorded. */
export function recordedToolUseId(source: SpanSource, row: RowId): string | undefined {
  return readMetadata(source.metadata(row)).toolUseId;
}

/**
 * The LLM span of a run whose answer holds a `tool_use` id: of several, the latest that ended at or before
 * a span's start, else the latest that started.
 *
 * That its metadata holds the id is not enough: every later request repeats it in its history.
 */
export function answeringSpan(view: RunView, node: Node, useId: string): SpanId | undefined {
  const before = node.span.start ?? Number.POSITIVE_INFINITY;
  const ended = (one: Node): boolean => (one.span.end ?? Number.POSITIVE_INFINITY) <= before;
  const candidates = view.tree.ordered.filter(one => one !== node);
  const inTime = candidates.filter(ended).sort((a, b) => (b.span.end ?? 0) - (a.span.end ?? 0));
  const others = candidates
    .filter(one => !ended(one))
    .sort((a, b) => (b.span.start ?? 0) - (a.span.start ?? 0));
  for (const one of [...inTime, ...others]) {
    const { row } = stored(one.span);
    if (!view.source.mentions(row, useId) || one.span.kind !== 'llm') continue;
    const { response } = readMetadata(view.source.metadata(row));
    if (toolUses(response).some(use => use.id === useId)) return one.span.spanId;
  }
  return undefined;
}
