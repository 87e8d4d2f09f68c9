import type { FailurePlace } from '../protocol/reader.ts';
import type { RunEntry } from './runIndex.ts';
import type { OpenFile } from './traceFile.ts';

/** The next place in a file where a failure began: runs newest first, each in tree order, around. */
export async function nextFailure(
  file: OpenFile,
  from: { readonly runId: string; readonly spanId: string | undefined } | undefined,
  direction: 'next' | 'previous',
): Promise<FailurePlace | undefined> {
  const { entries, byId } = await file.index();
  const forward = direction === 'next';
  const start = from && byId.get(from.runId);
  if (from && start && start.failures > 0) {
    const own = await inRun(file, start, from.spanId, forward);
    if (own) return { ...own, wrapped: false };
  }
  // One more than there are runs: around, back in its own run, there is what lies on its other side.
  const begin = start ? entries.indexOf(start) : forward ? -1 : entries.length;
  for (let step = 1; step <= entries.length; step++) {
    const at = begin + (forward ? step : -step);
    const entry = entries[(at + 2 * entries.length) % entries.length];
    if (!entry || entry.failures === 0) continue;
    const found = await inRun(file, entry, undefined, forward);
    return found && { ...found, wrapped: at < 0 || at >= entries.length };
  }
  return undefined;
}

/** A run's next failure after a span, or its first; undefined where the run has no other. */
async function inRun(
  file: OpenFile,
  entry: RunEntry,
  spanId: string | undefined,
  forward: boolean,
): Promise<Omit<FailurePlace, 'wrapped'> | undefined> {
  const view = await file.view(entry.runId);
  const at = spanId === undefined ? undefined : view.tree.nodes.get(spanId)?.order;
  const ordered = forward ? view.failures : [...view.failures].reverse();
  const found = ordered.find(
    node => at === undefined || (forward ? node.order > at : node.order < at),
  );
  return found && { runId: entry.runId, spanId: found.span.spanId };
}
