import type { Usage } from '../../../src/core/model.ts';
import { call, type Recorded } from './insightRuns.ts';

export interface Turn {
  readonly usage: Usage;
  readonly system?: string;
  readonly tools?: readonly unknown[];
  /** Each message's text; one that begins with `result` is the result of a tool. */
  readonly messages?: readonly string[];
  readonly cache?: boolean;
  readonly part?: Parameters<typeof call>[4];
  /** From the end of the call before. */
  readonly pause?: number;
}

const message = (text: string, index: number): unknown =>
  text.startsWith('result')
    ? { role: 'user', content: [{ type: 'tool_result', tool_use_id: `u${index}`, content: text }] }
    : { role: index % 2 === 0 ? 'user' : 'assistant', content: text };

/** Calls one after another, each of a second. */
export function talk(...turns: readonly Turn[]): readonly Recorded[] {
  let now = 0;
  return turns.map(
    ({ usage, system = 'Be brief.', tools, messages, cache, part, pause = 100 }, i) => {
      const start = now + (i === 0 ? 0 : pause);
      now = start + 1000;
      const blocks = [
        { type: 'text', text: system, ...(cache && { cache_control: { type: 'ephemeral' } }) },
      ];
      const request = messages && { system: blocks, tools, messages: messages.map(message) };
      return call(`c${i + 1}`, start, now, usage, { ...part, metadata: { request } });
    },
  );
}
