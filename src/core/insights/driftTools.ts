import { integer } from '../format.ts';
import type { Span } from '../model.ts';
import { type ModelCall, modelCalls } from './dialogues.ts';
import type { RunEvidence } from './evidence.ts';
import { keptNames, type ToolFacts, type UnseenFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { type Insight, mostSpans } from './insight.ts';
import { quoted, say } from './say.ts';
import { wordsOf } from './unseen.ts';

/** A call of a tool as it was run. */
interface Ran {
  readonly span: Span;
  readonly tool: ToolFacts;
}

/** Signs of a model that makes up tools, or ids that it was not given. */
export function toolDrift(evidence: RunEvidence): readonly Insight[] {
  const ran = toolsThatRan(evidence);
  const refused = refusedTools(evidence, ran);
  const known = new Set(refused.map(({ tool }) => tool));
  return [
    ...refused.map(({ insight }) => insight),
    ...notOffered(evidence, ran, known),
    ...madeUp(evidence, ran),
  ];
}

function toolsThatRan({ tree, facts }: RunEvidence): readonly Ran[] {
  return tree.ordered.flatMap(({ span }) => {
    const { tool } = span.kind === 'tool' || span.kind === 'retrieval' ? facts(span) : nothing;
    return tool ? [{ span, tool }] : [];
  });
}
const nothing = { tool: undefined };

const unknownTool =
  /\b(?:unknown|no such|unrecogni[sz]ed|undefined|non-?existent) (?:tool|function)\b|\b(?:tool|function)\b[^.\n]{0,60}\b(?:not found|does(?: not|n't) exist|is(?: not|n't) (?:defined|available|registered|a (?:valid|known)))/i;

function refusedTools(
  { run }: RunEvidence,
  ran: readonly Ran[],
): readonly { readonly tool: string; readonly insight: Insight }[] {
  const byTool = new Map<string, { readonly words: string; readonly spans: Span[] }>();
  for (const { span, tool } of ran) {
    const words = refusal(span, tool);
    if (words === undefined) continue;
    const name = calledName(span);
    const same = byTool.get(name);
    if (same) same.spans.push(span);
    else byTool.set(name, { words, spans: [span] });
  }
  return [...byTool].slice(0, mostFound).map(([tool, { words, spans }]) => ({
    tool,
    insight: {
      type: 'reasoning-drift',
      severity: 'warning',
      runId: run.runId,
      spanIds: spans.slice(0, mostSpans).map(({ spanId }) => spanId),
      said: say('insightDriftRefused', quoted(tool), quoted(words, 120)),
      evidence: [],
    },
  }));
}

const mostFound = 10;

/** The words with which a tool that does not exist was refused. */
function refusal(span: Span, { result }: ToolFacts): string | undefined {
  const words =
    span.status === 'error'
      ? (span.error ?? result?.begin)
      : (result?.saysFailed ??
        (/^\W*error/i.test(result?.begin ?? '') ? result?.begin : undefined));
  const begin = words?.slice(0, 300);
  return begin !== undefined && unknownTool.test(begin) ? begin : undefined;
}

/** Hosts of tools whose names the request does not say. */
const hosts = /mcp|toolset|connector|namespace/i;

function notOffered(
  evidence: RunEvidence,
  ran: readonly Ran[],
  known: ReadonlySet<string>,
): readonly Insight[] {
  const found = new Map<string, ModelCall[]>();
  for (const turn of modelCalls(evidence)) {
    const offered = turn.facts?.toolNames ?? [];
    if (offered.length === 0 || offered.length >= keptNames || offered.some(one => hosts.test(one)))
      continue;
    const names = new Set(offered.map(plainName));
    for (const { name } of turn.facts?.toolUses ?? []) {
      if (name === '' || isOffered(name, names) || known.has(name)) continue;
      found.set(name, [...(found.get(name) ?? []), turn]);
    }
  }
  return [...found].slice(0, mostFound).flatMap(([name, turns]) => {
    const [first] = turns;
    if (!first) return [];
    const runs = ran.filter(({ span }) => calledName(span) === name).map(({ span }) => span);
    return {
      type: 'reasoning-drift',
      severity: 'warning',
      runId: evidence.run.runId,
      spanIds: [...turns.map(turn => turn.span), ...runs]
        .slice(0, mostSpans)
        .map(({ spanId }) => spanId),
      said: say('insightDriftNotOffered', integer(first.number), quoted(name)),
      evidence: [
        say('evidenceToolsOffered', quoted((first.facts?.toolNames ?? []).join(', '), 200)),
      ],
    } satisfies Insight;
  });
}

/** A hosted tool may be several: `code_execution` is called as `bash_code_execution`. */
function isOffered(name: string, offered: ReadonlySet<string>): boolean {
  const plain = plainName(name);
  return offered.has(plain) || [...offered].some(one => plain.endsWith(`_${one}`));
}

/** Some servers put a name of their own before a tool's. */
const plainName = (name: string): string =>
  name.toLowerCase().replace(/^.*(?:__|[./:])(?=[^./:])/, '');

function madeUp(evidence: RunEvidence, ran: readonly Ran[]): readonly Insight[] {
  const byUse = new Map(
    ran.flatMap(one => (one.tool.useId ? [[one.tool.useId, one] as const] : [])),
  );
  const found = new Map<string, Insight>();
  for (const turn of modelCalls(evidence)) {
    for (const unseen of turn.facts?.unseen ?? []) {
      const key = `${unseen.tool}\u0000${unseen.value}`;
      if (found.has(key) || found.size >= mostFound) continue;
      const one = (unseen.useId && byUse.get(unseen.useId)) || ranWith(ran, turn, unseen);
      const insight = ofUnseen(evidence, turn, unseen, one);
      if (insight) found.set(key, insight);
    }
  }
  return [...found.values()];
}

const ranWith = (
  ran: readonly Ran[],
  turn: ModelCall,
  { tool, value }: UnseenFacts,
): Ran | undefined =>
  ran.find(
    one =>
      calledName(one.span) === tool &&
      (one.span.start ?? 0) >= (turn.span.end ?? turn.span.start ?? 0) - 1 &&
      one.tool.inputValues.some(text => text.trim() === value),
  );

const reading =
  /^(?:get|read|look|lookup|search|find|fetch|list|load|check|view|show|describe|open|query|retrieve|select|track|count|status)$/;

const onlyReads = (tool: string): boolean => wordsOf(tool).some(word => reading.test(word));

function ofUnseen(
  { run }: RunEvidence,
  turn: ModelCall,
  unseen: UnseenFacts,
  one: Ran | undefined,
): Insight | undefined {
  const result = one?.tool.result;
  const failed =
    one !== undefined &&
    (one.span.status === 'error' ||
      result?.saysFailed !== undefined ||
      result?.shape === 'nothing');
  // What was found by its id is no invention, and trying a path is how a program is looked through.
  const harmless = unseen.kind === 'path' || (one !== undefined && onlyReads(unseen.tool));
  if (!failed && (harmless || result?.begin.includes(unseen.value))) return undefined;
  const word = failed ? 'insightDriftUnseenFailed' : 'insightDriftUnseen';
  return {
    type: 'reasoning-drift',
    severity: failed && unseen.kind === 'id' ? 'warning' : 'info',
    runId: run.runId,
    spanIds: one ? [one.span.spanId, turn.span.spanId] : [turn.span.spanId],
    said: say(word, quoted(unseen.tool), quoted(unseen.value)),
    evidence: [say('evidenceArgument', quoted(unseen.argument), quoted(unseen.value, 200))],
  };
}
