/** A request of a program, on its way to the real API. */
export interface Forwarded {
  /** Of the real API, without the path. */
  readonly baseUrl: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Belongs to a connection rather than to what is said over it, or is set anew by fetch. */
const ownHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  'accept-encoding',
]);

/** Sends a request on, with the program's own headers. Redirects are refused: they could carry the key elsewhere. */
export function forwardMessages(request: Forwarded): Promise<Response> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || ownHeaders.has(name)) continue;
    headers.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  const { baseUrl, path, body, signal } = request;
  const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
  return fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
}

/** Headers of an answer that hold for it once it was taken out of its connection and unpacked. */
export const headersOf = (response: Response): Record<string, string> =>
  Object.fromEntries([...response.headers].filter(([name]) => !ownHeaders.has(name)));
