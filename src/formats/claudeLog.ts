import { type Fields, textOf } from '../core/fields.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { present } from './attributes.ts';
import { joinLogs } from './logJoin.ts';
import type { OtelEvent } from './otelMessages.ts';
import { otelRows } from './otelSpan.ts';
import { spanIdOf, traceIdOf } from './otlpIds.ts';

/** A turn that something happened in. */
export interface LogTurn {
  readonly span: UnpackedSpan;
  /** Its prompt was recorded here; else only its time is known. */
  readonly hasPrompt: boolean;
  /** Whether this says how the turn stands: the model goes on after a tool that failed, not after its own failure. */
  readonly decides: boolean;
}

/** What records of the log of Claude Code say, where no spans are sent: a run is a session. */
export interface LogSpans {
  /** It goes on until nobody hears of it any more. */
  readonly root: UnpackedSpan;
  readonly turns: readonly LogTurn[];
  readonly spans: readonly UnpackedSpan[];
}

/** The session that a record is of; undefined for records of other programs. */
export const claudeSession = (name: string, attributes: Fields): string | undefined =>
  name.startsWith('claude_code.') ? textOf(attributes['session.id']) : undefined;

export const sessionRun = (session: string): string => traceIdOf(session);
export const sessionRoot = (session: string): string => spanIdOf(sessionRun(session), 'session');

const spanNames: ReadonlyMap<string, string> = new Map([
  ['claude_code.api_request', 'claude_code.llm_request'],
  ['claude_code.api_error', 'claude_code.llm_request'],
  ['claude_code.tool_result', 'claude_code.tool'],
  ['claude_code.user_prompt', 'claude_code.interaction'],
]);

/** Of the record and not of what it tells of, or told elsewhere; who the user is stays among the events. */
const ofTheRecord = new Set([
  'log.record',
  'event.name',
  'event.timestamp',
  'event.sequence',
  'body',
  'severity',
  'error',
  'prompt',
  'tool_input',
  'user.email',
  'user.account_id',
  'user.account_uuid',
  'organization.id',
]);

/**
 * @param records those that share a key, in the order of their time
 * @returns undefined where none of them is about something that takes time
 */
export function logSpans(session: string, records: readonly OtelEvent[]): LogSpans | undefined {
  const told = records.filter(({ name }) => spanNames.has(name));
  const beside = records.filter(({ name }) => !spanNames.has(name));
  if (told.length === 0) return undefined;
  const turns: LogTurn[] = [];
  const spans: UnpackedSpan[] = [];
  for (const record of told) {
    const span = spanOf(session, record, beside);
    const isPrompt = record.name === 'claude_code.user_prompt';
    if (!isPrompt) spans.push(span);
    const turn = isPrompt ? span : turnAround(session, span, record);
    if (turn) turns.push({ span: turn, hasPrompt: isPrompt, decides: isCall(record) });
  }
  const start = Math.min(...[...spans, ...turns.map(turn => turn.span)].map(one => one.startTime));
  return { root: rootOf(session, start), turns, spans };
}

const isCall = ({ name }: OtelEvent): boolean => /\.api_(?:request|error)$/.test(name);

function spanOf(session: string, record: OtelEvent, beside: readonly OtelEvent[]): UnpackedSpan {
  const { name, time, attributes } = record;
  const took = Number(attributes.duration_ms ?? 0);
  const failure = failureOf(record);
  const turn = turnId(session, attributes);
  const isPrompt = name === 'claude_code.user_prompt';
  const runId = sessionRun(session);
  const { span } = otelRows({
    traceId: runId,
    spanId: isPrompt && turn !== undefined ? turn : spanIdOf(runId, idOf(record)),
    parentSpanId: isPrompt || turn === undefined ? sessionRoot(session) : turn,
    name: spanNames.get(name) ?? name,
    // A record is written when all is over.
    start: Number.isFinite(took) && took > 0 ? time - took : time,
    end: time,
    statusCode: failure === undefined ? 0 : 2,
    statusMessage: failure,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([key]) => !ofTheRecord.has(key)),
    ),
    events: [],
    resource: {},
    scope: '',
  });
  return { ...span, metadata: joinLogs(span.metadata, [record, ...beside]).metadata };
}

function failureOf({ name, attributes }: OtelEvent): string | undefined {
  const { success, error } = attributes;
  const failed =
    name === 'claude_code.api_error' ||
    (name === 'claude_code.tool_result' && (success === false || success === 'false'));
  return failed ? (textOf(error) ?? 'error') : undefined;
}

/** The same each time that it is sent. */
function idOf({ name, time, attributes }: OtelEvent): string {
  const { request_id, tool_use_id, attempt } = attributes;
  const own =
    textOf(tool_use_id) ?? textOf(request_id) ?? String(attributes['event.sequence'] ?? time);
  return `${name} ${own} ${attempt ?? ''}`;
}

function turnId(session: string, attributes: Fields): string | undefined {
  const prompt = textOf(attributes['prompt.id']);
  return prompt === undefined ? undefined : spanIdOf(sessionRun(session), `prompt.id=${prompt}`);
}

function turnAround(
  session: string,
  span: UnpackedSpan,
  record: OtelEvent,
): UnpackedSpan | undefined {
  const { attributes } = record;
  const spanId = turnId(session, attributes);
  if (spanId === undefined) return undefined;
  const { runId, startTime, endTime } = span;
  const failure = isCall(record) ? span.error : undefined;
  return {
    ...empty(runId, spanId, startTime),
    parentSpanId: sessionRoot(session),
    name: 'claude_code.interaction',
    endTime,
    status: failure === undefined ? 'ok' : 'error',
    metadata: present({ kind: 'agent', session_id: session, 'prompt.id': attributes['prompt.id'] }),
    error: failure,
  };
}

const rootOf = (session: string, start: number): UnpackedSpan => ({
  ...empty(sessionRun(session), sessionRoot(session), start),
  metadata: { kind: 'agent', session_id: session },
});

const empty = (runId: string, spanId: string, startTime: number): UnpackedSpan => ({
  type: 'span',
  spanId,
  runId,
  parentSpanId: undefined,
  name: 'claude_code.session',
  startTime,
  endTime: undefined,
  status: 'running',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  model: '',
  metadata: {},
  error: undefined,
});
