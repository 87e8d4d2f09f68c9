import { fileURLToPath } from 'node:url';

/** Where the agent's code opened a span; lines count from 1. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly function?: string;
}

/** Known places; an agent has a few hundred, and only code made anew all the time has more. */
const mostPlaces = 10_000;
const places = new Map<string, CallSite | undefined>();

type AnyFunction = (...args: never[]) => unknown;

/**
 * The caller of the given function, which must be running. What stands there is looked up once for each
 * place in the code; by itself, taking a stack costs a few microseconds.
 */
export function callSiteAbove(called: AnyFunction): CallSite | undefined {
  const top = topFrame(called);
  if (!top) return undefined;
  const key = `${top.getFileName()}:${top.getPosition()}`;
  if (places.has(key)) return places.get(key);
  const place = readPlace(called);
  if (places.size < mostPlaces) places.set(key, place);
  return place;
}

const frames = (_: Error, stack: NodeJS.CallSite[]): NodeJS.CallSite[] => stack;

/** Without the text of the stack, whose making is most of its price. */
function topFrame(called: AnyFunction): NodeJS.CallSite | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = frames;
    Error.captureStackTrace(holder, called);
    return (holder.stack as NodeJS.CallSite[])[0];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // `undefined` set by hand would keep Node from mapping stacks to TypeScript.
    if (prepareStackTrace) Error.prepareStackTrace = prepareStackTrace;
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** From the text of the stack: loaders of TypeScript put the lines of the source into it. */
function readPlace(called: AnyFunction): CallSite | undefined {
  const { stackTraceLimit } = Error;
  const holder: { stack?: string } = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, called);
  Error.stackTraceLimit = stackTraceLimit;
  const line = String(holder.stack).split('\n').at(-1) ?? '';
  return placeIn(line);
}

/** `    at async Agent.run (file:///a/b.ts:12:5)` */
export function placeIn(line: string): CallSite | undefined {
  const [, name, where] = /^\s*at (?:async )?(?:(.+?) \()?(.+?)\)?$/.exec(line) ?? [];
  const [, url, row] = /^(.+?):(\d+)(?::\d+)?$/.exec(where ?? '') ?? [];
  if (!url || url.startsWith('node:') || url.includes('<anonymous>')) return undefined;
  const file = url.startsWith('file:') ? pathOf(url) : url;
  // The top level of a CommonJS module has this name.
  const called = name?.includes('<anonymous>')
    ? undefined
    : name?.replace(/^new | \[as .*\]$/g, '');
  return { file, line: Number(row), ...(called && { function: called }) };
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    // A bundler may have named its code after no file: `file://host/a.js`, `file:///a%2Fb.js`.
    return url;
  }
}
