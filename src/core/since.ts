import type { Conversation } from './content.ts';
import { type Fields, fieldsOf } from './fields.ts';

/** What a prompt adds to that of an earlier call of the same conversation. */
export interface Since {
  /** Place of the earlier call among the run's, counted from 1. */
  readonly call: number | undefined;
  readonly spanId: string;
  /** Of the shown messages, the first that is new. */
  readonly from: number;
  /** What is not a message and is not as it was. */
  readonly changed: readonly ('system' | 'tools')[];
  /** Of the new part, where both calls' counts say it. */
  readonly tokens: number | undefined;
}

export interface Shared {
  /** Messages at the beginning that both prompts have. */
  readonly messages: number;
  /** The earlier prompt had none besides. */
  readonly whole: boolean;
  readonly changed: Since['changed'];
}

/** What two requests have in common; undefined where either is no list of messages. */
export function sharedPart(earlier: unknown, later: unknown): Shared | undefined {
  const [before, after] = [messagesOf(earlier), messagesOf(later)];
  if (!before || !after) return undefined;
  let messages = 0;
  while (messages < before.length && messages < after.length) {
    if (!sameValue(before[messages], after[messages])) break;
    messages++;
  }
  const [old, now] = [fieldsOf(earlier), fieldsOf(later)];
  const changed = (['system', 'tools'] as const).filter(name => !sameValue(old[name], now[name]));
  return { messages, whole: messages === before.length, changed };
}

function messagesOf(request: unknown): readonly unknown[] | undefined {
  if (Array.isArray(request)) return request;
  const { messages } = fieldsOf(request);
  return Array.isArray(messages) ? messages : undefined;
}

/** Where the first message that is not shared stands among those that are shown of the later request. */
export function firstNew(later: unknown, shared: Shared, shown: Conversation): number {
  const body = fieldsOf(later);
  const head = Array.isArray(later)
    ? 0
    : Number(body.system !== undefined) +
      Number(Array.isArray(body.tools) && body.tools.length > 0);
  const total = shown.messages.length + shown.omitted;
  const fromEnd = total - (head + shared.messages);
  return Math.max(0, shown.messages.length - fromEnd);
}

/**
 * Whether two recorded values are the same to the model: marks for the cache move from message to message,
 * and a text is the same alone or as the only block.
 */
export function sameValue(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  // Recorded by the same program, both nest alike; what is deeper than this is not worth the stack.
  if (depth > 60) return false;
  if (typeof a === 'string' && Array.isArray(b)) return b.length === 1 && isText(b[0], a);
  if (typeof b === 'string' && Array.isArray(a)) return a.length === 1 && isText(a[0], b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((one, index) => sameValue(one, b[index], depth + 1));
  }
  const [left, right] = [a as Fields, b as Fields];
  const keys = keysOf(left);
  return (
    keys.length === keysOf(right).length &&
    keys.every(key => Object.hasOwn(right, key) && sameValue(left[key], right[key], depth + 1))
  );
}

const keysOf = (fields: Fields): readonly string[] =>
  Object.keys(fields).filter(key => key !== 'cache_control');

function isText(block: unknown, text: string): boolean {
  const it = fieldsOf(block);
  return it.type === 'text' && it.text === text && keysOf(it).length === 2;
}
