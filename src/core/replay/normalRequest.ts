import { type Fields, fieldsOf } from '../fields.ts';

/**
 * What is not looked at when requests are compared: it does not change what the model is asked.
 * `stream` is how the answer is delivered, and a program may ask either way.
 */
const ignored = new Set(['stream', 'metadata', 'service_tier', 'cache_control']);

/** A request in the form in which two are compared. */
export interface NormalRequest {
  /** Without `messages`; null is the same as absent. */
  readonly head: Fields;
  readonly messages: readonly unknown[];
  /** Equal for requests that are equal, of the head and of each message. */
  readonly headKey: string;
  readonly messageKeys: readonly string[];
  readonly key: string;
}

const normals = new WeakMap<object, { readonly value: unknown; readonly key: string }>();

/**
 * Leaves out what is volatile: marks for the cache, `metadata` (whose `user_id` names a user or session),
 * `service_tier`, `stream`, and null fields of blocks, which SDKs add when they send an answer back. A text
 * is the same alone or as the only block; keys may stand in any order.
 *
 * @param also further fields to leave out, for example a `system` that holds the time of day
 */
export function normalRequest(body: Fields, also: readonly string[] = []): NormalRequest {
  const { messages, system, ...others } = body;
  const head: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(others)) {
    if (ignored.has(key) || also.includes(key) || value === null || value === undefined) continue;
    head[key] = key === 'tools' ? listOf(value, toolWithoutMarks) : value;
  }
  const systemBlocks = also.includes('system') ? undefined : contentOf(system);
  if (Array.isArray(systemBlocks) && systemBlocks.length > 0) head.system = systemBlocks;
  const normal = (Array.isArray(messages) ? messages : []).map(one => {
    const known = typeof one === 'object' && one !== null ? normals.get(one) : undefined;
    if (known) return known;
    const value = messageOf(one);
    const made = { value, key: keyOf(canonical(value)) };
    if (typeof one === 'object' && one !== null) normals.set(one, made);
    return made;
  });
  const headKey = keyOf(canonical(head));
  const messageKeys = normal.map(one => one.key);
  return {
    head,
    messages: normal.map(one => one.value),
    headKey,
    messageKeys,
    key: keyOf(`${headKey} ${messageKeys.join(' ')}`),
  };
}

/** The request as JSON for a diff editor: what is compared, in one order of keys. */
export const requestText = ({ head, messages }: NormalRequest): string => {
  const { model, system, tools, ...settings } = head;
  const ordered = { model, ...fieldsOf(sorted(settings)), system, tools, messages };
  return JSON.stringify(sortedInside(ordered), undefined, 2);
};

function messageOf(message: unknown): unknown {
  const it = fieldsOf(message);
  return { ...withoutMarks(it), content: contentOf(it.content) };
}

function contentOf(content: unknown): unknown {
  if (content === undefined || content === null) return content;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listOf(content, blockOf);
}

const listOf = (list: unknown, each: (one: unknown) => unknown): unknown =>
  Array.isArray(list) ? list.map(each) : list;

/** The arguments of a tool are the model's own: in them nothing is volatile. */
function blockOf(block: unknown): unknown {
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return block;
  const it = withoutMarks(block as Fields);
  return 'content' in it ? { ...it, content: contentOf(it.content) } : it;
}

const toolWithoutMarks = (tool: unknown): unknown =>
  typeof tool === 'object' && tool !== null ? withoutMarks(tool as Fields) : tool;

const withoutMarks = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) => key !== 'cache_control' && value !== null && value !== undefined,
    ),
  );

/** JSON with the keys in one order. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value)) ?? '';

/** Nesting was bounded where the text was read, so it does not exhaust the stack. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  const made: [string, unknown][] = Object.keys(fields)
    .sort()
    .map(key => [key, sorted(fields[key])]);
  return Object.fromEntries(made);
}

const sortedInside = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, sorted(value)]));

/** Two hashes of 32 bits and the length: enough to tell the texts of one run apart. */
function keyOf(text: string): string {
  let [a, b] = [0x811c9dc5, 7];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = (Math.imul(b, 0x2c1b3c6d) + code) | 0;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${text.length}`;
}
