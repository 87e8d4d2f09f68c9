import { isToolCall } from '../core/costByTool.ts';
import type { SpanFacts } from '../core/insights/facts.ts';
import type { Usual } from '../core/insights/usual.ts';
import { createUsual, type UsualBuilder } from '../core/insights/usualOf.ts';
import type { RunId, RunSummary, Span } from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import type { Pause } from './pause.ts';
import { readFacts } from './runEvidence.ts';
import { type RunEntry, type RunIndex, summaryAt } from './runIndex.ts';
import type { RunView } from './runView.ts';
import type { OpenFile } from './traceFile.ts';

/** What was taken in of a file's newest runs. */
interface History {
  readonly usual: UsualBuilder;
  /** The runs as they were taken in. */
  readonly taken: Map<RunId, string>;
  complete: boolean;
}

// Of so many runs the sums are compared, and of these so many the spans.
const mostRuns = 2000;
const readRuns = 300;
const readSpans = 40_000;
// Of a larger run only the sums are compared: it would take the room of all others.
const largeRun = 10_000;

/** By what is the same for all states of a file. */
const histories = new WeakMap<object, History>();

/**
 * What is usual in a file, as seen from each of its runs; undefined where the time did not suffice, and
 * the next call goes on.
 */
export async function history(
  open: OpenFile,
  clock: Clock,
  until: number,
): Promise<((run: RunSummary) => Usual) | undefined> {
  const index = await open.index();
  const wanted = index.entries.slice(0, mostRuns).filter(entry => hasEnded(entry, clock));
  let made = histories.get(open.lineage);
  if (!made || (made.complete && isOutdated(made, index, wanted))) {
    made = { usual: createUsual(), taken: new Map(), complete: false };
    histories.set(open.lineage, made);
  }
  const { usual, taken } = made;
  const pause = open.pause();
  let spans = 0;
  for (const [place, entry] of wanted.entries()) {
    spans += Math.min(entry.settled.spans, largeRun);
    if (taken.has(entry.runId)) continue;
    if (performance.now() > until) return undefined;
    const run = summaryAt(entry, clock);
    const read = place < readRuns && spans <= readSpans && run.spans <= largeRun;
    const add = read ? await readRun(open, entry, run, pause) : undefined;
    // What was read too late must not be taken in.
    if (add) pause.check();
    // The same may have been asked for twice.
    if (taken.has(entry.runId)) continue;
    usual.addRun(run);
    add?.(usual);
    taken.set(entry.runId, textOf(entry));
    await pause.ifLong();
  }
  made.complete = true;
  return run => usual.seenFrom(run);
}

const hasEnded = (entry: RunEntry, clock: Clock): boolean => {
  const { end, status, partial } = summaryAt(entry, clock);
  return end !== undefined && status !== 'running' && !partial;
};

const textOf = ({ settled }: RunEntry): string => JSON.stringify(settled);

/** What was taken in stays: where too much of it is no longer so, or too much is missing, all is taken in anew. */
function isOutdated({ taken }: History, { byId }: RunIndex, wanted: readonly RunEntry[]): boolean {
  let other = 0;
  for (const [runId, text] of taken) {
    const entry = byId.get(runId);
    if (!entry || textOf(entry) !== text) other++;
  }
  const missing = wanted.slice(0, readRuns).filter(({ runId }) => !taken.has(runId)).length;
  return other + missing > Math.max(10, Math.min(readRuns, taken.size) / 4);
}

/** Reads a run, and takes it in when all of it was read. */
async function readRun(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  pause: Pause,
): Promise<(usual: UsualBuilder) => void> {
  const [view] = await open.readViews([entry]);
  if (!view) return () => undefined;
  await view.identifyAll();
  const facts = await factsOfRun(view, pause);
  return usual => {
    usual.addSpans(
      run,
      view.tree.ordered.map(({ span }) => span),
    );
    for (const [span, one] of facts) usual.addFacts(run, span, one);
  };
}

/** Of its tools and of its first call: what the others say is not compared. */
async function factsOfRun(
  view: RunView,
  pause: Pause,
): Promise<readonly (readonly [Span, SpanFacts])[]> {
  const found: (readonly [Span, SpanFacts])[] = [];
  let called = false;
  for (const { span } of view.tree.ordered) {
    const isFirstCall: boolean = span.kind === 'llm' && !called;
    if (!isFirstCall && !isToolCall(span)) continue;
    called ||= isFirstCall;
    found.push([span, readFacts(view, span).facts]);
    await pause.ifLong();
  }
  return found;
}
