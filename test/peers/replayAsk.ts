// A small recorded run, and requests as any program could make them.
import http from 'node:http';
import type { RunScript } from '../../src/core/replay/script.ts';
import { apiMessage, type Json } from '../tools/messagesApi.ts';
import { call } from '../unit/support/replay.ts';
import { key } from './replay.ts';

export const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  messages: [{ role: 'user' as const, content: 'How is the ice?' }],
};
export const answer = (text: string): Json =>
  apiMessage({ content: [{ type: 'text', text }], usage: { input_tokens: 7, output_tokens: 9 } });
export const scriptOf = (...metadata: Json[]): RunScript => ({
  runId: 'r',
  name: 'run',
  exchanges: metadata.map((one, at) => call(String(at + 1), { request, ...one })),
});
export const script = scriptOf({ response: answer('It melts.') });

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Json;
}

/** A request as any program could make it: fetch would not let its host be another. */
export function ask(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = JSON.stringify(request),
  }: {
    readonly method?: string;
    readonly headers?: http.OutgoingHttpHeaders;
    readonly body?: string | Buffer | undefined;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      url,
      { method, headers: { 'x-api-key': key, ...headers } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: JSON.parse(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}
