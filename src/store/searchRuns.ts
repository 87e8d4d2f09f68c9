import type { RunSummary } from '../core/model.ts';
import {
  type LeftOut,
  neededTexts,
  negations,
  runSays,
  spanMatches,
} from '../core/query/evaluate.ts';
import type { Plan } from '../core/query/plan.ts';
import type { RunTest } from '../core/runQuery.ts';
import type { Clock } from '../core/status.ts';
import type { Pause } from './pause.ts';
import { type RunEntry, type RunIndex, summaryAt } from './runIndex.ts';
import { type Asked, planFor } from './searchPlan.ts';
import { factsOf, SearchedSpan } from './searchSpan.ts';
import { searchRows } from './searchTexts.ts';
import type { OpenFile } from './traceFile.ts';

/** A text with the time for which it is asked. */
export interface Question {
  readonly text?: string | undefined;
  readonly clock: Clock;
}

interface Answer {
  readonly matches: boolean;
  readonly run: RunSummary;
  readonly at: number;
}

// The list that is shown, the tree beside it, and the ones before them.
const keptTexts = 4;
const minute = 60_000;
/** Milliseconds after which a part of the work is handed over. */
export const atMost = 100;

/** By run and text, whether its spans have what is asked for. An index that is made anew has other entries. */
const answers = new WeakMap<RunEntry, Map<string, Answer>>();

/** The index of a file, once it is known which of its runs have what is asked for. */
export async function searched(open: OpenFile, question: Question): Promise<RunIndex> {
  const index = await open.index();
  await work(open, index, question, Number.POSITIVE_INFINITY);
  return index;
}

/** Works on at that for a while. */
export async function findRuns(
  open: OpenFile,
  question: Question,
): Promise<{ readonly done: number; readonly of: number }> {
  const index = await open.index();
  const done = await work(open, index, question, performance.now() + atMost);
  return { done, of: index.entries.length };
}

/**
 * Which runs a text lets through, of those that were looked for.
 *
 * @returns `minute` is another one when the same text may let other runs through
 */
export function askedOf(
  { byId }: RunIndex,
  text: string | undefined,
  clock: Clock,
): { readonly test: RunTest; readonly minute: number } {
  const { plan, timed } = planFor(text, clock);
  if (!plan) return { test: () => true, minute: 0 };
  const test = (run: RunSummary): boolean => {
    const said = runSays(plan, { run });
    if (said !== undefined) return said;
    const entry = byId.get(run.runId);
    return (entry && answers.get(entry)?.get(text ?? '')?.matches) ?? false;
  };
  return { test, minute: timed ? Math.floor(clock.now / minute) : 0 };
}

// Each check costs some 0.1 ms.
const checkEvery = 50;

/** @returns how many runs are settled; all where the time sufficed */
async function work(
  open: OpenFile,
  { entries }: RunIndex,
  { text, clock }: Question,
  until: number,
): Promise<number> {
  const asked = planFor(text, clock);
  const { plan } = asked;
  if (!plan || text === undefined) return entries.length;
  const pause = open.pause();
  let found: (readonly [RunEntry, Answer])[] = [];
  // Runs outlive the state that was read: what was read too late must not be known of them.
  const rememberAll = (): void => {
    if (found.length > 0) pause.check();
    for (const [entry, answer] of found) remember(entry, text, answer);
    found = [];
  };
  for (let done = 0; done < entries.length; done++) {
    const entry = entries[done] as RunEntry;
    const run = summaryAt(entry, clock);
    if (runSays(plan, { run }) !== undefined) continue;
    if (stillHolds(answers.get(entry)?.get(text), run, asked, clock)) continue;
    if (performance.now() > until) {
      rememberAll();
      return done;
    }
    const matches = await runMatches(open, entry, run, plan, asked, pause);
    found.push([entry, { matches, run, at: clock.now }]);
    if (found.length >= checkEvery) rememberAll();
    await pause.ifLong();
  }
  rememberAll();
  return entries.length;
}

function stillHolds(
  answer: Answer | undefined,
  run: RunSummary,
  { timed }: Asked,
  { now }: Clock,
): boolean {
  return answer?.run === run && (!timed || Math.abs(now - answer.at) < minute);
}

function remember(entry: RunEntry, text: string, answer: Answer): void {
  const known = answers.get(entry) ?? new Map<string, Answer>();
  known.delete(text);
  known.set(text, answer);
  for (const oldest of known.keys()) {
    if (known.size <= keptTexts) break;
    known.delete(oldest);
  }
  answers.set(entry, known);
}

async function runMatches(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  plan: Plan,
  asked: Asked,
  pause: Pause,
): Promise<boolean> {
  const leftOut = await leftOutOf(open, entry, run, plan, asked, pause);
  const said = runSays(plan, { run }, leftOut);
  if (said !== undefined) return said;
  const [needed] = neededTexts(plan, { run });
  let rows: Set<number> | undefined;
  if (needed?.sought) {
    rows = new Set();
    const search = asked.searchFor(needed.sought);
    for (const range of [...entry.ranges].reverse()) {
      for (const { row, found } of searchRows(open.source, range, [search])) {
        // Where nothing else is asked, one place is enough.
        if (found && plan === needed) return true;
        if (found) rows.add(row);
        await pause.ifLong();
      }
    }
    if (rows.size === 0) return false;
  }
  const view = await open.view(entry.runId);
  const facts = await factsOf(run, view, asked);
  const nowSaid = runSays(plan, facts, leftOut);
  if (nowSaid !== undefined) return nowSaid;
  for (const node of view.tree.ordered) {
    const span = new SearchedSpan(view, node, asked);
    if (rows && !rows.has(span.row)) continue;
    if (spanMatches(plan, facts, span, leftOut)) return true;
    await pause.ifLong();
  }
  return false;
}

/** For a run as a whole, what holds of each part that leaves something out. */
async function leftOutOf(
  open: OpenFile,
  entry: RunEntry,
  run: RunSummary,
  plan: Plan,
  asked: Asked,
  pause: Pause,
): Promise<LeftOut> {
  const found = new Map<Plan, boolean>();
  for (const one of negations(plan)) {
    const said = runSays(one.part, { run });
    const matches = said ?? (await runMatches(open, entry, run, one.part, asked, pause));
    found.set(one, !matches);
  }
  return found;
}
