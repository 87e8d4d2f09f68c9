import { timingSafeEqual } from 'node:crypto';
import type http from 'node:http';
import { fillIn } from '../core/errors.ts';
import type { ReplayWords } from '../core/replay/replayWords.ts';

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export type Endpoint = 'messages' | 'count_tokens';

/** What a request asks for, or why it is refused: before its body is read. */
export function admit(
  { headers, url = '', method }: http.IncomingMessage,
  token: string,
  port: number,
  words: ReplayWords,
): Endpoint | Refusal {
  // A name that a stranger's page had resolve to this machine would be another one.
  const host = headers.host?.toLowerCase() ?? '';
  if (!['127.0.0.1', 'localhost', '[::1]'].some(name => host === `${name}:${port}`)) {
    return { status: 403, type: 'permission_error', message: words.replayWrongHost };
  }
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    return { status: 403, type: 'permission_error', message: words.replayCrossSite };
  }
  const [path = ''] = url.split('?');
  const [, given = '', ...rest] = path.split('/');
  if (!path.startsWith('/') || !isEqual(given, token)) {
    return { status: 401, type: 'authentication_error', message: words.replayWrongToken };
  }
  const endpoint = endpoints[rest.join('/')];
  if (endpoint && method === 'POST') return endpoint;
  const asked = `${method ?? ''} /${rest.join('/')}`.slice(0, 200);
  return { status: 404, type: 'not_found_error', message: fillIn(words.replayWrongPath, [asked]) };
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  'v1/messages': 'messages',
  'v1/messages/count_tokens': 'count_tokens',
};

function isEqual(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
