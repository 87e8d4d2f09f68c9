import { causeOf } from '../core/causality.ts';
import type { Conversation } from '../core/content.ts';
import { readMetadata } from '../core/metadata.ts';
import { firstNew, type Shared, type Since, sharedPart } from '../core/since.ts';
import type { Node } from '../core/tree.ts';
import { inputTokens } from '../core/usage.ts';
import { type RunView, stored } from './runView.ts';

// Earlier calls whose requests are read to find the one that this call went on from, and how much of them.
const byBranch = 2;
const byTime = 3;
const charLimit = 32_000_000;

/** What a call's prompt adds to that of the earlier call it went on from; undefined where there is none. */
export function sinceEarlier(
  view: RunView,
  node: Node,
  request: unknown,
  prompt: Conversation | undefined,
): { readonly since: Since; readonly known: number } | undefined {
  if (node.span.kind !== 'llm' || !prompt) return undefined;
  const found = earlier(view, node, request);
  if (!found) return undefined;
  const { from: call, shared } = found;
  const index = view.callOf(call)?.index;
  const since = {
    call: index === undefined ? undefined : index + 1,
    spanId: call.span.spanId,
    from: firstNew(request, shared, prompt),
    changed: shared.changed,
    tokens: addedTokens(call, node, shared),
  };
  return { since, known: shared.messages };
}

/** The call with which a prompt shares the most; the nearest of its branch before any other. */
function earlier(
  view: RunView,
  node: Node,
  request: unknown,
): { readonly from: Node; readonly shared: Shared } | undefined {
  let best: { from: Node; shared: Shared } | undefined;
  let chars = 0;
  for (const from of candidates(view, node)) {
    const recorded = view.source.metadata(stored(from.span).row);
    chars += recorded?.length ?? 0;
    if (chars > charLimit) break;
    const { request: before, input } = readMetadata(recorded);
    const shared = sharedPart(before ?? input, request);
    // Another conversation begins with another message.
    if (!shared || shared.messages === 0) continue;
    if (shared.messages > (best?.shared.messages ?? 0)) best = { from, shared };
    if (shared.whole) break;
  }
  return best;
}

function candidates(view: RunView, node: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (let at = node; found.size < byBranch; ) {
    const before = causeOf(at);
    const call = before?.rule === 'preceding' ? view.tree.nodes.get(before.spanId) : undefined;
    if (!call || found.has(call)) break;
    found.add(call);
    at = call;
  }
  // Where each call stands in a step of its own, the branch does not lead from one to the other.
  const start = node.span.start ?? Number.NEGATIVE_INFINITY;
  const ended = view.callsByEnd.filter(
    one => one !== node && one.span.end !== undefined && one.span.end <= start,
  );
  for (const call of ended.slice(-byTime).reverse()) found.add(call);
  return found;
}

/** Derived only where everything before the new part is the same to the model. */
function addedTokens(before: Node, now: Node, shared: Shared): number | undefined {
  const [old, all] = [inputTokens(before.span.usage), inputTokens(now.span.usage)];
  const same = shared.whole && shared.changed.length === 0 && before.span.model === now.span.model;
  return same && old !== undefined && all !== undefined && all > old ? all - old : undefined;
}
