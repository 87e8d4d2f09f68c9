import type { AuditGit, AuditVersions } from '../audit.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { RunId, SpanId, UnixMs } from '../model.ts';
import type { Price } from '../price.ts';
import { priceTableVersion } from '../priceTable.ts';
import type { EventRow, SpanRow } from '../traceRows.ts';
import { nativeUsage } from '../usage.ts';
import type { PlanOptions } from './decision.ts';
import type { ReplaySummary } from './replayEvents.ts';
import { answerCost } from './replayRun.ts';
import type { RunScript } from './script.ts';
import type { ServedCall } from './servedCall.ts';

/** What is the same for all that a replay of a run served. */
export interface ServedRun {
  readonly script: RunScript;
  /** The trace file of the recorded run, as a path or a uri. */
  readonly file: string;
  readonly choices: PlanOptions;
  readonly git: AuditGit | undefined;
  readonly versions: AuditVersions;
  /** The user's own prices, and those of the table. */
  readonly prices?: readonly Price[] | undefined;
}

/** A call in the file of replays, with the attempts before it. */
export interface ServedSpan {
  readonly runId: RunId;
  readonly spanId: SpanId;
  /** Of its first attempt. */
  readonly start: UnixMs;
  readonly retries: number;
}

/** Of a run of served calls. */
export interface ServedSpanOfRun {
  readonly runId: RunId;
  readonly start: UnixMs;
  /** Undefined while its program may go on. */
  readonly end: UnixMs | undefined;
  /** Calls that are not among those kept: they came faster than they could be stored. */
  readonly dropped: number;
}

const noCall = { inputTokens: 0, outputTokens: 0, costUsd: 0, model: '' } as const;

/** The root of a replayed run. */
export function servedRoot(
  { script, file, choices, git, versions, prices }: ServedRun,
  { runId, start, end, dropped }: ServedSpanOfRun,
  summary: ReplaySummary,
  problem: string | undefined,
): SpanRow {
  const { until, fromUntil = 'stop', onDifference = 'stop', edits } = choices;
  const at = until === undefined ? undefined : script.exchanges[until]?.spanId;
  const { firstDifference, ...counts } = summary;
  const fields: Fields = {
    kind: 'agent',
    replay_of_run: script.runId,
    replay_of_span: script.rootSpanId ?? script.exchanges[0]?.spanId,
    replay_of_file: file,
    replay_edited: script.exchanges.flatMap(({ spanId, name }, index) =>
      edits?.has(spanId) ? [`call ${index + 1} (${name})`] : [],
    ),
    replay_served: {
      ...counts,
      first_difference: firstDifference,
      until: at,
      from_until: fromUntil,
      on_difference: onDifference,
    },
    ...(dropped > 0 && { replay_not_kept: dropped }),
    ...(git && { git }),
    versions,
    price_version: prices ? `${priceTableVersion} and own` : priceTableVersion,
  };
  return {
    ...noCall,
    type: 'span',
    runId,
    spanId: runId,
    parentSpanId: undefined,
    name: `replay of ${script.name}`,
    startTime: start / 1000,
    endTime: end === undefined ? undefined : end / 1000,
    status: end === undefined ? 'running' : problem === undefined ? 'ok' : 'error',
    metadata: JSON.stringify(fields),
    error: end === undefined ? undefined : problem,
  };
}

/**
 * A served call as the tracer would record it. What the recording answered costs nothing and took no tokens
 * of anybody's: its usage stands beside, under another name, or it would be priced.
 */
export function servedRow(run: ServedRun, call: ServedCall, span: ServedSpan): SpanRow {
  const { answer, failure, start, duration, by, requestedModel } = call;
  const message = answer === undefined ? {} : fieldsOf(JSON.parse(answer));
  const live = by === 'live';
  const usage = live ? nativeUsage(undefined, undefined, message.usage) : {};
  const model = textOf(message.model) ?? requestedModel;
  // What gave no answer is not billed; of an answer that is not kept, nobody knows.
  const liveCost = () =>
    failure && answer === undefined ? 0 : answerCost(model, usage, start, run.prices);
  return {
    type: 'span',
    runId: span.runId,
    spanId: span.spanId,
    parentSpanId: span.runId,
    name: call.call?.name ?? `request ${call.request}`,
    startTime: span.start / 1000,
    endTime: (start + duration) / 1000,
    status: failure ? 'error' : 'ok',
    inputTokens: usage.input ?? 0,
    outputTokens: usage.output ?? 0,
    costUsd: live ? liveCost() : 0,
    model,
    metadata: metadataOf(run, call, span, message),
    error: failure && failureText(failure),
  };
}

/** The attempt that failed, where another one of the same call comes after it. */
export function retryEvent(before: ServedCall, { spanId, runId }: ServedSpan): EventRow {
  const { failure, attempt, start, duration, requestId } = before;
  const attributes = {
    attempt: attempt + 1,
    error: failure ? failureText(failure) : '',
    ...(failure?.status !== undefined && { status: failure.status }),
    ...(failure?.type !== undefined && { error_type: failure.type }),
    ...(failure?.retryAfterMs !== undefined && { retry_after_ms: failure.retryAfterMs }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
  return {
    type: 'event',
    spanId,
    runId,
    time: (start + duration) / 1000,
    name: 'retry',
    attributes: JSON.stringify(attributes),
  };
}

const failureText = ({ status, type, message }: ServedCall['failure'] & object): string =>
  status === undefined ? message : `${status} ${type === undefined ? '' : `${type}: `}${message}`;

/** Request and answer go into it as their texts: numbers stay as they are written. */
function metadataOf(
  { script, file }: ServedRun,
  call: ServedCall,
  { retries }: ServedSpan,
  message: Fields,
): string {
  const { by, how, failure, answer, requestId, difference, ending, firstToken } = call;
  const fields: Fields = {
    kind: 'llm',
    replay_of_run: script.runId,
    ...(call.call && { replay_of_span: call.call.spanId }),
    replay_of_file: file,
    answered_by: by,
    matched_by: how,
    replay_ending: ending,
    ...(difference !== undefined && { replay_difference: difference }),
    ...(message.usage !== undefined && {
      [by === 'live' ? 'usage' : 'recorded_usage']: message.usage,
    }),
    ...(requestId !== undefined && { request_id: requestId }),
    ...(failure?.status !== undefined && { http_status: failure.status }),
    ...(failure?.type !== undefined && { error_type: failure.type }),
    ...(failure?.retryAfterMs !== undefined && { retry_after_ms: failure.retryAfterMs }),
    ...(failure && failure.status === undefined && answer !== undefined && { incomplete: true }),
    ...(ending === 'answered' && answer === undefined && { answer_not_kept: true }),
    ...(retries > 0 && { retries }),
    ...(firstToken !== undefined && { time_to_first_token_ms: firstToken }),
  };
  const said = answer === undefined ? '' : `,"response":${answer}`;
  return `{"request":${call.body}${said},${JSON.stringify(fields).slice(1)}`;
}
