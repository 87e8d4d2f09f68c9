import { errorText } from './errorText.ts';

/** Characters of a stack with those of its causes. */
const longest = 16_000;
/** Causes, and errors that one holds, which are told with it. */
const mostCauses = 10;

/** Errors that were told with their stack: who passes one on does not tell it again. */
const told = new WeakSet<object>();

/**
 * What was thrown, by OpenTelemetry's conventions for exceptions. The stack stands with the innermost span
 * that failed by it. Undefined for what is no error, whose words are all there is. Never throws.
 */
export function exceptionFields(error: unknown): Readonly<Record<string, string>> | undefined {
  if (!isError(error)) return undefined;
  const fields = {
    'exception.type': typeOf(error),
    'exception.message': cut(errorText(error)),
  };
  if (told.has(error)) return fields;
  told.add(error);
  return { ...fields, 'exception.stacktrace': cut(stackOf(error)) };
}

/** Also of another realm, such as a `vm`, whose errors are no instances of ours. */
function isError(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value instanceof Error || typeof field(value, 'stack') === 'string')
  );
}

function typeOf(error: object): string {
  const made = field(error, 'constructor');
  // A class that sets no name has that of what it extends; one that was minified has a name of its own.
  const names = [field(error, 'name'), typeof made === 'function' && field(made, 'name')];
  const [own, ofClass] = names.map(name => (typeof name === 'string' ? name : ''));
  return cut((own === 'Error' || !own ? ofClass : own) || 'Error');
}

/** With its causes, and the errors of an AggregateError, each once. */
function stackOf(error: object): string {
  const seen = new Set<unknown>();
  const waiting: [prefix: string, error: unknown][] = [['', error]];
  let text = '';
  for (let next = waiting.shift(); next && seen.size < mostCauses; next = waiting.shift()) {
    const [prefix, one] = next;
    if (seen.has(one)) continue;
    seen.add(one);
    text += `${text === '' ? '' : '\n'}${prefix}${cut(textOf(one))}`;
    if (text.length > longest || typeof one !== 'object' || one === null) continue;
    const cause = field(one, 'cause');
    const errors = field(one, 'errors');
    if (cause !== undefined && cause !== null) waiting.push(['Caused by: ', cause]);
    if (one instanceof AggregateError && Array.isArray(errors)) {
      for (const held of errors.slice(0, mostCauses)) waiting.push(['One of its errors: ', held]);
    }
  }
  return text;
}

function textOf(error: unknown): string {
  if (!isError(error)) return errorText(error);
  const stack = field(error, 'stack');
  return typeof stack === 'string' && stack !== ''
    ? stack
    : `${typeOf(error)}: ${errorText(error)}`;
}

function field(of: object, key: string): unknown {
  try {
    return (of as Record<string, unknown>)[key];
  } catch {
    // What an error says of itself may throw as well.
    return undefined;
  }
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
