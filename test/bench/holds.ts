import type { Profiler } from 'node:inspector';

export interface Hold {
  readonly ms: number;
  /** The function of the file at which the stack first came into it. */
  readonly name: string;
}

/** The longest time on end in which code of one file held the thread, by a CPU profile. */
export function longestHold(profile: Profiler.Profile, file: string): Hold {
  const entered = entries(profile, file);
  let longest: Hold = { ms: 0, name: 'nothing' };
  let ms = 0;
  let last: string | undefined;
  profile.samples?.forEach((sample, i) => {
    const name = entered.get(sample);
    // A sample stands for the time until the next one.
    const took = (profile.timeDeltas?.[i + 1] ?? 0) / 1000;
    ms = name !== undefined && name === last ? ms + took : took;
    last = name;
    if (name !== undefined && ms > longest.ms) longest = { ms, name };
  });
  return longest;
}

/** For each node below the file's code, the function through which the stack came there. */
function entries({ nodes }: Profiler.Profile, file: string): ReadonlyMap<number, string> {
  const entered = new Map<number, string>();
  // A node comes before its children.
  for (const { id, callFrame, children = [] } of nodes) {
    const isOurs = callFrame.url.endsWith(`/${file}`);
    const name = entered.get(id) ?? (isOurs ? callFrame.functionName || '(unnamed)' : undefined);
    if (name === undefined) continue;
    entered.set(id, name);
    for (const child of children) entered.set(child, name);
  }
  return entered;
}
