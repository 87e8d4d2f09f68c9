import { findersOf } from '../core/insights/detectors.ts';
import { gravestOfEach, insightSteps, mostOfRun, ofTypes } from '../core/insights/findInsights.ts';
import type { Insight } from '../core/insights/insight.ts';
import { createUsual } from '../core/insights/usualOf.ts';
import type { RunSummary } from '../core/model.ts';
import type { Clock } from '../core/status.ts';
import type { InsightsPage, InsightsRequest } from '../protocol/analysis.ts';
import { type Compared, history } from './history.ts';
import type { Pause } from './pause.ts';
import { evidenceOf, evidenceOfSome, type ReadEvidence } from './runEvidence.ts';
import { type RunEntry, type RunIndex, summaryAt } from './runIndex.ts';
import { atMost } from './searchRuns.ts';
import type { OpenFile } from './traceFile.ts';

/** What was found about a run, as it was judged and by which thresholds. */
interface Known {
  readonly insights: readonly Insight[];
  /** Not all of it was read, or more was found than is kept. */
  readonly isCut: boolean;
  readonly run: RunSummary;
  readonly thresholds: string;
  /** What was looked for. */
  readonly types: string;
  readonly at: number;
}

/** A request with what is compared for each run. */
interface Asked extends InsightsRequest {
  readonly how: Pick<Known, 'thresholds' | 'types'>;
}

/** Of a run that changed there is another entry. */
const known = new WeakMap<RunEntry, readonly Known[]>();
/** A run is known by so many different requests: those of who shows all, and of who watches for some. */
const mostKnown = 3;

const all = 'all';

// An answer stays small, whatever was asked for.
const mostRuns = 1000;
const mostInsights = 5000;
const minute = 60_000;
// Runs that are read together: for each of them alone, queries would be made ready.
const together = { runs: 50, spans: 300 };

/**
 * Looks at runs for a while, the newest first.
 *
 * @param onSlip what becomes of a slip in what looks for one type of them; the others are found all the same
 */
export async function insights(
  open: OpenFile,
  given: InsightsRequest,
  onSlip?: (thrown: unknown) => void,
): Promise<InsightsPage> {
  const how = {
    thresholds: JSON.stringify(given.thresholds),
    types: given.types === undefined ? all : [...given.types].sort().join(' '),
  };
  const request = { ...given, how };
  const { of } = request;
  const only = 'runId' in of ? await open.entry(of.runId) : undefined;
  let { entries, byId, share } = await open.index();
  if (!only && entriesOf(of, entries, byId).some(isPartial)) {
    await open.advance(atMost);
    ({ entries, byId, share } = await open.index());
  }
  const asked = only ? [only] : entriesOf(of, entries, byId);
  const isFew = !only && (share !== undefined || entries.length > asked.length);
  if (asked.some(entry => !knownOf(entry, request))) {
    await lookOn(open, asked, request, performance.now() + atMost, onSlip);
  }
  const done = asked.flatMap(entry => knownOf(entry, request) ?? []);
  const perRun = done.map(one => ofTypes(one.insights, request.types));
  const found = gravestOfEach(perRun, mostInsights);
  const count = perRun.reduce((sum, one) => sum + one.length, 0);
  const isCut = found.length < count || done.some(one => one.isCut);
  return {
    insights: found,
    done: done.length,
    of: asked.length,
    partial: isFew || isCut,
    ...(isCut && { isCut }),
  };
}

function entriesOf(
  of: InsightsRequest['of'],
  entries: readonly RunEntry[],
  byId: RunIndex['byId'],
): readonly RunEntry[] {
  if ('newest' in of)
    return entries.slice(0, Math.max(0, Math.min(mostRuns, Math.floor(of.newest) || 0)));
  const ids = 'runIds' in of ? new Set(of.runIds.slice(0, mostRuns)) : [of.runId];
  return [...ids].flatMap(id => byId.get(id) ?? []);
}

/** Of a run that is not wholly known, spans would be taken to lack their parents. */
const isPartial = ({ settled }: RunEntry): boolean => settled.partial === true;

function knownOf(entry: RunEntry, { how, clock }: Asked): Known | undefined {
  const run = summaryAt(entry, clock);
  return known.get(entry)?.find(found => {
    if (found.run !== run || found.thresholds !== how.thresholds) return false;
    if (found.types !== all && found.types !== how.types) return false;
    // For how long nothing has happened in a run changes by itself, and is told the rounder the longer it is.
    const { status, lastActivity } = run;
    if (status !== 'running' && !found.insights.some(({ type }) => type === 'stuck')) return true;
    const isTrueFor = Math.max(minute, (found.at - (lastActivity ?? found.at)) / 10);
    return Math.abs(clock.now - found.at) < isTrueFor;
  });
}

function remember(entry: RunEntry, found: Known): void {
  const others = known
    .get(entry)
    ?.filter(({ types, run }) => types !== found.types && run === found.run);
  known.set(entry, [found, ...(others ?? [])].slice(0, mostKnown));
}

async function lookOn(
  open: OpenFile,
  asked: readonly RunEntry[],
  request: Asked,
  until: number,
  onSlip: ((thrown: unknown) => void) | undefined,
): Promise<void> {
  const wanted = asked.filter(entry => !isPartial(entry) && !knownOf(entry, request));
  const finders = findersOf(request.types);
  const compared = finders.some(one => one.compares)
    ? await compare(open, request, until, new Set(wanted))
    : readTogether(open, request, wanted);
  if (!compared) return;
  const pause = open.pause();
  const { thresholds, clock, how } = request;
  for (const entry of wanted) {
    const run = summaryAt(entry, clock);
    const read =
      (await compared.takeRead(entry, pause)) ?? (await readRun(open, entry, run, pause));
    if (!read) continue;
    const evidence = { ...read.evidence, run };
    const { prices } = open.source;
    const context = { usual: compared.usualFor(run), thresholds, clock, prices };
    const found = await pause.through(insightSteps(evidence, context, onSlip, finders));
    // Entries outlive the state of the file: what was read too late must not be known of them.
    pause.check();
    const isCut = !read.isWhole || found.length > mostOfRun;
    remember(entry, { ...how, insights: found.slice(0, mostOfRun), isCut, run, at: clock.now });
    if (performance.now() > until) return;
    await pause.ifLong();
  }
}

/** What runs are looked at with. */
interface Beside {
  readonly usualFor: Compared['usualFor'];
  takeRead(entry: RunEntry, pause: Pause): Promise<ReadEvidence | undefined>;
}

async function compare(
  open: OpenFile,
  { clock }: Asked,
  until: number,
  wanted: ReadonlySet<RunEntry>,
): Promise<Beside | undefined> {
  const made = await history(open, clock, until, entry => wanted.has(entry));
  return made && { usualFor: made.usualFor, takeRead: async entry => made.takeRead(entry) };
}

/** Where nothing is compared: runs are read as they come, some at a time. */
function readTogether(open: OpenFile, { clock }: Asked, wanted: readonly RunEntry[]): Beside {
  const nothing = createUsual();
  const small = wanted.filter(entry => entry.settled.spans <= together.spans);
  let next = 0;
  let ahead: ReadonlyMap<RunEntry, ReadEvidence> = new Map();
  return {
    usualFor: run => nothing.seenFrom(run),
    takeRead: async (entry, pause) => {
      if (small[next] === entry) {
        const part = partFrom(small, next);
        next += part.length;
        ahead = await readSome(open, part, clock, pause);
      }
      return ahead.get(entry);
    },
  };
}

function partFrom(entries: readonly RunEntry[], begin: number): readonly RunEntry[] {
  let [end, spans] = [begin, 0];
  while (end < entries.length && end - begin < together.runs && spans < together.spans) {
    spans += entries[end++]?.settled.spans ?? 0;
  }
  return entries.slice(begin, end);
}

async function readSome(
  open: OpenFile,
  entries: readonly RunEntry[],
  clock: Clock,
  pause: Pause,
): Promise<ReadonlyMap<RunEntry, ReadEvidence>> {
  const views = await open.readViews(entries);
  const read = await evidenceOfSome(
    views.map(view => [view, summaryAt(view.entry, clock)]),
    pause,
  );
  return new Map([...read].map(([view, one]) => [view.entry, one]));
}

async function readRun(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  pause: Pause,
): Promise<ReadEvidence | undefined> {
  const [view] = await open.readViews([entry]);
  return view && (await evidenceOf(view, run, pause));
}
