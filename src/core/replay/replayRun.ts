import type { AuditGit, AuditVersions } from '../audit.ts';
import type { Fields } from '../fields.ts';
import { fieldsOf, textOf } from '../fields.ts';
import type { Ms, RunId, SpanId, UnixMs, Usage, Usd } from '../model.ts';
import type { Price } from '../price.ts';
import { costParts, priceOf } from '../prices.ts';
import { priceTableVersion } from '../priceTable.ts';
import type { SpanRow } from '../traceRows.ts';
import { inputTokens, nativeUsage } from '../usage.ts';
import { type Answer, answerOf } from './answer.ts';
import { jsonDifferences, pathText } from './jsonDifference.ts';

/** Where a replay comes from. */
export interface ReplayOrigin {
  readonly runId: RunId;
  readonly spanId: SpanId;
  /** The trace file, as a path or a uri. */
  readonly file: string;
  /** Of the span. */
  readonly name: string;
}

/** One call that was sent, and what came of it. */
export interface ReplayedCall {
  readonly origin: ReplayOrigin;
  /** The body as it was sent, JSON text. */
  readonly body: string;
  readonly betas: readonly string[];
  /** Places that are not as recorded, for people: `messages[0].content`. Empty: sent as recorded. */
  readonly edited: readonly string[];
  /** Without key or password. */
  readonly baseUrl: string;
  /** Which it is of several that were sent as one, counted from 1. */
  readonly times: { readonly id: string; readonly index: number; readonly of: number } | undefined;
  readonly message: Fields | undefined;
  /** Why no whole answer came. */
  readonly error: string | undefined;
  readonly status: number | undefined;
  readonly errorType: string | undefined;
  readonly retryAfterMs: Ms | undefined;
  readonly requestId: string | undefined;
  readonly retries: number;
  readonly start: UnixMs;
  readonly duration: Ms;
  readonly firstToken: Ms | undefined;
  readonly git: AuditGit | undefined;
  readonly versions: AuditVersions;
  /** The user's own prices, and those of the table. */
  readonly prices?: readonly Price[] | undefined;
}

export interface ReplayIds {
  readonly runId: RunId;
  readonly spanId: SpanId;
}

const mostEdits = 50;

/** Places at which a request is not as it was recorded; whether it is streamed is not among them. */
export function editedPaths(recorded: Fields, sent: Fields): readonly string[] {
  const { stream: _, ...before } = recorded;
  const { stream: __, ...after } = sent;
  const found = jsonDifferences(before, after, mostEdits + 1);
  const paths = found.slice(0, mostEdits).map(({ path }) => pathText(path));
  return found.length > mostEdits ? [...paths, '…'] : paths;
}

/** The cost of an answer by the price table; undefined where the price or the tokens are not known. */
export function answerCost(
  model: string | undefined,
  usage: Usage,
  at: UnixMs,
  prices?: readonly Price[],
): Usd | undefined {
  const price = model === undefined ? undefined : priceOf(model, at, prices);
  if (!price || inputTokens(usage) === undefined) return undefined;
  return Object.values(costParts(usage, price)).reduce((a, b) => a + b, 0);
}

/** What was answered, with its figures; undefined where nothing came. */
export function replayedAnswer(call: ReplayedCall): Answer | undefined {
  const { message, start, duration, firstToken, prices } = call;
  if (!message) return undefined;
  const usage = nativeUsage(undefined, undefined, message.usage);
  const cost = answerCost(modelOf(call), usage, start, prices);
  return answerOf(message, { usage, cost, duration, firstToken });
}

const modelOf = ({ message, body }: ReplayedCall): string | undefined =>
  textOf(message?.model) ?? textOf(fieldsOf(JSON.parse(body)).model);

/**
 * The rows of a replay in a trace file: a run of its own, whose root says what it is a replay of, and the call
 * as the tracer would record it.
 */
export function replayRows(call: ReplayedCall, ids: ReplayIds): readonly SpanRow[] {
  const { origin, start, duration, message, error } = call;
  const usage = nativeUsage(undefined, undefined, message?.usage);
  const model = modelOf(call) ?? '';
  const cost = message ? answerCost(model, usage, start, call.prices) : 0;
  const row = {
    type: 'span',
    runId: ids.runId,
    startTime: start / 1000,
    endTime: (start + duration) / 1000,
    status: error === undefined ? 'ok' : 'error',
    error,
  } as const;
  return [
    {
      ...row,
      spanId: ids.runId,
      parentSpanId: undefined,
      name: `replay of ${origin.name}`,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata: JSON.stringify(rootFields(call)),
    },
    {
      ...row,
      spanId: ids.spanId,
      parentSpanId: ids.runId,
      name: origin.name,
      inputTokens: usage.input ?? 0,
      outputTokens: usage.output ?? 0,
      costUsd: cost,
      model,
      metadata: callMetadata(call),
    },
  ];
}

/** By these a view finds the replays of a run. */
const links = ({ origin }: ReplayedCall): Fields => ({
  replay_of_run: origin.runId,
  replay_of_span: origin.spanId,
  replay_of_file: origin.file,
});

function rootFields(call: ReplayedCall): Fields {
  const { edited, times, git, versions, baseUrl } = call;
  return {
    kind: 'chain',
    ...links(call),
    replay_edited: edited,
    replay_base_url: baseUrl,
    ...(times && { replay_times: times }),
    ...(git && { git }),
    versions,
    price_version: call.prices ? `${priceTableVersion} and own` : priceTableVersion,
  };
}

/** The request goes into it as the text that was sent: numbers stay as they are written. */
function callMetadata(call: ReplayedCall): string {
  const { message, status, errorType, requestId, retries, firstToken, betas, error } = call;
  const fields: Fields = {
    kind: 'llm',
    ...links(call),
    ...(betas.length > 0 && { betas }),
    ...(message && { response: message, usage: message.usage }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(status !== undefined && { http_status: status }),
    ...(errorType !== undefined && { error_type: errorType }),
    ...(call.retryAfterMs !== undefined && { retry_after_ms: call.retryAfterMs }),
    ...(retries > 0 && { retries }),
    ...(firstToken !== undefined && { time_to_first_token_ms: firstToken }),
    ...(message && error !== undefined && { incomplete: true }),
  };
  return `{"request":${call.body},${JSON.stringify(fields).slice(1)}`;
}
