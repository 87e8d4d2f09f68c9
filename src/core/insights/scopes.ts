import { isToolCall } from '../kind.ts';
import type { Node, RunTree } from '../tree.ts';

/**
 * Model calls and calls of tools that belong together, in the order of the tree: those of one agent. A
 * sub-agent, the inside of a tool, and each of several branches side by side are scopes of their own; steps
 * and chains that come one after another are not.
 */
export function scopesOf(tree: RunTree): readonly (readonly Node[])[] {
  const scopes = new Map<Node, Node[]>();
  const within: Node[] = [];
  for (const node of tree.ordered) {
    const { parent } = node;
    const around = parent ? (within[parent.order] ?? tree.root) : node;
    within[node.order] = around === node || isOwnScope(node) ? node : around;
    const { span } = node;
    if (node === around || (span.kind !== 'llm' && !isToolCall(span))) continue;
    const calls = scopes.get(around);
    if (calls) calls.push(node);
    else scopes.set(around, [node]);
  }
  return [...scopes.values()];
}

function isOwnScope(node: Node): boolean {
  const { kind, name } = node.span;
  if (node.children.length === 0) return false;
  if (isToolCall(node.span)) return true;
  if (kind === 'agent' && !step.test(name)) return true;
  return (kind === 'agent' || kind === 'chain') && runsBeside(node);
}

// A span with children that does not say what it is counts as an agent, also where it is a turn of one.
const step = /^(?:agent[\s._-]?)?(?:iteration|step|turn|loop|round|cycle|attempt)s?(?![a-z])/i;

const beside = new WeakMap<Node, ReadonlySet<Node>>();

/** Whether it overlaps another agent or chain of the same parent. */
function runsBeside(node: Node): boolean {
  const { parent } = node;
  if (!parent) return false;
  const known = beside.get(parent);
  if (known) return known.has(node);
  const found = new Set<Node>();
  let longest: Node | undefined;
  for (const child of parent.children) {
    const { kind, start } = child.span;
    if (kind !== 'agent' && kind !== 'chain') continue;
    if (longest && start !== undefined && start < endOf(longest)) {
      found.add(longest);
      found.add(child);
    }
    if (!longest || endOf(child) > endOf(longest)) longest = child;
  }
  beside.set(parent, found);
  return found.has(node);
}

const endOf = ({ span }: Node): number => span.end ?? span.start ?? Number.NEGATIVE_INFINITY;
