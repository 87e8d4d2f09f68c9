import type { ReplayPlan } from '../core/replay/plan.ts';
import type { ReplayEvent, ReplaySummary } from '../core/replay/replayEvents.ts';

/** Counts what happened. */
export function replayTally(plan: ReplayPlan): {
  add(event: ReplayEvent): void;
  readonly summary: ReplaySummary;
} {
  const counts = { answered: 0, live: 0, stopped: 0, differed: 0, refused: 0 };
  let firstDifference: string | undefined;
  return {
    add(event) {
      switch (event.kind) {
        case 'matched':
          counts.answered++;
          break;
        case 'differed':
          counts.differed++;
          firstDifference ??= event.words;
          break;
        case 'live':
        case 'stopped':
        case 'refused':
          counts[event.kind]++;
      }
    },
    get summary() {
      const requests = counts.answered + counts.live + counts.stopped;
      return { requests, ...counts, ...plan.progress, firstDifference };
    },
  };
}
