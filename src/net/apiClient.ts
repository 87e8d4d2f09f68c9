// Loaded when something is sent, and not before: the SDK is larger than all that stands around it.
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { VERSION } from '@anthropic-ai/sdk/version';
import type { Fields } from '../core/fields.ts';

export const sdkVersion = VERSION;

export interface ApiRequest {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** JSON text, sent as it is. */
  readonly body: string;
  readonly stream: boolean;
  readonly betas: readonly string[];
  readonly signal: AbortSignal;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  /** The page of a browser asks: the API then has to be told that this is meant. */
  readonly browser: boolean;
}

export interface ApiResponse {
  readonly response: Response;
  /** Reads it as a stream of events. */
  events(controller: AbortController): AsyncIterable<Fields>;
}

/** Sends a request with the official SDK, which signs it and tries again; gives the answer unread. */
export async function postMessages(request: ApiRequest): Promise<ApiResponse> {
  const { apiKey, baseUrl, body, stream, betas, signal, maxRetries, timeoutMs } = request;
  const client = new BaseAnthropic({
    apiKey,
    baseURL: baseUrl,
    maxRetries,
    timeout: timeoutMs,
    fetch: request.fetch,
    // A redirect could carry the key elsewhere.
    fetchOptions: { redirect: 'error' },
    // It would write what it cannot read to the console, prompts among it.
    logLevel: 'off',
    openTelemetry: false,
    dangerouslyAllowBrowser: request.browser,
  });
  const headers = {
    // With a content type, the SDK takes a text as it is.
    'content-type': 'application/json',
    ...(betas.length > 0 && { 'anthropic-beta': betas.join(',') }),
  };
  const options = { body, headers, stream, signal };
  const response = await client.post('/v1/messages', options).asResponse();
  return {
    response,
    events: controller => Stream.fromSSEResponse<Fields>(response, controller, client),
  };
}
