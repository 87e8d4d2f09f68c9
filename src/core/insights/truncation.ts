import { integer } from '../format.ts';
import { stepSize } from '../steps.ts';
import type { Node } from '../tree.ts';
import type { Detector, RunEvidence } from './evidence.ts';
import type { CallFacts, EventFacts } from './facts.ts';
import type { Insight, Said } from './insight.ts';
import { insight, nameOfSpan, quoted, say } from './say.ts';

// The words of the Messages API, chat completions, Gemini and the Responses API.
const atLimit = /^(?:max_tokens|length|max_output_tokens|max_length|token_limit)$/i;
const windowFull = /^(?:model_context_window_exceeded|context_length_exceeded)$/i;
const cutContext =
  /^truncat(?:ed|ion)$|(?:context|prompt|history|messages?|conversation)[\s._-]*(?:was[\s._-])?(?:truncat|trimm|dropp|overflow|cut\b)|(?:truncat|trimm|dropp)\w*[\s._-]*(?:the[\s._-])?(?:context|prompt|history|messages?|conversation)/i;

/** So few tokens are asked for on purpose: a yes or no, or only to fill the cache. */
const fewTokens = 16;

interface Cut {
  readonly nodes: Node[];
  readonly call: CallFacts;
  readonly tool: string | undefined;
}

/** Answers that stopped at their limit, and context that was cut. */
export const findTruncation: Detector = function* (evidence) {
  const answers = new Map<string, Cut>();
  const full: Node[] = [];
  const contexts = new Map<string, { nodes: Node[]; event: EventFacts }>();
  for (const node of evidence.tree.ordered) {
    if (node.order % stepSize === 0) yield;
    const { call, events } = evidence.facts(node.span);
    const reason = call?.stopReason ?? '';
    if (windowFull.test(reason)) full.push(node);
    const isCut = atLimit.test(reason) || (reason === '' && isFull(call, node));
    if (call && isCut && !isMeant(call, node)) {
      // What is cut within a call of a tool is worse: its input is not whole.
      const tool = call.toolUses.at(-1)?.name;
      const key = `${node.span.name}\n${call.maxTokens}\n${tool === undefined}`;
      const cut = answers.get(key);
      if (cut) cut.nodes.push(node);
      else answers.set(key, { nodes: [node], call, tool });
    }
    for (const event of events) {
      if (!cutContext.test(event.name)) continue;
      const known = contexts.get(event.name);
      if (!known) contexts.set(event.name, { nodes: [node], event });
      else if (known.nodes.at(-1) !== node) known.nodes.push(node);
    }
  }
  return [
    ...[...answers.values()].slice(0, 20).map(cut => cutAnswer(evidence, cut)),
    ...fullWindow(evidence, full),
    ...[...contexts.values()].slice(0, 20).map(cut => cutEvent(evidence, cut.nodes, cut.event)),
  ];
};

/** Where nobody recorded why it stopped, the tokens tell. */
const isFull = (call: CallFacts | undefined, { span }: Node): boolean =>
  call?.maxTokens !== undefined && (span.usage.output ?? 0) >= call.maxTokens;

function isMeant({ maxTokens, toolUses }: CallFacts, { span }: Node): boolean {
  if (toolUses.length > 0) return false;
  if (maxTokens !== undefined) return maxTokens <= fewTokens;
  return span.usage.output !== undefined && span.usage.output <= fewTokens;
}

function cutAnswer(evidence: RunEvidence, { nodes, call, tool }: Cut): Insight {
  const [first] = nodes;
  const name = first ? nameOfSpan(first.span) : '';
  const limit = call.maxTokens ?? first?.span.usage.output;
  const details: Said[] = call.stopReason
    ? [say('evidenceStopReason', quoted(call.stopReason))]
    : [];
  if (call.maxTokens !== undefined) details.push(say('evidenceMaxTokens', call.maxTokens));
  const output = first?.span.usage.output;
  if (output !== undefined) details.push(say('evidenceOutputTokens', output));
  const most = limit === undefined ? '' : integer(limit);
  const said =
    nodes.length > 1
      ? say(most ? 'insightCutMany' : 'insightCutUnknownMany', name, nodes.length, most)
      : tool !== undefined
        ? say(most ? 'insightCutTool' : 'insightCutToolUnknown', name, quoted(tool), most)
        : say(most ? 'insightCut' : 'insightCutUnknown', name, most);
  const failed = evidence.run.status === 'error' && tool !== undefined;
  return insight(evidence, 'truncation', failed ? 'error' : 'warning', nodes, said, details);
}

function fullWindow(evidence: RunEvidence, nodes: readonly Node[]): readonly Insight[] {
  const [first] = nodes;
  if (!first) return [];
  const severity = evidence.run.status === 'error' ? 'error' : 'warning';
  const said = say('insightWindowFull', nameOfSpan(first.span));
  return [insight(evidence, 'truncation', severity, nodes, said)];
}

function cutEvent(evidence: RunEvidence, nodes: readonly Node[], event: EventFacts): Insight {
  const [first] = nodes;
  const name = first ? nameOfSpan(first.span) : '';
  const said = say('insightContextCut', name, quoted(event.name));
  const details = Object.entries(event.attributes)
    .slice(0, 8)
    .map(([key, value]) =>
      say(
        'evidenceAttribute',
        quoted(key),
        typeof value === 'number' ? integer(value) : quoted(String(value), 100),
      ),
    );
  return insight(evidence, 'truncation', 'warning', nodes, said, details);
}
