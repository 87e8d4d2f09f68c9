import { fieldsOf, textOf } from '../fields.ts';

/** What the text of a failed call says of the API's answer. */
export interface FailureWords {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly message: string;
  readonly requestId: string | undefined;
}

/**
 * Reads the error that a tracer recorded: our own writes `529 overloaded_error: Overloaded`; others keep the
 * text of the SDK's error, which has the API's answer as JSON in TypeScript, and as Python writes it there.
 */
export function failureWords(words: string): FailureWords {
  const [, begin, rest = words] = /^(?:Error code: )?([45]\d\d)\b(?: -)? ?(.*)$/s.exec(words) ?? [];
  const status = begin === undefined ? undefined : Number(begin);
  return { status, ...(fromJson(rest) ?? fromPython(rest) ?? fromTracer(rest)) };
}

type Said = Omit<FailureWords, 'status'>;

function fromJson(text: string): Said | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const body = fieldsOf(JSON.parse(text));
    const { type, message } = fieldsOf(body.error);
    const said = textOf(message);
    if (said === undefined) return undefined;
    return { type: textOf(type), message: said, requestId: textOf(body.request_id) };
  } catch {
    // Python's, or cut: the other forms are tried.
    return undefined;
  }
}

const quoted = `(?:'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)")`;
const inPython = new RegExp(`'error': \\{[^{}]*?'type': '([a-z_]+)', 'message': ${quoted}`, 's');

function fromPython(text: string): Said | undefined {
  const found = inPython.exec(text);
  if (!found) return undefined;
  const [, type, single, double] = found;
  const message = (single ?? double ?? '').replace(/\\(.)/gs, (_, char) =>
    char === 'n' ? '\n' : char === 't' ? '\t' : char,
  );
  return { type, message, requestId: /'request_id': '([^']*)'/.exec(text)?.[1] };
}

function fromTracer(text: string): Said {
  const [, type, message = text] = /^(?:([a-z_]+): )?(.*)$/s.exec(text) ?? [];
  return { type, message, requestId: undefined };
}

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The API's word for a status. */
export const errorTypeOf = (status: number): string =>
  types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');

/** Whether a text says that no answer came, rather than that something else went wrong. */
export const saysLost = (words: string): boolean =>
  /connect|fetch failed|network|socket|timed? ?out|terminated|ECONN|EPIPE|hang up/i.test(words);
