import type { RunEvidence } from '../core/insights/evidence.ts';
import { insightSteps } from '../core/insights/findInsights.ts';
import type { Insight } from '../core/insights/insight.ts';
import type { RunSummary } from '../core/model.ts';
import type { InsightsPage, InsightsRequest } from '../protocol/analysis.ts';
import { type Compared, history } from './history.ts';
import type { Pause } from './pause.ts';
import { evidenceOf } from './runEvidence.ts';
import { type RunEntry, summaryAt } from './runIndex.ts';
import { atMost } from './searchRuns.ts';
import type { OpenFile } from './traceFile.ts';

/** What was found about a run, as it was judged and by which thresholds. */
interface Known {
  readonly insights: readonly Insight[];
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
  const partial = !only && (share !== undefined || entries.length > asked.length);
  if (asked.some(entry => !knownOf(entry, request))) {
    await lookOn(open, asked, request, performance.now() + atMost, onSlip);
  }
  const done = asked.flatMap(entry => knownOf(entry, request) ?? []);
  return {
    insights: done.flatMap(one => one.insights).slice(0, mostInsights),
    done: done.length,
    of: asked.length,
    partial,
  };
}

/** Of a run that is not wholly known, spans would be taken to lack their parents. */
const isPartial = ({ settled }: RunEntry): boolean => settled.partial === true;

function knownOf(entry: RunEntry, { thresholds, clock }: InsightsRequest): Known | undefined {
  const found = known.get(entry);
  if (found?.run !== summaryAt(entry, clock)) return undefined;
  if (found.thresholds !== JSON.stringify(thresholds)) return undefined;
  // How long a run has been at something changes by itself.
  if (found.run.status === 'running' && Math.abs(clock.now - found.at) >= minute) return undefined;
  return found;
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
    const evidence = await read(open, entry, run, compared, pause);
    if (!evidence) continue;
    const context = { usual: compared.usualFor(run), thresholds, clock };
    const found = await pause.through(insightSteps(evidence, context, onSlip));
    // Entries outlive the state of the file: what was read too late must not be known of them.
    pause.check();
    const how = { thresholds: JSON.stringify(thresholds), at: clock.now };
    known.set(entry, { insights: found, run, ...how });
    if (performance.now() > until) return;
    await pause.ifLong();
  }
}

async function read(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  compared: Compared,
  pause: Pause,
): Promise<RunEvidence | undefined> {
  const ahead = compared.takeRead(entry);
  if (ahead) return { ...ahead, run };
  const [view] = await open.readViews([entry]);
  return view && (await evidenceOf(view, run, pause)).evidence;
}
