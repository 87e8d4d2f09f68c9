import type { RunSummary, UnixMs } from '../model.ts';
import { activityOf } from './finished.ts';
import type { Figures } from './notice.ts';
import type { RuleOf } from './rules.ts';
import type { FileState, Quiet } from './state.ts';

interface QuietLook {
  readonly group: string;
  readonly is: 'firing' | 'ok';
  readonly next: Quiet;
  readonly figures: Figures;
}

/**
 * Whether nothing ran for too long. Only silence that the monitor could have noticed counts: from its beginning
 * on, and anew after a time in which it did not look, since the machine may have slept and the agent with it.
 */
export function lookAtQuiet(
  rule: RuleOf<'no-runs'>,
  runs: readonly RunSummary[],
  known: FileState,
  now: UnixMs,
  mostGroups: number,
): readonly QuietLook[] {
  const latest = new Map<string, UnixMs>();
  for (const run of runs) {
    const active = activityOf(run, now);
    const group = rule.perName ? run.name : '';
    if (active !== undefined && active > (latest.get(group) ?? Number.NEGATIVE_INFINITY)) {
      latest.set(group, active);
    }
  }
  const groups = new Set(rule.perName ? [] : ['']);
  for (const key of Object.keys(known.quiet)) {
    const group = groupIn(key, rule.id);
    if (group !== undefined && (group === '') !== rule.perName) groups.add(group);
  }
  for (const group of latest.keys()) if (groups.size < mostGroups) groups.add(group);
  return [...groups].map(group => {
    const before = known.quiet[JSON.stringify([rule.id, group])];
    const next = quietOf(before, latest.get(group), known, rule, now);
    const silent = now - next.from;
    return {
      group,
      is: silent > rule.for ? 'firing' : 'ok',
      next,
      figures: { type: 'no-runs', last: next.last, silent: now - (next.last ?? next.from) },
    };
  });
}

function groupIn(key: string, rule: string): string | undefined {
  try {
    const [id, group] = JSON.parse(key) as readonly unknown[];
    return id === rule && typeof group === 'string' ? group : undefined;
  } catch {
    // A state file that was edited.
    return undefined;
  }
}

function quietOf(
  before: Quiet | undefined,
  seen: UnixMs | undefined,
  known: FileState,
  rule: RuleOf<'no-runs'>,
  now: UnixMs,
): Quiet {
  if (!before) {
    return { last: seen, from: Math.max(seen ?? known.evaluated, known.evaluated), slept: false };
  }
  const isNews = seen !== undefined && seen > (before.last ?? Number.NEGATIVE_INFINITY);
  const next = isNews ? { last: seen, from: Math.max(seen, before.from), slept: false } : before;
  // Once only: a monitor that looks seldom would otherwise never see it. What was silent for too long before
  // is so still.
  const slept = now - known.evaluated > rule.for && known.evaluated - next.from <= rule.for;
  return slept && !next.slept && now - next.from > rule.for ? { ...next, from: now, slept } : next;
}
