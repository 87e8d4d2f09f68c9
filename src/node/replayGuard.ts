import type http from 'node:http';
import { fillIn } from '../core/errors.ts';
import type { ReplayWords } from '../core/replay/replayWords.ts';
import { isEqual, isFromPage, isLoopbackHost } from './loopbackGuard.ts';

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
  if (!isLoopbackHost(headers, port)) {
    return { status: 403, type: 'permission_error', message: words.replayWrongHost };
  }
  if (isFromPage(headers)) {
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
