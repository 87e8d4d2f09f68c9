import { isToolCall } from '../kind.ts';
import { isCancelled } from '../status.ts';
import type { Node } from '../tree.ts';
import { errorText } from './errorText.ts';
import type { Detector, RunEvidence } from './evidence.ts';
import type { ResultFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import type { Insight, Said, Severity } from './insight.ts';
import { insight, nameOfSpan, quoted, say } from './say.ts';
import { type Unusual, unusual } from './unusualResult.ts';

const mostSilent = 50;

interface Silent {
  readonly nodes: Node[];
  readonly result: ResultFacts;
  /** In which words the result says that it failed. */
  readonly words: string | undefined;
  readonly unusual: Unusual | undefined;
}

/** Calls of tools that say they went well, with a result that does not look it; one insight per tool and reason. */
export const findSilentFailures: Detector = function* (evidence, context) {
  const silent = new Map<string, Silent>();
  const lastGood = new Map<string, Node>();
  for (const node of evidence.tree.ordered) {
    const { span } = node;
    if (node.order % 512 === 0) yield;
    if (!isToolCall(span)) continue;
    if (span.status !== 'ok' && (span.status !== 'unknown' || span.end === undefined)) continue;
    // What a tool says of a person's refusal is no failure of its own.
    if (isCancelled(span)) continue;
    const { result, inputValues = [] } = evidence.facts(span).tool ?? {};
    if (!result) continue;
    const name = calledName(span);
    const words = saidWords(name, result, inputValues);
    const found = words === undefined ? unusual(name, result, context) : undefined;
    // How long a file is, or how much is found, is nothing that the tool got wrong.
    const odd = found?.reason === 'short' && looks.test(name) ? undefined : found;
    if (words === undefined && odd === undefined) {
      lastGood.set(name, node);
      continue;
    }
    const key = `${name}\n${odd?.reason ?? 'failed'}`;
    const known = silent.get(key);
    if (known) known.nodes.push(node);
    else if (silent.size < mostSilent) {
      silent.set(key, { nodes: [node], result, words, unusual: odd });
    }
  }
  return [...silent.values()].map(one => told(one, lastGood, evidence));
};

function saidWords(
  name: string,
  result: ResultFacts,
  asked: readonly string[],
): string | undefined {
  // A file that is read may hold a field of any name.
  const isRead = reads.test(name) && result.keys.length > 2;
  return (isRead ? undefined : result.saysFailed) ?? errorText(name, result, asked);
}

const reads =
  /(?:^|[\s._-])(?:read|cat|open|view|get)_?(?:file|text|lines?|resource)?(?:$|[\s._-])/i;

const looks =
  /^(?:(?:read|cat|view|open)[\s._-]?(?:file|lines?)?|grep|glob|ls|list[\s._-]?(?:dir|files?|directory))$/i;

function told(
  { nodes, result, words, unusual: odd }: Silent,
  lastGood: ReadonlyMap<string, Node>,
  evidence: RunEvidence,
): Insight {
  const first = nodes[0] as Node;
  const last = nodes.at(-1) as Node;
  const good = lastGood.get(calledName(first.span));
  const name = nameOfSpan(first.span);
  const severity = severityOf(last, good, odd, evidence);
  const said =
    odd?.said ??
    (nodes.length === 1
      ? say('insightSilentOne', name, quoted(words ?? '', 120))
      : say('insightSilentMany', name, nodes.length, quoted(words ?? '', 120)));
  const details: Said[] = [
    say('evidenceResultChars', result.chars),
    ...(odd === undefined ? [] : odd.details),
    ...(nodes.length > 1 ? [say('evidenceCalls', nodes.length)] : []),
    ...(good !== undefined && good.order > last.order ? [say('evidenceLaterGood')] : []),
  ];
  return insight(evidence, 'silent-tool-failure', severity, nodes, said, details);
}

/** An error that was made good is only said. One that nobody took for one is worse than a result that is merely odd. */
function severityOf(
  last: Node,
  good: Node | undefined,
  odd: Unusual | undefined,
  { run }: RunEvidence,
): Severity {
  if (odd?.isWeak) return 'info';
  if (run.status === 'error') return 'error';
  const madeGood = good !== undefined && good.order > last.order;
  if (madeGood && odd?.reason !== 'shape') return 'info';
  return odd === undefined && run.status === 'ok' ? 'error' : 'warning';
}
