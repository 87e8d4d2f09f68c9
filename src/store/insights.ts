import { gravestOfEach, insightSteps, mostOfRun } from '../core/insights/findInsights.ts';
import type { Insight } from '../core/insights/insight.ts';
import type { RunSummary } from '../core/model.ts';
import type { InsightsPage, InsightsRequest } from '../protocol/analysis.ts';
import { type Compared, history } from './history.ts';
import type { Pause } from './pause.ts';
import { evidenceOf, type ReadEvidence } from './runEvidence.ts';
import { type RunEntry, summaryAt } from './runIndex.ts';
import { atMost } from './searchRuns.ts';
import type { OpenFile } from './traceFile.ts';

/** What was found about a run, as it was judged and by which thresholds. */
interface Known {
  readonly insights: readonly Insight[];
  /** Not all of it was read, or more was found than is kept. */
  readonly isCut: boolean;
  readonly run: RunSummary;
  readonly thresholds: string;
  readonly at: number;
}

/** Of a run that changed there is another entry. */
const known = new WeakMap<RunEntry, Known>();

// An answer stays small, whatever was asked for.
const mostRuns = 1000;
const mostInsights = 5000;
const minute = 60_000;

/**
 * Looks at runs for a while, the newest first.
 *
 * @param onSlip what becomes of a slip in what looks for one type of them; the others are found all the same
 */
export async function insights(
  open: OpenFile,
  request: InsightsRequest,
  onSlip?: (thrown: unknown) => void,
): Promise<InsightsPage> {
  const { of } = request;
  const only = 'runId' in of ? await open.entry(of.runId) : undefined;
  const newest = 'newest' in of ? Math.min(mostRuns, Math.max(0, Math.floor(of.newest) || 0)) : 0;
  let { entries, share } = await open.index();
  if (!only && entries.slice(0, newest).some(isPartial)) {
    await open.advance(atMost);
    ({ entries, share } = await open.index());
  }
  const asked = only ? [only] : entries.slice(0, newest);
  const isFew = !only && (share !== undefined || entries.length > asked.length);
  if (asked.some(entry => !knownOf(entry, request))) {
    await lookOn(open, asked, request, performance.now() + atMost, onSlip);
  }
  const done = asked.flatMap(entry => knownOf(entry, request) ?? []);
  const found = gravestOfEach(
    done.map(one => one.insights),
    mostInsights,
  );
  const all = done.reduce((sum, one) => sum + one.insights.length, 0);
  const isCut = found.length < all || done.some(one => one.isCut);
  return {
    insights: found,
    done: done.length,
    of: asked.length,
    partial: isFew || isCut,
    ...(isCut && { isCut }),
  };
}

/** Of a run that is not wholly known, spans would be taken to lack their parents. */
const isPartial = ({ settled }: RunEntry): boolean => settled.partial === true;

function knownOf(entry: RunEntry, { thresholds, clock }: InsightsRequest): Known | undefined {
  const found = known.get(entry);
  if (found?.run !== summaryAt(entry, clock)) return undefined;
  if (found.thresholds !== JSON.stringify(thresholds)) return undefined;
  // For how long nothing has happened in a run changes by itself, and is told the rounder the longer it is.
  const { status, lastActivity } = found.run;
  if (status !== 'running' && !found.insights.some(({ type }) => type === 'stuck')) return found;
  const isTrueFor = Math.max(minute, (found.at - (lastActivity ?? found.at)) / 10);
  return Math.abs(clock.now - found.at) < isTrueFor ? found : undefined;
}

async function lookOn(
  open: OpenFile,
  asked: readonly RunEntry[],
  request: InsightsRequest,
  until: number,
  onSlip: ((thrown: unknown) => void) | undefined,
): Promise<void> {
  const wanted = new Set(asked.filter(entry => !knownOf(entry, request)));
  const compared = await history(open, request.clock, until, entry => wanted.has(entry));
  if (!compared) return;
  const pause = open.pause();
  const { thresholds, clock } = request;
  for (const entry of asked) {
    if (isPartial(entry) || knownOf(entry, request)) continue;
    const run = summaryAt(entry, clock);
    const read = await readRun(open, entry, run, compared, pause);
    if (!read) continue;
    const evidence = { ...read.evidence, run };
    const { prices } = open.source;
    const context = { usual: compared.usualFor(run), thresholds, clock, prices };
    const found = await pause.through(insightSteps(evidence, context, onSlip));
    // Entries outlive the state of the file: what was read too late must not be known of them.
    pause.check();
    const how = { thresholds: JSON.stringify(thresholds), at: clock.now };
    const isCut = !read.isWhole || found.length > mostOfRun;
    known.set(entry, { insights: found.slice(0, mostOfRun), isCut, run, ...how });
    if (performance.now() > until) return;
    await pause.ifLong();
  }
}

async function readRun(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  compared: Compared,
  pause: Pause,
): Promise<ReadEvidence | undefined> {
  const ahead = compared.takeRead(entry);
  if (ahead) return ahead;
  const [view] = await open.readViews([entry]);
  return view && (await evidenceOf(view, run, pause));
}
