import type { Json } from '../sample/conversation.ts';
import { type Agent, type AgentOptions, type CallOptions, type UseOptions, use } from './agent.ts';
import type { Recording } from './recording.ts';
import type { World } from './worlds.ts';

/** What a run does otherwise than usual. */
export interface Change {
  readonly agent?: Partial<AgentOptions>;
  readonly before?: number | undefined;
  readonly first?: UseOptions & { readonly result?: unknown; readonly input?: Json };
  readonly second?: UseOptions & { readonly result?: unknown; readonly input?: Json };
  readonly calls?: CallOptions;
  readonly last?: CallOptions;
  /** Between the second tool and the answer. */
  readonly more?: (agent: Agent) => void;
  /** In place of the answer. */
  readonly end?: (agent: Agent) => void;
}

/** A run as it usually goes, save for a change. */
export function usual(file: Recording, world: World, index: number, change: Change = {}): Agent {
  const agent = file.run({ ...world.agent, ask: world.ask(index), ...change.agent }, change.before);
  for (const key of ['first', 'second'] as const) {
    const step = world[key];
    const other = change[key];
    const result = other && 'result' in other ? other.result : step.result(index, file.random);
    const ms = file.random.between(...step.ms);
    const kind = step.kind ?? 'tool';
    const input = other?.input ?? step.input(index);
    agent.turn({ ...change.calls }, use(step.tool, input, result, { ms, kind, ...other }));
    if (other?.open) return agent;
  }
  change.more?.(agent);
  if (change.end) change.end(agent);
  else agent.done({ text: world.answer(index), ...change.calls, ...change.last });
  return agent;
}

/** Several usual runs, and then one that may be another. */
export function after(
  file: Recording,
  world: World,
  count: number,
  change: Change = {},
  past?: (index: number) => Change,
): Agent {
  file.history(count, (index, before) => usual(file, world, index, { before, ...past?.(index) }));
  return usual(file, world, count, change);
}
