import { below, type PathStates } from './fieldPath.ts';
import { plainValue } from './plainValue.ts';

/** A place in a value; paths are put together only when something is said about it. */
export interface Place {
  readonly up: Place | undefined;
  readonly key: string;
  /** An element of an array. */
  readonly element: boolean;
  readonly depth: number;
  readonly states: PathStates;
}

/** What is done to the parts of a value. `undefined` from `leaf` or `enter` leaves the part out. */
export interface Visitor {
  /** Whether to copy an array or object; otherwise what stands in its place. */
  enter(value: object, place: Place): { readonly replaced: unknown } | 'copy';
  leaf(value: unknown, place: Place): unknown;
  name(key: string, place: Place): string;
}

interface Frame {
  /** What stands there; `from` may be made of it. */
  readonly source: unknown;
  readonly from: object;
  readonly keys: readonly string[];
  readonly to: unknown[] | Record<string, unknown>;
  readonly place: Place;
  next: number;
}

/**
 * Copies what JSON can hold of a value, asking a visitor at each part. No recursion: depth is the visitor's
 * to bound, and never the stack's.
 */
export function plainCopy(root: unknown, states: PathStates, visitor: Visitor): unknown {
  const open = new Set<unknown>();
  const frames: Frame[] = [];
  const start = (value: unknown, place: Place): unknown => {
    if (open.has(value)) return '[circular]';
    const plain = plainOf(value);
    if (typeof plain !== 'object' || plain === null) return visitor.leaf(plain, place);
    const entered = visitor.enter(plain, place);
    if (entered !== 'copy') return entered.replaced;
    const isArray = Array.isArray(plain);
    const to = isArray ? [] : {};
    const keys = isArray ? [] : keysOf(plain);
    open.add(value);
    frames.push({ source: value, from: plain, keys, to, place, next: 0 });
    return to;
  };
  const result = start(root, { up: undefined, key: '', element: false, depth: 0, states });
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    const { source, from, keys, to, place } = frame;
    const isArray = Array.isArray(from);
    if (frame.next >= (isArray ? from.length : keys.length)) {
      frames.pop();
      open.delete(source);
      continue;
    }
    const index = frame.next++;
    const key = isArray ? String(index) : (keys[index] ?? '');
    const inside: Place = {
      up: place,
      key,
      element: isArray,
      depth: place.depth + 1,
      states: below(place.states, key),
    };
    const copy = start(readField(from, key), inside);
    if (Array.isArray(to)) to.push(copy === undefined ? null : copy);
    else if (copy !== undefined) setOwn(to, freeName(to, visitor.name(key, inside)), copy);
  }
  return result;
}

/** The path of a place, as in `request.messages[0].content`. */
export function pathOf(place: Place): string {
  const parts: string[] = [];
  for (let at: Place | undefined = place; at?.up; at = at.up) {
    parts.push(at.element ? `[${at.key}]` : `.${at.key}`);
  }
  return parts.reverse().join('').replace(/^\./, '');
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  try {
    const shown = plainValue(value);
    if (shown !== value) return shown;
    const toJson = (value as { toJSON?: unknown }).toJSON;
    if (typeof toJson !== 'function') return value;
    const json: unknown = toJson.call(value, '');
    return typeof json === 'function' || typeof json === 'bigint' ? String(json) : json;
  } catch {
    // The object cannot say what it is: that is all there is to keep of it.
    return '[unreadable]';
  }
}

export function keysOf(value: object): readonly string[] {
  try {
    return Object.keys(value);
  } catch {
    // A proxy may refuse; it is kept as an empty object.
    return [];
  }
}

export function readField(from: object, key: string): unknown {
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    // A getter may throw.
    return '[unreadable]';
  }
}

/** Two names may become the same one when their secrets are taken out. */
function freeName(to: Record<string, unknown>, name: string): string {
  if (!Object.hasOwn(to, name)) return name;
  let count = 2;
  while (Object.hasOwn(to, `${name} ${count}`)) count++;
  return `${name} ${count}`;
}

/** `__proto__` is a name like any other in JSON. */
function setOwn(to: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(to, key, { value, enumerable: true, configurable: true, writable: true });
}
