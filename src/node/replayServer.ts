import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fillIn, TraceError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import { replayPlan } from '../core/replay/plan.ts';
import type { ReplayEvent } from '../core/replay/replayEvents.ts';
import type { ReplayServer, ReplayServerOptions } from '../core/replay/replayServing.ts';
import { type ReplayWords, replayWords } from '../core/replay/replayWords.ts';
import { answerRequest } from './replayAnswer.ts';
import { maxBodyBytes, readBody } from './replayBody.ts';
import { admit, type Refusal } from './replayGuard.ts';
import { sendError, sendJson } from './replaySend.ts';
import { replayTally } from './replayTally.ts';
import { servedRecorder } from './servedRecorder.ts';

/**
 * Starts a stand-in for the Messages API on this machine, which answers as it was recorded. Only programs
 * that were given its address, with the token in it, are answered.
 */
export async function startReplayServer(options: ReplayServerOptions): Promise<ReplayServer> {
  const words = options.words ?? replayWords;
  const token = randomBytes(24).toString('base64url');
  const tell = (event: ReplayEvent): void => {
    now.tally.add(event);
    options.onEvent?.(event);
  };
  const begin = () => {
    const plan = replayPlan(options.script, options);
    const tally = replayTally(plan);
    const { keeping } = options;
    const recorder = keeping && servedRecorder(keeping, options, () => tally.summary);
    return { replaying: { options, words, plan, tell, recorder }, tally, requests: 0 };
  };
  let now = begin();
  const ending = new Set<Promise<void>>();
  const open = new Map<AbortController, Promise<void>>();

  const handle = async (
    incoming: http.IncomingMessage,
    response: http.ServerResponse,
    signal: AbortSignal,
  ): Promise<void> => {
    const admitted = admit(incoming, token, port, words);
    const refuse = (refusal: Refusal): void => {
      const { status, message } = refusal;
      tell({ kind: 'refused', status, words: message });
      sendError(response, refusal, 'req_refused');
    };
    if (typeof admitted === 'object') {
      // A client that still sends could not read why it is refused, if the connection were closed.
      incoming.resume();
      return refuse(admitted);
    }
    const body = await readBody(incoming, options.maxBodyBytes);
    if ('problem' in body) return refuse(bodyRefusal(body.problem, options, words));
    if (admitted === 'count_tokens') {
      const tokens = now.replaying.plan.tokensOf(body.fields);
      if (tokens !== undefined) return sendJson(response, 200, { input_tokens: tokens }, {});
      return refuse({ status: 404, type: 'not_found_error', message: words.replayNoTokens });
    }
    const number = ++now.requests;
    const path = `/v1/messages${/\?.*$/.exec(incoming.url ?? '')?.[0] ?? ''}`;
    await answerRequest(now.replaying, { ...body, path, number, incoming, response, signal });
  };

  const server = http.createServer((incoming, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const done = handle(incoming, response, gone.signal)
      .catch(error => {
        if (gone.signal.aborted || response.headersSent) response.destroy();
        else sendError(response, failed(error, words), 'req_failed');
      })
      .finally(() => open.delete(gone));
    open.set(gone, done);
  });
  // Longer than clients keep a connection: one that is closed as they use it again is a call that failed.
  server.keepAliveTimeout = 65_000;
  // More than any pause: a client that neither reads nor leaves would hold its request for ever.
  server.timeout = 900_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/${token}`,
    get summary() {
      return now.tally.summary;
    },
    again() {
      const { recorder } = now.replaying;
      if (recorder) {
        const ended = recorder.end().finally(() => ending.delete(ended));
        ending.add(ended);
      }
      now = begin();
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve));
      for (const gone of open.keys()) gone.abort();
      server.closeAllConnections();
      await Promise.all(open.values());
      await closed;
    },
    async stored() {
      await Promise.all([now.replaying.recorder?.end(), ...ending]);
    },
  };
}

function bodyRefusal(
  problem: 'too-long' | 'not-json' | 'too-nested',
  options: ReplayServerOptions,
  words: ReplayWords,
): Refusal {
  if (problem === 'too-long') {
    const most = formatBytes(options.maxBodyBytes ?? maxBodyBytes);
    return { status: 413, type: 'request_too_large', message: fillIn(words.replayTooLong, [most]) };
  }
  const message = problem === 'not-json' ? words.replayNotJson : words.replayTooNested;
  return { status: 400, type: 'invalid_request_error', message };
}

const failed = (error: unknown, words: ReplayWords): Refusal => ({
  status: 500,
  type: 'api_error',
  message: fillIn(words.replayFailed, [TraceError.from(error).args[0] ?? '']),
});
