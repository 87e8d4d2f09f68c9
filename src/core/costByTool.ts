import { modelRow } from './costBy.ts';
import { addCall, addCost, type CostPart, PartsByKey } from './costPart.ts';
import { inputCost } from './inputCost.ts';
import { isToolCall } from './kind.ts';
import type { Span } from './model.ts';
import type { Price } from './price.ts';
import type { ResultSize } from './resultSize.ts';
import { charsPerToken } from './tokens.ts';
import type { Node, RunTree } from './tree.ts';
import { inputTokens } from './usage.ts';

const keyOf = (tool: Node | undefined): string =>
  tool ? (tool.span.toolName ?? tool.span.name) : modelRow;

/**
 * What a run cost by tool. Every cost belongs to the innermost tool around its span, or to none; of what a
 * call's input cost, the share of each result that it was the first to read goes to that result's tool.
 * What one row gets another one loses, so the rows add up to what the run cost.
 */
export function costByTool(
  tree: RunTree,
  resultOf: (node: Node) => ResultSize,
  table?: readonly Price[],
): readonly CostPart[] {
  const parts = new PartsByKey();
  parts.of(modelRow);
  const tools = new Map<Node, Node>();
  for (const node of tree.ordered) {
    const { span, flaw, parent } = node;
    const isTool = isToolCall(span);
    // Where a flawed span stands in the tree is not where it ran.
    const tool = isTool ? node : flaw === undefined && parent ? tools.get(parent) : undefined;
    if (tool) tools.set(node, tool);
    const part = parts.of(keyOf(tool));
    addCost(part, span);
    if (isTool) {
      addCall(part, span);
      const { chars } = resultOf(node);
      if (chars !== undefined) part.resultChars.push(chars);
    } else if (!tool && span.kind === 'llm') addCall(part, span);
  }
  for (const [call, read] of readResults(tree)) {
    const from = parts.of(keyOf(tools.get(call)));
    const sizes = read.map(node => tokensOf(resultOf(node)));
    const all = sizes.reduce((a, b) => a + b, 0);
    const perToken =
      inputCost(call.span, table) / Math.max(all, inputTokens(call.span.usage) ?? 0, 1);
    for (const [index, node] of read.entries()) {
      const share = (sizes[index] ?? 0) * perToken;
      from.attributed -= share;
      parts.of(keyOf(node)).attributed += share;
    }
  }
  return parts.all;
}

const tokensOf = ({ chars, tokens }: ResultSize): number =>
  Math.max(0, tokens ?? (chars ?? 0) / charsPerToken);

/** The tools whose results a call was the first to read: the next one under the same parent. */
function readResults({ ordered }: RunTree): ReadonlyMap<Node, readonly Node[]> {
  const calls = new Map<string | undefined, Node[]>();
  const tools: Node[] = [];
  for (const node of ordered) {
    const { span } = node;
    if (isToolCall(span)) tools.push(node);
    else if (isRead(span)) {
      const siblings = calls.get(span.parentSpanId);
      if (siblings) siblings.push(node);
      else calls.set(span.parentSpanId, [node]);
    }
  }
  for (const siblings of calls.values()) siblings.sort((a, b) => startOf(a) - startOf(b));
  const read = new Map<Node, Node[]>();
  for (const tool of tools) {
    const call = nextCall(calls.get(tool.span.parentSpanId) ?? [], tool);
    const known = call && read.get(call);
    if (known) known.push(tool);
    else if (call) read.set(call, [tool]);
  }
  return read;
}

/** A call that failed without having read anything leaves the results to the one that is tried after it. */
const isRead = ({ kind, status, start, usage }: Span): boolean =>
  kind === 'llm' && Number.isFinite(start) && (status !== 'error' || (inputTokens(usage) ?? 0) > 0);

/** @param calls by start */
function nextCall(calls: readonly Node[], tool: Node): Node | undefined {
  const { end } = tool.span;
  if (end === undefined) return undefined;
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(calls[middle] as Node) < end) low = middle + 1;
    else high = middle;
  }
  // Where calls and tools take no time, one that starts as the tool ends may have come before it.
  for (let at = low; at < calls.length; at++) {
    const call = calls[at] as Node;
    if (startOf(call) > end || call.order > tool.order) return call;
  }
  return undefined;
}

const startOf = (node: Node): number => node.span.start ?? 0;
