import type { Span, SpanId } from './model.ts';
import { finish, type Steps, sortSteps, stepSize } from './steps.ts';

/**
 * What is wrong with a span's place. Such spans hang below the run's root, so that none is lost.
 * `orphan`: its parent is not in the file. `cycle`: it is its own ancestor. `second-root`: it has no
 * parent, but is not the run's root.
 */
export type Flaw = 'orphan' | 'cycle' | 'second-root';

/** A span in its place. Mutable only while the tree is being built. */
export interface Node {
  readonly span: Span;
  parent: Node | undefined;
  /** By start, then as recorded; spans without a start come last. */
  children: Node[];
  depth: number;
  flaw: Flaw | undefined;
  /** Position in the run's tree order; 0 is the root. */
  order: number;
}

export interface RunTree {
  readonly root: Node;
  readonly nodes: ReadonlyMap<SpanId, Node>;
  /** Depth first: the order in which a person reads the tree. */
  readonly ordered: readonly Node[];
}

const startOf = (node: Node): number => {
  const { start } = node.span;
  return start === undefined || Number.isNaN(start) ? Number.POSITIVE_INFINITY : start;
};
// Infinity - Infinity is NaN, hence the comparison; sort is stable, so equal starts keep their order.
const byStart = (a: Node, b: Node): number => {
  const [x, y] = [startOf(a), startOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

/**
 * The spans of one run as a tree with one root: the earliest span without a parent, else the earliest
 * whose parent is missing, else (all in cycles) the earliest. Never recursive: traces nest thousands deep.
 *
 * @param spans not empty, in the order of their rows
 */
export const buildTree = (spans: readonly Span[]): RunTree => finish(treeSteps(spans));

export function* treeSteps(spans: readonly Span[]): Steps<RunTree> {
  const nodes = new Map<SpanId, Node>();
  for (const span of spans) {
    nodes.set(span.spanId, {
      span,
      parent: undefined,
      children: [],
      depth: 0,
      flaw: undefined,
      order: 0,
    });
    if (nodes.size % stepSize === 0) yield;
  }
  const loose: Node[] = [];
  let walked = 0;
  for (const node of nodes.values()) {
    if (++walked % stepSize === 0) yield;
    const parentId = node.span.parentSpanId;
    const parent = parentId === undefined ? undefined : nodes.get(parentId);
    if (parent) node.parent = parent;
    else {
      node.flaw = parentId === undefined ? 'second-root' : 'orphan';
      loose.push(node);
    }
  }
  for (const node of yield* cutCycles(nodes)) loose.push(node);
  const root = pickRoot(loose);
  root.flaw = root.flaw === 'second-root' ? undefined : root.flaw;
  for (const node of nodes.values()) {
    if (++walked % stepSize === 0) yield;
    if (node === root) continue;
    node.parent ??= root;
    node.parent.children.push(node);
  }
  return { root, nodes, ordered: yield* inOrder(root) };
}

/** Takes the earliest span out of each ring of parents; the rest of the ring then hangs below it. */
function* cutCycles(nodes: ReadonlyMap<SpanId, Node>): Steps<Node[]> {
  const cut: Node[] = [];
  const settled = new Set<Node>();
  for (const start of nodes.values()) {
    const path = new Set<Node>();
    let at: Node | undefined = start;
    while (at && !settled.has(at) && !path.has(at)) {
      path.add(at);
      at = at.parent;
    }
    if (at && path.has(at)) {
      const first = earliestOfRing(at);
      first.parent = undefined;
      first.flaw = 'cycle';
      cut.push(first);
    }
    for (const node of path) {
      settled.add(node);
      if (settled.size % stepSize === 0) yield;
    }
  }
  return cut;
}

function earliestOfRing(member: Node): Node {
  let first = member;
  for (let at = member.parent; at && at !== member; at = at.parent) {
    if (byStart(at, first) < 0) first = at;
  }
  return first;
}

function pickRoot(loose: readonly Node[]): Node {
  const rank = (node: Node): number => ['second-root', 'orphan', 'cycle'].indexOf(node.flaw ?? '');
  const [first] = [...loose].sort((a, b) => rank(a) - rank(b) || byStart(a, b));
  if (!first) throw new RangeError('a run has at least one span');
  return first;
}

function* inOrder(root: Node): Steps<Node[]> {
  const ordered: Node[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    node.order = ordered.length;
    node.depth = node.parent ? node.parent.depth + 1 : 0;
    const { children } = node;
    if (children.length > stepSize) node.children = yield* sortSteps(children, byStart);
    else if (children.length > 1) children.sort(byStart);
    ordered.push(node);
    if (ordered.length % stepSize === 0) yield;
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child) stack.push(child);
    }
  }
  return ordered;
}

/** The ancestors of a node, nearest first. */
export function* ancestors(node: Node): Generator<Node> {
  for (let at = node.parent; at; at = at.parent) yield at;
}

/** Rows nest this deep below the run's. At 200 levels VS Code takes ten seconds to show one, at 1,000 it hangs. */
export const deepestRow = 20;

/** What stands right below a node's row: its children; at the deepest rows all that lies below, in one list. */
export function rowsBelow({ ordered }: RunTree, node: Node): readonly Node[] {
  if (node.depth < deepestRow - 1) return node.children;
  if (node.depth >= deepestRow) return [];
  let end = node.order + 1;
  while ((ordered[end]?.depth ?? 0) > node.depth) end++;
  return ordered.slice(node.order + 1, end);
}

/** The node below whose row a node's row stands. */
export function rowAbove(node: Node): Node | undefined {
  let above = node.parent;
  while (above && above.depth >= deepestRow) above = above.parent;
  return above;
}
