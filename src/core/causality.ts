import type { Span, SpanId } from './model.ts';
import { passedOn, unrecoveredSpans } from './status.ts';
import { ancestors, type Node, type RunTree } from './tree.ts';

/**
 * How a cause was found. `tool-use-id`: the LLM's answer holds the very id that the span recorded, exact.
 * `ancestor`: the span ran inside the LLM span. `preceding`: the LLM span ended last before it on its branch.
 * `descendant`: nothing asked for the span, it failed by itself; the LLM span is the last one inside it.
 */
export type CauseRule = 'tool-use-id' | 'ancestor' | 'preceding' | 'descendant';

export interface Cause {
  readonly spanId: SpanId;
  readonly rule: CauseRule;
}

/**
 * The span at which a failed run failed: the deepest of its unrecovered failed spans, the latest of
 * several; the root where there is none. Where the root failed with the very error of some of them, one of
 * these, or of what failed below them: of branches side by side, only one ended the run.
 */
export function failingSpan(tree: RunTree): Node {
  const unrecovered = unrecoveredSpans(tree);
  const ended = new Set<Node>();
  for (const node of unrecovered) {
    const { parent } = node;
    if (!parent || (!ended.has(parent) && !passedOn(node, tree.root))) continue;
    ended.add(node);
  }
  let best: Node | undefined;
  for (const node of ended.size > 0 ? ended : unrecovered) {
    if (!best || node.depth > best.depth || (node.depth === best.depth && notBefore(node, best))) {
      best = node;
    }
  }
  return best ?? tree.root;
}

const notBefore = (a: Node, b: Node): boolean =>
  (a.span.start ?? Number.NEGATIVE_INFINITY) >= (b.span.start ?? Number.NEGATIVE_INFINITY);

/**
 * The LLM span whose answer asked for a span. Of a span that nothing asked for, such as a run that gave up,
 * the last LLM span inside it: its answer is what the span ended on. Undefined where there is neither.
 *
 * Time alone would be wrong: with branches in parallel, the latest call may belong to another branch.
 *
 * @param answeredBy the LLM span whose recorded answer holds the span's `tool_use` id, where both sides
 *   recorded it
 */
export function causeOf(node: Node, answeredBy?: SpanId): Cause | undefined {
  if (answeredBy !== undefined && answeredBy !== node.span.spanId) {
    return { spanId: answeredBy, rule: 'tool-use-id' };
  }
  for (const above of ancestors(node)) {
    if (isLlm(above.span)) return { spanId: above.span.spanId, rule: 'ancestor' };
  }
  // Of a parent, too, only what ended before that parent began: later calls ran beside it.
  for (let at: Node | undefined = node; at?.parent; at = at.parent) {
    const before = latestLlmBefore(at, at.parent);
    if (before) return { spanId: before.span.spanId, rule: 'preceding' };
  }
  const inside = isLlm(node.span) ? undefined : lastLlmInside(node);
  return inside && { spanId: inside.span.spanId, rule: 'descendant' };
}

function lastLlmInside(node: Node): Node | undefined {
  let last: Node | undefined;
  const below = [...node.children];
  for (let one = below.pop(); one; one = below.pop()) {
    if (answered(one.span) && (!last || startsAfter(one, last))) last = one;
    for (const child of one.children) below.push(child);
  }
  return last;
}

const startsAfter = (a: Node, b: Node): boolean => {
  const [x, y] = [
    a.span.start ?? Number.NEGATIVE_INFINITY,
    b.span.start ?? Number.NEGATIVE_INFINITY,
  ];
  return x > y || (x === y && a.order > b.order);
};

function latestLlmBefore(node: Node, parent: Node): Node | undefined {
  const limit = node.span.start;
  if (limit === undefined) return undefined;
  const calls = endedCalls(parent);
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.span.end ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0; i--) {
    const call = calls[i];
    // A call without duration may end at the start of a span that it comes after.
    if (call && call.order < node.order) return call;
  }
  return undefined;
}

const callsByParent = new WeakMap<Node, readonly Node[]>();

/** The LLM children that ended with an answer, by end. Kept: a parent of thousands is asked once for each failed child. */
function endedCalls(parent: Node): readonly Node[] {
  const known = callsByParent.get(parent);
  if (known) return known;
  const calls = parent.children
    .filter(node => answered(node.span) && node.span.end !== undefined)
    .sort((a, b) => (a.span.end ?? 0) - (b.span.end ?? 0) || a.order - b.order);
  callsByParent.set(parent, calls);
  return calls;
}

const isLlm = (span: Span): boolean => span.kind === 'llm';

/** A call that failed asked for nothing: what came after it goes back to the one before. */
const answered = (span: Span): boolean => isLlm(span) && span.status !== 'error';
