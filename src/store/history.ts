import type { RunEvidence } from '../core/insights/evidence.ts';
import type { SpanFacts } from '../core/insights/facts.ts';
import type { Usual } from '../core/insights/usual.ts';
import { createUsual, type UsualBuilder } from '../core/insights/usualOf.ts';
import { isToolCall } from '../core/kind.ts';
import type { RunId, RunSummary, Span } from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import type { Pause } from './pause.ts';
import { evidenceOfSome, type ReadEvidence, readFacts } from './runEvidence.ts';
import { type RunEntry, type RunIndex, summaryAt } from './runIndex.ts';
import { identifyTogether, type RunView } from './runView.ts';
import type { OpenFile } from './traceFile.ts';

/** What was taken in of a file's newest runs. */
interface History {
  readonly usual: UsualBuilder;
  /** The runs as they were taken in. */
  readonly taken: Map<RunId, string>;
  /** What was read of runs that are to be looked at next: they need not be read again. */
  readonly ahead: Map<RunEntry, ReadEvidence>;
  /** How much more may be kept of these. */
  room: number;
  complete: boolean;
}

// Of so many runs the sums are compared, and of these so many the spans.
const mostRuns = 2000;
const readRuns = 300;
const readSpans = 40_000;
// Of a larger run only the sums are compared: it would take the room of all others.
const largeRun = 10_000;
// Parts of prompts, at some 150 bytes each.
const mostAhead = 300_000;
// Runs that are read together: for each of them alone, queries would be made ready.
const together = { runs: 50, spans: 300 };

/** By what is the same for all states of a file. */
const histories = new WeakMap<object, History>();

/** What a run is compared with. */
export interface Compared {
  usualFor(run: RunSummary): Usual;
  /** What was read of a run on the way, handed out once. */
  takeRead(entry: RunEntry): ReadEvidence | undefined;
}

/**
 * What is usual in a file, as seen from each of its runs; undefined where the time did not suffice, and
 * the next call goes on.
 *
 * @param isAsked runs that are to be looked at then
 */
export async function history(
  open: OpenFile,
  clock: Clock,
  until: number,
  isAsked: (entry: RunEntry) => boolean,
): Promise<Compared | undefined> {
  const index = await open.index();
  const wanted = index.entries.slice(0, mostRuns).filter(entry => hasEnded(entry, clock));
  let made = histories.get(open.lineage);
  if (!made || (made.complete && isOutdated(made, index, wanted))) {
    made = {
      ...{ usual: createUsual(), taken: new Map(), complete: false },
      ...{ ahead: new Map(), room: mostAhead },
    };
    histories.set(open.lineage, made);
  }
  const { usual, taken } = made;
  const pause = open.pause();
  for (const part of partsOf(untaken(wanted, taken, clock))) {
    if (performance.now() > until) return undefined;
    const adds = await readPart(open, part, made, pause, isAsked);
    // What was read too late must not be taken in.
    if (adds.size > 0) pause.check();
    for (const { entry, run } of part) {
      // The same may have been asked for twice.
      if (taken.has(entry.runId)) continue;
      usual.addRun(run);
      adds.get(entry)?.();
      taken.set(entry.runId, textOf(entry));
    }
    await pause.ifLong();
  }
  made.complete = true;
  forgetOld(taken, wanted);
  return { usualFor: run => usual.seenFrom(run), takeRead: entry => takeRead(made, entry) };
}

function takeRead(made: History, entry: RunEntry): ReadEvidence | undefined {
  const read = made.ahead.get(entry);
  if (!read) return undefined;
  made.ahead.delete(entry);
  made.room += read.kept;
  return read;
}

const hasEnded = (entry: RunEntry, clock: Clock): boolean => {
  const { end, status, partial } = summaryAt(entry, clock);
  return end !== undefined && status !== 'running' && !partial;
};

const texts = new WeakMap<RunEntry, string>();

/** Of a run that changed there is another entry. */
function textOf(entry: RunEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = JSON.stringify(entry.settled);
  texts.set(entry, text);
  return text;
}

/** Runs that are no longer among the newest: a file that is followed has ever more of them. */
function forgetOld(taken: Map<RunId, string>, wanted: readonly RunEntry[]): void {
  if (taken.size <= mostRuns * 1.5) return;
  const stay = new Set(wanted.map(({ runId }) => runId));
  for (const runId of taken.keys()) if (!stay.has(runId)) taken.delete(runId);
}

/**
 * Runs that are added push the oldest ones out; of those that are gone or changed, what was taken in stays.
 * Where that is too much, or too much is missing, all is taken in anew.
 */
function isOutdated({ taken }: History, { byId }: RunIndex, wanted: readonly RunEntry[]): boolean {
  let other = 0;
  for (const [runId, text] of taken) {
    const entry = byId.get(runId);
    if (!entry || textOf(entry) !== text) other++;
  }
  const missing = wanted.slice(0, readRuns).filter(({ runId }) => !taken.has(runId)).length;
  return other + missing > Math.min(readRuns, taken.size) / 4;
}

interface Untaken {
  readonly entry: RunEntry;
  readonly run: RunSummary;
  /** Its spans are compared as well. */
  readonly read: boolean;
}

function untaken(
  wanted: readonly RunEntry[],
  taken: ReadonlyMap<RunId, string>,
  clock: Clock,
): readonly Untaken[] {
  let spans = 0;
  return wanted.flatMap((entry, place) => {
    spans += Math.min(entry.settled.spans, largeRun);
    if (taken.has(entry.runId)) return [];
    const run = summaryAt(entry, clock);
    const read = place < readRuns && spans <= readSpans && run.spans <= largeRun;
    return [{ entry, run, read }];
  });
}

function* partsOf(all: readonly Untaken[]): Generator<readonly Untaken[]> {
  let part: Untaken[] = [];
  let spans = 0;
  for (const one of all) {
    part.push(one);
    spans += one.read ? one.run.spans : 0;
    if (part.length < together.runs && spans < together.spans) continue;
    yield part;
    [part, spans] = [[], 0];
  }
  if (part.length > 0) yield part;
}

/** Reads some runs; of each, what takes it in when all of it was read. */
async function readPart(
  open: OpenFile,
  part: readonly Untaken[],
  made: History,
  pause: Pause,
  isAsked: (entry: RunEntry) => boolean,
): Promise<ReadonlyMap<RunEntry, () => void>> {
  const toRead = part.filter(one => one.read);
  const views = await open.readViews(toRead.map(one => one.entry));
  const asked: [RunView, RunSummary][] = [];
  for (const [at, { entry, run }] of toRead.entries()) {
    const view = views[at];
    if (view && made.room > 0 && isAsked(entry) && !made.ahead.has(entry)) asked.push([view, run]);
  }
  const whole = await evidenceOfSome(asked, pause);
  await identifyTogether(
    views.filter(view => !whole.has(view)),
    pause,
  );
  const adds = new Map<RunEntry, () => void>();
  for (const [at, { entry, run }] of toRead.entries()) {
    const view = views[at];
    if (!view) continue;
    const read = whole.get(view);
    const facts = await factsOfRun(view, pause, read?.evidence);
    adds.set(entry, () => {
      made.usual.addSpans(
        run,
        view.tree.ordered.map(({ span }) => span),
      );
      for (const [span, one] of facts) made.usual.addFacts(run, span, one);
      if (!read) return;
      made.room -= read.kept;
      made.ahead.set(entry, read);
    });
  }
  return adds;
}

/** Of its tools and of its first call: what the others say is not compared. */
async function factsOfRun(
  view: RunView,
  pause: Pause,
  read: RunEvidence | undefined,
): Promise<readonly (readonly [Span, SpanFacts])[]> {
  const found: (readonly [Span, SpanFacts])[] = [];
  let called = false;
  for (const { span } of view.tree.ordered) {
    const isFirstCall: boolean = span.kind === 'llm' && !called;
    if (!isFirstCall && !isToolCall(span)) continue;
    called ||= isFirstCall;
    found.push([span, read ? read.facts(span) : readFacts(view, span)]);
    await pause.ifLong();
  }
  return found;
}
