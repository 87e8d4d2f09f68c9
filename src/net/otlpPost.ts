import { TraceError, type TraceErrorCode } from '../core/errors.ts';
import { formatDuration } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { fromBase64 } from '../formats/base64.ts';
import { decodeAnswer, decodeAnswerJson, decodeRefusal } from '../formats/otlpAnswer.ts';
import { quoted } from './apiFailure.ts';
import { retryAfterMs } from './retryAfter.ts';

export interface OtlpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly encoding: 'protobuf' | 'json';
  readonly gzip: boolean;
  readonly signal: AbortSignal;
  /** So long it may take until the head of an answer is there. */
  readonly timeoutMs: Ms;
}

/** What came of one request. */
export type PostOutcome =
  | { readonly kind: 'taken'; readonly rejected: number; readonly message: string }
  /** Not taken, and it says that it may be sent again. */
  | { readonly kind: 'later'; readonly waitMs: number | undefined; readonly words: string }
  | { readonly kind: 'too-large'; readonly words: string }
  /** Not taken, and never will be. */
  | { readonly kind: 'refused'; readonly error: TraceError }
  /** No connection was there: nothing can have arrived. */
  | { readonly kind: 'unreached'; readonly words: string; readonly error: TraceError | undefined }
  /** It may have arrived, or not. */
  | { readonly kind: 'unknown'; readonly words: string };

const mostAnswerBytes = 1_000_000;
/** The retryable codes of the OTLP specification; the others say that it would be the same again. */
const retryable = new Set([429, 502, 503, 504]);

/** Sends one request, once. Never rejects but with what the signal says. */
export async function postOtlp(post: OtlpPost): Promise<PostOutcome> {
  const { url, headers, encoding, signal } = post;
  const host = url.host;
  const secrets = secretsIn(headers);
  const said = (text: string): string => withoutSecrets(text, secrets);
  const timeout = AbortSignal.timeout(post.timeoutMs);
  let response: Response;
  try {
    const body = post.gzip ? await gzipped(post.body) : post.body;
    response = await fetch(url, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: {
        ...headers,
        'Content-Type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
        ...(post.gzip && { 'Content-Encoding': 'gzip' }),
      },
      signal: AbortSignal.any([signal, timeout]),
      // Another address must not get the key; a browser does not say where to.
      redirect: 'manual',
    });
  } catch (error) {
    signal.throwIfAborted();
    return failed(error, host, said, post.timeoutMs);
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel().catch(() => undefined);
    return { kind: 'refused', error: new TraceError('exportRedirected', [host]) };
  }
  const bytes = await bodyOf(response);
  const words = said(wordsIn(response, bytes));
  // Of a site that answers to anything, or of a page to sign in: nobody there keeps traces.
  if (response.ok && isPage(response)) {
    const like = url.pathname.endsWith('/v1/traces')
      ? 'http://localhost:4318/v1/traces'
      : `${url.origin}/v1/traces`;
    return { kind: 'refused', error: new TraceError('exportWebPage', [host, like]) };
  }
  if (response.ok) return { kind: 'taken', ...answerIn(bytes, response, said) };
  if (retryable.has(response.status)) {
    return { kind: 'later', waitMs: retryAfterMs(response.headers), words };
  }
  if (response.status === 413) return { kind: 'too-large', words };
  return { kind: 'refused', error: new TraceError(refusalOf(response), [host, words]) };
}

function refusalOf({ status }: Response): TraceErrorCode {
  if (status === 401 || status === 403) return 'exportKeyRefused';
  return status >= 500 ? 'exportServerFailed' : 'exportRefused';
}

async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** What it says is of no more use than its head: an answer that breaks off is read as far as it goes. */
async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  try {
    while (reader && length < mostAnswerBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
    }
    await reader?.cancel();
  } catch {
    // The head has said whether it was taken; the rest is words.
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const isPage = ({ headers }: Response): boolean => /html/i.test(headers.get('content-type') ?? '');
const isJson = ({ headers }: Response): boolean => /json/i.test(headers.get('content-type') ?? '');

/** Servers answer with anything at all where all went well: that is no failure. */
function answerIn(
  bytes: Uint8Array,
  response: Response,
  said: (text: string) => string,
): { readonly rejected: number; readonly message: string } {
  try {
    const answer = isJson(response)
      ? decodeAnswerJson(new TextDecoder().decode(bytes))
      : decodeAnswer(bytes);
    return { rejected: Math.max(0, answer.rejected), message: said(answer.message) };
  } catch {
    return { rejected: 0, message: '' };
  }
}

function wordsIn(response: Response, bytes: Uint8Array): string {
  const status = `HTTP ${response.status}`;
  const type = response.headers.get('content-type') ?? '';
  if (/protobuf/i.test(type)) {
    try {
      return `${status} ${decodeRefusal(bytes).message}`.trim();
    } catch {
      // Not what it says it is.
      return status;
    }
  }
  // A page of a proxy says nothing in its first letters.
  if (isPage(response)) return status;
  const text = new TextDecoder().decode(bytes.subarray(0, 4000));
  return `${status} ${messageIn(text)}`.trim();
}

function messageIn(text: string): string {
  try {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const found = [body.message, body.error, body.detail].find(one => typeof one === 'string');
    return typeof found === 'string' ? found : text;
  } catch {
    return text;
  }
}

/** Whoever quotes a key mostly leaves out the scheme before it, and names the two that a pair was made of. */
function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(headers).flatMap(value => {
    const [scheme, rest] = value.split(/ (.*)/s);
    if (rest === undefined) return [value];
    const bytes = /^basic$/i.test(scheme ?? '') ? fromBase64(rest) : undefined;
    const pair = new TextDecoder().decode(bytes);
    return [value, rest, pair, ...pair.split(/:(.*)/s)];
  });
}

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  quoted(
    secrets
      .filter(one => one.length > 3)
      .reduce((left, one) => left.replaceAll(one, '[key]'), text),
    '',
  );

/** Nothing went over the wire. Names of Node; browsers give none, and say nothing of what arrived. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // A header that fetch does not take.
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
]);
/** What the system was at when it failed; the same code stands for a connection that broke off later. */
const connecting: ReadonlySet<string> = new Set(['connect', 'getaddrinfo']);

function failed(
  error: unknown,
  host: string,
  said: (text: string) => string,
  timeoutMs: Ms,
): PostOutcome {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { kind: 'unknown', words: `no answer within ${formatDuration(timeoutMs)}` };
  }
  const { code, call, words } = causeOf(error);
  // Chromium's fetch, which VS Code can be told to use, gives no answer to look at.
  if (/\bredirect\b/i.test(words)) {
    return { kind: 'refused', error: new TraceError('exportRedirected', [host]) };
  }
  if (/^ERR_SSL/.test(code)) {
    // Most likely no TLS is spoken there. OpenSSL's own words name a line of its source.
    const noTls = new TraceError('exportNoConnection', [host, code]);
    return { kind: 'unreached', words: code, error: noTls };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    const refused = new TraceError('exportCertificate', [host, said(words)]);
    return { kind: 'unreached', words: said(words), error: refused };
  }
  // Of fetch itself, which has no code for it.
  if (neverSent.has(code) || connecting.has(call) || words === 'bad port')
    return { kind: 'unreached', words: said(words), error: undefined };
  return { kind: 'unknown', words: said(words) };
}

/** `fetch failed` stands before what it was. Of several addresses that were tried, the first. */
function causeOf(error: unknown): {
  readonly code: string;
  readonly call: string;
  readonly words: string;
} {
  let [code, call, words] = ['', '', ''];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; depth++) {
    const own = at as { readonly code?: unknown; readonly syscall?: unknown };
    if (typeof own.code === 'string') code = own.code;
    if (typeof own.syscall === 'string') call = own.syscall;
    words = at.message || code || words;
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return { code, call, words: words || String(error) };
}
