import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { NormalRequest } from './normalRequest.ts';

/** The first place at which a request is not as it was recorded. */
export interface RequestDifference {
  /** For example `messages[2].content[0].content[0].text`. */
  readonly path: string;
  /** The tool whose result or call it stands in. */
  readonly tool: string | undefined;
  /** What stands there on each side, short; undefined where there is nothing. */
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

type Step = string | number;
interface Found {
  readonly steps: readonly Step[];
  readonly recorded: unknown;
  readonly now: unknown;
}

/**
 * The first difference in the order in which a request is read: model, system, tools, messages, settings.
 * Undefined where there is none, or only where the recorder has put its mark in place of a text.
 */
export function requestDifference(
  recorded: NormalRequest,
  now: NormalRequest,
): RequestDifference | undefined {
  const found = firstIn(recorded, now);
  if (!found) return undefined;
  const [before, after] = shortened(found.recorded, found.now);
  return {
    path: pathOf(found.steps),
    tool: toolAt(found.steps, recorded.messages) ?? toolAt(found.steps, now.messages),
    recorded: before,
    now: after,
  };
}

const first = ['model', 'system', 'tools'];

function firstIn(recorded: NormalRequest, now: NormalRequest): Found | undefined {
  if (recorded.headKey !== now.headKey) {
    for (const key of first) {
      const found = differs([key], recorded.head[key], now.head[key]);
      if (found) return found;
    }
  }
  const count = Math.max(recorded.messages.length, now.messages.length);
  for (let at = 0; at < count; at++) {
    if (recorded.messageKeys[at] === now.messageKeys[at]) continue;
    const found = differs(['messages', at], recorded.messages[at], now.messages[at]);
    if (found) return found;
  }
  if (recorded.headKey === now.headKey) return undefined;
  const settings = new Set([...Object.keys(recorded.head), ...Object.keys(now.head)]);
  for (const key of [...settings].sort()) {
    const found = differs([key], recorded.head[key], now.head[key]);
    if (found) return found;
  }
  return undefined;
}

/** Nesting was bounded where the text was read, so it does not exhaust the stack. */
function differs(steps: readonly Step[], recorded: unknown, now: unknown): Found | undefined {
  if (recorded === now) return undefined;
  const here = { steps, recorded, now };
  if (typeof recorded === 'string' && typeof now === 'string') {
    return isMarked(recorded, now) ? undefined : here;
  }
  if (Array.isArray(recorded) && Array.isArray(now)) {
    for (let at = 0; at < Math.max(recorded.length, now.length); at++) {
      const found = differs([...steps, at], recorded[at], now[at]);
      if (found) return found;
    }
    return undefined;
  }
  if (!isObject(recorded) || !isObject(now)) return here;
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(now)])) {
    const found = differs([...steps, key], recorded[key], now[key]);
    if (found) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mark = /…?\[redacted:[a-z-]+\]/;

/** Whether a text is as recorded, but for parts that were taken out when it was. */
function isMarked(recorded: string, now: string): boolean {
  if (!mark.test(recorded)) return false;
  const pieces = recorded.split(mark);
  const [head = '', tail = ''] = [pieces[0], pieces.at(-1)];
  if (!now.startsWith(head) || !now.endsWith(tail) || now.length < head.length + tail.length) {
    return false;
  }
  let at = head.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = now.indexOf(piece, at);
    if (found < 0 || found + piece.length > now.length - tail.length) return false;
    at = found + piece.length;
  }
  return true;
}

const pathOf = (steps: readonly Step[]): string =>
  steps
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at ? `.${step}` : step))
    .join('');

/** The name of the tool that the block at a place called, or whose result it is. */
function toolAt(
  [top, message, content, block]: readonly Step[],
  messages: readonly unknown[],
): string | undefined {
  if (top !== 'messages' || typeof message !== 'number') return undefined;
  if (content !== 'content' || typeof block !== 'number') return undefined;
  const at = blocksOf(messages[message])[block];
  const { name, tool_use_id: id } = fieldsOf(at);
  if (id === undefined) return textOf(name);
  const use = blocksOf(messages[message - 1]).find(one => fieldsOf(one).id === id);
  return textOf(fieldsOf(use).name);
}

const blocksOf = (message: unknown): readonly unknown[] => {
  const { content } = fieldsOf(message);
  return Array.isArray(content) ? content : [];
};

const mostChars = 120;
const before = 30;

/** Of long texts, the part around the first character that differs. */
function shortened(recorded: unknown, now: unknown): (string | undefined)[] {
  const texts = [recorded, now].map(one =>
    one === undefined || typeof one === 'string' ? one : JSON.stringify(one),
  );
  const [a = '', b = ''] = texts;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = a.length <= mostChars && b.length <= mostChars ? 0 : Math.max(0, same - before);
  return texts.map(text => {
    if (text === undefined) return undefined;
    const part = text
      .slice(from, from + mostChars)
      .replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
    return `${from > 0 ? '…' : ''}${part}${from + mostChars < text.length ? '…' : ''}`;
  });
}
