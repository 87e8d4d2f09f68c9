import { costByModel, costOfRun } from '../core/costByOthers.ts';
import { costByTool } from '../core/costByTool.ts';
import { CostSums } from '../core/costSums.ts';
import type { RunSummary } from '../core/model.ts';
import { newestFirst } from '../core/runQuery.ts';
import { zoneOffsets } from '../core/zone.ts';
import type { CostsPage, CostsRequest } from '../protocol/analysis.ts';
import { type KeptCosts, keepCosts, keptParts } from './keptCosts.ts';
import type { RunEntry, RunIndex } from './runIndex.ts';
import { orderedRuns } from './runOrders.ts';
import { atMost, findRuns } from './searchRuns.ts';
import { readResults } from './toolResults.ts';
import type { OpenFile } from './traceFile.ts';

/** What was summed of a list of runs. */
interface Summed {
  readonly sums: CostSums;
  done: number;
}

/** What each run cost, by what its spans have to be read for. Of a run that changed there is another entry. */
const kept = {
  tool: new WeakMap<RunEntry, KeptCosts>(),
  model: new WeakMap<RunEntry, KeptCosts>(),
};
/** By the list of runs: a page that is asked for next goes on where the one before ended. */
const summed = new WeakMap<readonly RunSummary[], Map<string, Summed>>();

// So many spans are read at a time.
const mostAtOnce = 4000;

/** Sums on for a while, the newest runs first. */
export async function costs(open: OpenFile, request: CostsRequest): Promise<CostsPage> {
  let index = await open.index();
  if (index.share !== undefined) {
    await open.advance(atMost);
    index = await open.index();
  }
  const { text, clock, by, zone } = request;
  const found = await findRuns(open, { text, clock });
  if (found.done < found.of) return { rows: [], done: 0, of: found.of, partial: true };
  index = await open.index();
  const runs = orderedRuns(index, request, newestFirst, clock);
  const state = stateOf(runs, by === 'day' ? `day ${zone}` : by);
  if (by === 'name' || by === 'day') {
    const offsetAt = zoneOffsets(zone);
    const add = (run: RunSummary) => state.sums.add(costOfRun(run, by, offsetAt));
    await addOn(open, runs, state, add);
  } else await sumOn(open, index, runs, by, state);
  const { done, sums } = state;
  // More runs will be known: their number is guessed from what was read.
  const of = index.share === undefined ? runs.length : guessed(runs.length, index.share);
  return { rows: sums.rows, done, of, partial: done < of };
}

const guessed = (known: number, share: number): number =>
  Math.max(known + 1, Math.ceil(known / Math.max(share, 0.001)));

function stateOf(runs: readonly RunSummary[], key: string): Summed {
  const states = summed.get(runs) ?? new Map<string, Summed>();
  summed.set(runs, states);
  const state = states.get(key) ?? { sums: new CostSums(), done: 0 };
  states.set(key, state);
  return state;
}

/** What runs cost is known of each: there is nothing to read, and yet others are to be answered meanwhile. */
async function addOn(
  open: OpenFile,
  runs: readonly RunSummary[],
  state: Summed,
  add: (run: RunSummary) => void,
): Promise<void> {
  const until = performance.now() + atMost;
  const pause = open.pause();
  // Two who ask at the same time go on from where the other one is.
  for (let run = runs[state.done]; run; run = runs[state.done]) {
    add(run);
    if (++state.done % 200 > 0) continue;
    if (performance.now() > until) return;
    await pause.ifLong();
  }
}

async function sumOn(
  open: OpenFile,
  index: RunIndex,
  runs: readonly RunSummary[],
  by: 'tool' | 'model',
  state: Summed,
): Promise<void> {
  const until = performance.now() + atMost;
  const pause = open.pause();
  while (state.done < runs.length && performance.now() < until) {
    const from = state.done;
    const next = nextOf(index, runs, from);
    // A run that is gone is not in the list that is asked for next.
    const entries = next.flatMap(entry => entry ?? []);
    const unknown = entries.filter(entry => !kept[by].has(entry));
    const read: (readonly [RunEntry, KeptCosts])[] = [];
    const views = await open.readViews(unknown);
    const sizes = by === 'tool' ? await readResults(views, pause) : undefined;
    for (const view of views) {
      const parts = sizes
        ? costByTool(view.tree, sizes, view.source.prices)
        : costByModel(view.tree);
      read.push([view.entry, keepCosts(parts)]);
      await pause.ifLong();
    }
    // Entries outlive the state of the file: what was read too late must not be known of them.
    if (read.length > 0) pause.check();
    for (const [entry, costs] of read) kept[by].set(entry, costs);
    // The same may have been asked for twice.
    if (state.done !== from) continue;
    for (const entry of entries) {
      const costs = kept[by].get(entry);
      for (const part of costs ? keptParts(costs) : []) state.sums.add(part);
    }
    state.done += next.length;
    await pause.ifLong();
  }
}

/** Some runs that come next, together not too large. */
function nextOf(
  index: RunIndex,
  runs: readonly RunSummary[],
  from: number,
): readonly (RunEntry | undefined)[] {
  const next: (RunEntry | undefined)[] = [];
  let spans = 0;
  for (let at = from; at < runs.length && spans < mostAtOnce; at++) {
    const entry = index.byId.get(runs[at]?.runId ?? '');
    spans += entry?.settled.spans ?? 0;
    next.push(entry);
  }
  return next;
}
