import { causeOf } from './causality.ts';
import type { Span, SpanId, SpanKind } from './model.ts';
import { ancestors, type Node, type RunTree } from './tree.ts';

/** A span as one side of a comparison names it. */
export interface SpanSeen {
  readonly spanId: SpanId;
  readonly name: string;
  readonly kind: SpanKind;
  readonly toolName: string | undefined;
  readonly failed: boolean;
}

/** Where two runs part: the first place, in the order in which a person reads the tree. */
export interface StructuralDifference {
  /** From the root down to the span below which they part; the same on both sides. */
  readonly path: readonly string[];
  /** That span, on each side; undefined where the roots themselves differ. */
  readonly parent: Pair<SpanId> | undefined;
  /** Which child it is, counted from 1. */
  readonly position: number;
  /** What each side has there; undefined where it has no such span. */
  readonly a: SpanSeen | undefined;
  readonly b: SpanSeen | undefined;
  /** The LLM calls that led there, where both sides have one. */
  readonly calls: Pair<SpanId> | undefined;
}

export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

/** At most this much of a deep path is named: its beginning and its end. */
const mostSteps = 12;

/**
 * The first place at which two trees differ in kind, name, tool or failing. A span that failed with what is
 * inside it counts only where nothing else differs: else a failed run would part from an ok one at its root.
 */
export function firstDifference(a: RunTree, b: RunTree): StructuralDifference | undefined {
  return parting(a, b, beganIn(a), beganIn(b)) ?? parting(a, b, failedNode, failedNode);
}

type Test = (node: Node) => boolean;
const failedNode: Test = node => failed(node.span);

/** Failed, with nothing failed below. */
function beganIn({ ordered }: RunTree): Test {
  const above = new Set<Node>();
  for (let i = ordered.length - 1; i >= 0; i--) {
    const node = ordered[i];
    if (node?.parent && (failed(node.span) || above.has(node))) above.add(node.parent);
  }
  return node => failed(node.span) && !above.has(node);
}

/** Both are walked once: up to where they part they are equal, so that equal depth means the same parent. */
function parting(
  a: RunTree,
  b: RunTree,
  failedA: Test,
  failedB: Test,
): StructuralDifference | undefined {
  const [x, y] = [a.ordered, b.ordered];
  let at = 0;
  for (; at < x.length && at < y.length; at++) {
    const [one, other] = [x[at], y[at]];
    if (!one || !other || !alike(one, other) || failedA(one) !== failedB(other)) break;
  }
  const depth = (node: Node | undefined): number => node?.depth ?? -1;
  const deepest = Math.max(depth(x[at]), depth(y[at]));
  if (deepest < 0) return undefined;
  // The side that is less deep has gone on elsewhere: at this place it has nothing.
  const [left, right] = [x[at], y[at]].map(node => (depth(node) === deepest ? node : undefined));
  const here = left ?? right;
  const parent = here?.parent;
  return {
    path: here ? pathOf(here) : [],
    parent: parent && pairAt(a, b, parent.order),
    position: here && parent ? parent.children.indexOf(here) + 1 : 1,
    a: left && seen(left.span),
    b: right && seen(right.span),
    calls: callsOf(a, b, left, right),
  };
}

function alike(one: Node, other: Node): boolean {
  const [x, y] = [one.span, other.span];
  return (
    one.depth === other.depth &&
    x.name === y.name &&
    x.kind === y.kind &&
    (x.toolName ?? '') === (y.toolName ?? '')
  );
}

const failed = (span: Span): boolean => span.status === 'error';

const seen = (span: Span): SpanSeen => ({
  spanId: span.spanId,
  name: span.name,
  kind: span.kind,
  toolName: span.toolName,
  failed: failed(span),
});

function pathOf(node: Node): string[] {
  const names = [...ancestors(node)].map(one => one.span.name).reverse();
  if (names.length <= mostSteps) return names;
  return [...names.slice(0, 2), '…', ...names.slice(3 - mostSteps)];
}

const pairAt = (a: RunTree, b: RunTree, order: number): Pair<SpanId> | undefined => {
  const [x, y] = [a.ordered[order], b.ordered[order]];
  return x && y && { a: x.span.spanId, b: y.span.spanId };
};

/** A side without the span has, in the part that is equal, the counterpart of the other side's call. */
function callsOf(
  a: RunTree,
  b: RunTree,
  left: Node | undefined,
  right: Node | undefined,
): Pair<SpanId> | undefined {
  const own = (tree: RunTree, node: Node | undefined): Node | undefined => {
    if (!node || node.span.kind === 'llm') return node;
    const cause = causeOf(node);
    // A call inside the span comes after it: it did not lead there.
    return cause && cause.rule !== 'descendant' ? tree.nodes.get(cause.spanId) : undefined;
  };
  const [x, y] = [own(a, left), own(b, right)];
  const first = x ?? (left ? undefined : counterpart(a, y));
  const second = y ?? (right ? undefined : counterpart(b, x));
  return first && second && { a: first.span.spanId, b: second.span.spanId };
}

function counterpart(tree: RunTree, node: Node | undefined): Node | undefined {
  const found = node && tree.ordered[node.order];
  return found?.span.kind === 'llm' ? found : undefined;
}
