import { integer } from '../format.ts';
import { isToolCall } from '../kind.ts';
import type { Span } from '../model.ts';
import { type ModelCall, modelCalls } from './dialogues.ts';
import type { RunEvidence } from './evidence.ts';
import { keptNames, type ToolFacts, type UnseenFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { type Insight, mostSpans } from './insight.ts';
import { quoted, say } from './say.ts';

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
    const { tool } = isToolCall(span) ? facts(span) : nothing;
    return tool ? [{ span, tool }] : [];
  });
}
const nothing = { tool: undefined };

// What is not there is the tool itself: a tool that failed says what else was not found.
const quotedName = `["'\`“‘]?([\\w./:-]+)["'\`”’]?`;
const unknownTool = [
  `\\b(?:unknown|no such|unrecogni[sz]ed|undefined|non-?existent|there is no) (?:tool|function)(?: (?:named|called))?[:\\s]*${quotedName}`,
  `\\b(?:tool|function)(?: (?:named|called|with (?:the )?name))?[:\\s]+${quotedName} (?:(?:was |is )?not found|does(?: not|n't) exist|is(?: not|n't) (?:defined|available|registered|a (?:valid|known)))`,
  `\\b(?:tool|function) not found[:\\s]+${quotedName}`,
].map(words => new RegExp(words, 'i'));
/** Without a name, it is the tool that was called. */
const thisTool =
  /^\W*(?:error:?\s*)?(?:(?:unknown|no such|unrecogni[sz]ed) (?:tool|function)|(?:this|the|that|requested) (?:tool|function) (?:(?:was |is )?not found|does(?: not|n't) exist|is(?: not|n't) (?:defined|available|registered))|(?:tool|function) (?:not found|does(?: not|n't) exist))\W*$/i;

function saysUnknown(words: string, tool: string): boolean {
  if (thisTool.test(words)) return true;
  const names = unknownTool.flatMap(form => form.exec(words)?.[1] ?? []);
  return names.some(name => plainName(name) === plainName(tool));
}

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
/** Of guesses that went well, these are enough to see that the model guesses. */
const mostCalm = 3;

/** Each goes through all that the run's tools gave. */
const mostSearches = 100;
const mostResults = 5000;

/** The words with which a tool that does not exist was refused. */
function refusal(span: Span, { result }: ToolFacts): string | undefined {
  const words =
    span.status === 'error'
      ? (span.error ?? result?.begin)
      : (result?.saysFailed ??
        (/^\W*error/i.test(result?.begin ?? '') ? result?.begin : undefined));
  const begin = words?.slice(0, 300);
  return begin !== undefined && saysUnknown(begin, calledName(span)) ? begin : undefined;
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
      const same = found.get(name);
      if (same) same.push(turn);
      else found.set(name, [turn]);
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
  let [calm, searches] = [0, 0];
  for (const turn of modelCalls(evidence)) {
    for (const unseen of turn.facts?.unseen ?? []) {
      const key = `${unseen.tool}\u0000${unseen.value}`;
      if (found.has(key) || found.size >= mostFound || searches >= mostSearches) continue;
      const byId = unseen.useId === undefined ? undefined : byUse.get(unseen.useId);
      if (!byId) searches++;
      const insight = ofUnseen(evidence, turn, unseen, byId ?? ranWith(ran, turn, unseen));
      if (!insight || (insight.said.word === 'insightDriftUnseen' && calm >= mostCalm)) continue;
      searches++;
      if (wasGiven(ran, turn, unseen)) continue;
      if (insight.said.word === 'insightDriftUnseen') calm++;
      found.set(key, insight);
    }
  }
  return [...found.values()];
}

/** A result of the run gave it, though it is no part of this request: it was summed up, or left out. */
function wasGiven(ran: readonly Ran[], { span }: ModelCall, { value }: UnseenFacts): boolean {
  const begun = span.start ?? Number.NEGATIVE_INFINITY;
  return ran
    .slice(0, mostResults)
    .some(
      one => (one.span.end ?? begun + 1) <= begun + 1 && one.tool.result?.begin.includes(value),
    );
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
  // Trying a path is how a program is looked through.
  if (!failed && (unseen.kind === 'path' || (unseen.kind === 'page' && !one))) return undefined;
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
