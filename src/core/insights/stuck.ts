import { formatDuration } from '../format.ts';
import { isToolCall } from '../kind.ts';
import type { Ms, UnixMs } from '../model.ts';
import { isRecent } from '../status.ts';
import type { Node, RunTree } from '../tree.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import { calledName } from './factsOf.ts';
import type { Insight, Said, Severity } from './insight.ts';
import { insight, nameOfSpan, quoted, say } from './say.ts';
import type { Sample } from './usual.ts';

/** A run that is open, in which nothing happens any more. */
export const findStuck: Detector = (evidence, context) => {
  const { run, tree } = evidence;
  if (run.partial) return [];
  if (run.judgement === 'all-ended') return neverRan(evidence, context);
  if (run.status !== 'stale' && run.status !== 'running') return [];
  const open = lastOpen(tree);
  if (!open) return [];
  const { clock } = context;
  const events = evidence.facts(open.span).events;
  const lastEvent = events.filter(event => event.time !== undefined).at(-1)?.time;
  const last = latest(run.lastActivity, lastEvent);
  const details: Said[] = [
    say('evidenceOpenSpans', tree.ordered.filter(isOpen).length),
    ...(open.span.start === undefined || clock.now < open.span.start
      ? []
      : [say('evidenceOpenFor', formatDuration(clock.now - open.span.start))]),
  ];
  const mayAwait = evidence.facts(tree.root.span).mayAwaitPerson === true;
  // Whoever left a session does not wait for it any more.
  if (mayAwait && last !== undefined && clock.now - last > leftAfter) return [];
  if (mayAwait) details.unshift(say('evidenceMayAwaitPerson'));
  // A person takes their time.
  const severity: Severity =
    mayAwait || waitsForPerson.test(calledName(open.span)) ? 'info' : 'warning';
  const told = (said: Said) => [insight(evidence, 'stuck', severity, [open], said, details)];
  const name = nameOfSpan(open.span);
  if (run.status === 'stale') {
    if (last === undefined) return told(say('insightStuckUntimed', name));
    if (isRecent(last, clock) || last > clock.now) return [];
    return told(say('insightStuck', formatDuration(clock.now - last), name));
  }
  const slow = unusuallyOpen(open, evidence, context, lastEvent);
  return slow ? told(say('insightStuckSlow', name, ...slow)) : [];
};

const asksForTool = /^(?:tool_use|tool_calls?|function_call)$/i;
/** Tools that are no more than the form of an answer. */
const endsWith =
  /final|finish|submit|answer|respond|response|done|complete|output|result|exit|stop/i;

/**
 * A run whose root was never closed, as some tracers leave each: whether it came to its end, its last answer
 * tells. One that asks for a tool, after which nothing came, is of a program that died.
 */
function neverRan(evidence: RunEvidence, { clock }: Context): readonly Insight[] {
  const { run, tree } = evidence;
  let last: Node | undefined;
  for (const node of tree.ordered) {
    if (node !== tree.root && (!last || (node.span.start ?? 0) >= (last.span.start ?? 0)))
      last = node;
  }
  if (last?.span.kind !== 'llm' || last.span.status === 'error' || run.lastActivity === undefined) {
    return [];
  }
  const { stopReason, toolUses = [] } = evidence.facts(last.span).call ?? {};
  const [asked] = toolUses;
  if (!asked || (stopReason !== undefined && !asksForTool.test(stopReason))) return [];
  if (toolUses.some(({ name }) => endsWith.test(name))) return [];
  const quiet = formatDuration(Math.max(0, clock.now - run.lastActivity));
  const said = say('insightStuckAsked', quiet, quoted(asked.name), nameOfSpan(last.span));
  return [insight(evidence, 'stuck', 'warning', [last], said)];
}

const leftAfter: Ms = 24 * 3_600_000;

const waitsForPerson =
  /(?:ask|wait|confirm|approv|permission|blocked).{0,20}(?:user|human|person)|(?:user|human)[\s._-]?(?:input|approval|feedback)|^approval|ask_?user|clarif/i;

const isOpen = ({ span }: Node): boolean =>
  span.end === undefined && (span.status === 'running' || span.status === 'unknown');

/** The open span that began last: what the run waits for. Of nested ones that began together, the innermost. */
function lastOpen(tree: RunTree): Node | undefined {
  let last: Node | undefined;
  const began = (node: Node): number => node.span.start ?? Number.NEGATIVE_INFINITY;
  for (const node of tree.ordered) {
    if (isOpen(node) && (!last || began(node) >= began(last))) last = node;
  }
  return last;
}

const latest = (a: UnixMs | undefined, b: UnixMs | undefined): UnixMs | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

/** Shorter than this, nobody waits in vain; a model may think for minutes where it answered at once before. */
const leastWait: Ms = 60_000;
const leastWaitForModel: Ms = 180_000;

/** For how long a call of a run that may still be running is open, and how long its like took at most. */
function unusuallyOpen(
  { span }: Node,
  { run }: RunEvidence,
  { usual, clock, thresholds }: Context,
  lastEvent: UnixMs | undefined,
): readonly [string, string] | undefined {
  if (span.start === undefined || run.rootSpanId === span.spanId) return undefined;
  const known: Sample =
    span.kind === 'llm'
      ? usual.call(span.name, span.model).durations
      : isToolCall(span)
        ? usual.tool(calledName(span)).durations
        : [];
  if (known.length < thresholds.leastHistory) return undefined;
  const longest = known[known.length - 1] ?? 0;
  const quiet = clock.now - Math.max(span.start, lastEvent ?? span.start);
  const least = span.kind === 'llm' ? leastWaitForModel : leastWait;
  if (quiet < least || quiet < longest * thresholds.latencyFactor) return undefined;
  return [formatDuration(clock.now - span.start), formatDuration(longest)];
}
