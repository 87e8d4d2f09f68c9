import { formatDuration } from '../format.ts';
import { isToolCall } from '../kind.ts';
import { stepSize } from '../steps.ts';
import type { Node } from '../tree.ts';
import { isRetry } from './eventFacts.ts';
import type { Context, Detector, RunEvidence } from './evidence.ts';
import type { CallFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { hashOf } from './hash.ts';
import type { Insight, Said } from './insight.ts';
import { onlyWaits } from './rounds.ts';
import { insight, nameOfSpan, quoted, say } from './say.ts';

const mostStorms = 50;

/** Attempts of the same thing, within one call or one call after another; and calls that all took several. */
export const findRetryStorms: Detector = function* (evidence, context) {
  const found: Insight[] = [];
  // A parent comes before its children: what is told of several attempts is not told of each again.
  const told = new Set<Node>();
  const few: { node: Node; retries: CallFacts['retries'] }[] = [];
  let calls = 0;
  for (const node of evidence.tree.ordered) {
    if (found.length >= mostStorms) break;
    if (node.order % stepSize === 0) yield;
    const within = told.has(node) ? [] : retriesWithin(node, evidence);
    if (node.span.kind === 'llm') calls++;
    if (within.length >= context.thresholds.retries) {
      found.push(withinCall(node, within, evidence));
    } else if (within.length > 1 && node.span.kind === 'llm') {
      few.push({ node, retries: within });
    }
    for (const storm of node.children.length > 1 ? attempts(node, evidence, context) : []) {
      found.push(oneAfterAnother(storm, evidence));
      for (const one of storm.failed) told.add(one);
    }
  }
  const together = few.flatMap(one => one.retries);
  if (together.length >= context.thresholds.retries * 3 && few.length * 2 >= calls) {
    const nodes = few.map(one => one.node);
    const said = say('insightRetriesTogether', few.length, calls, together.length);
    found.push(insight(evidence, 'retry-storm', 'warning', nodes, said, reasons(together)));
  }
  return found;
};

function retriesWithin({ span }: Node, evidence: RunEvidence): CallFacts['retries'] {
  const { call, events } = evidence.facts(span);
  if (call) return call.retries;
  return events.filter(isRetry).map(({ attributes: { status, error, wait_ms } }) => ({
    status: status === undefined ? (typeof error === 'string' ? error : undefined) : String(status),
    waitMs: typeof wait_ms === 'number' ? wait_ms : undefined,
  }));
}

function withinCall(node: Node, retries: CallFacts['retries'], evidence: RunEvidence): Insight {
  const waits = retries.flatMap(({ waitMs }) => waitMs ?? []);
  const waited = waits.reduce((sum, one) => sum + one, 0);
  const gaveUp = node.span.status === 'error';
  const name = nameOfSpan(node.span);
  const said = gaveUp
    ? say('insightRetriesFailed', name, retries.length)
    : waited > 0
      ? say('insightRetriesWaited', name, retries.length, formatDuration(waited))
      : say('insightRetries', name, retries.length);
  const severity = gaveUp && evidence.run.status === 'error' ? 'error' : 'warning';
  return insight(evidence, 'retry-storm', severity, [node], said, reasons(retries));
}

/** How often each status was the reason. */
function reasons(retries: CallFacts['retries']): readonly Said[] {
  const counts = new Map<string, number>();
  for (const { status } of retries) {
    if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([status, count]) => say('evidenceStatus', quoted(status, 80), count));
}

interface Storm {
  readonly failed: Node[];
  succeeded: boolean;
}

/**
 * Failed attempts of the same call among the children of a span, each after the one before had ended. What
 * is called anew after other work was done, such as tests after an edit, is no further attempt.
 */
function attempts(parent: Node, evidence: RunEvidence, { thresholds }: Context): readonly Storm[] {
  const storms: Storm[] = [];
  const open = new Map<string, Storm>();
  // When the latest other work began: children come by their start.
  let worked = Number.NEGATIVE_INFINITY;
  for (const node of parent.children) {
    const failed = node.span.status === 'error' && !node.span.interrupted;
    // Only where something failed is it asked what was called: most parents have nothing to tell.
    if (!failed && open.size === 0) continue;
    const key = keyOf(node, evidence);
    const storm = key === undefined ? undefined : open.get(key);
    const last = storm?.failed.at(-1)?.span.end ?? Number.POSITIVE_INFINITY;
    if (storm && worked < last) {
      if (!failed) storm.succeeded = true;
      else if ((node.span.start ?? last) >= last || last === Number.POSITIVE_INFINITY) {
        storm.failed.push(node);
      }
    } else if (failed && key !== undefined) {
      const begun = { failed: [node], succeeded: false };
      open.set(key, begun);
      storms.push(begun);
      continue;
    }
    if (!failed && key !== undefined) open.delete(key);
    if (!failed && !storm && isWork(node)) worked = node.span.start ?? Number.POSITIVE_INFINITY;
  }
  return storms.filter(({ failed }) => failed.length >= thresholds.retries);
}

const isWork = ({ span }: Node): boolean =>
  span.kind === 'agent' || (isToolCall(span) && !onlyWaits(calledName(span)));

/** What must be the same for two calls to be attempts of one; undefined where nobody can know. */
function keyOf({ span }: Node, evidence: RunEvidence): string | undefined {
  const error = span.error ?? '';
  switch (span.kind) {
    case 'tool':
    case 'retrieval': {
      const input = evidence.facts(span).tool?.input;
      return hashOf(`tool\n${calledName(span)}\n${input ?? `error ${error}`}`);
    }
    case 'llm': {
      const prompt = evidence.facts(span).call?.prompt.at(-1)?.upTo;
      return hashOf(`llm\n${prompt ?? `name ${span.name.replace(/\d+/g, '')}`}`);
    }
    case 'other':
      return hashOf(`other\n${span.name}\n${error}`);
    default:
      return undefined;
  }
}

function oneAfterAnother({ failed, succeeded }: Storm, evidence: RunEvidence): Insight {
  const [first] = failed;
  const last = failed.at(-1);
  const name = first ? nameOfSpan(first.span) : '';
  const said = say(
    succeeded ? 'insightAttemptsSucceeded' : 'insightAttemptsFailed',
    name,
    failed.length,
  );
  const within = failed.flatMap(node => retriesWithin(node, evidence));
  const details: Said[] = [...reasons(within)];
  if (last?.span.error) details.push(say('evidenceLastError', quoted(last.span.error, 120)));
  if (first?.span.start !== undefined && last?.span.end !== undefined) {
    details.push(say('evidenceTook', formatDuration(last.span.end - first.span.start)));
  }
  const severity = !succeeded && evidence.run.status === 'error' ? 'error' : 'warning';
  return insight(evidence, 'retry-storm', severity, failed, said, details);
}
