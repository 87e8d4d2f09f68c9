import { genAiUsage } from '../core/genAiUsage.ts';
import { decideKind, type KindHints, type KindKey, kindKeys } from '../core/kind.ts';
import { sessionOf } from '../core/session.ts';
import { columnsOf, rowidOf } from './columns.ts';
import { type Decode, numberOf, short, shortBytes } from './decode.ts';
import type { NarrowRow } from './dialect.ts';
import { parsedJson } from './jsonColumns.ts';
import type { Table } from './schema.ts';
import type { Row, Value } from './sqlite.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** Of OpenTelemetry's three codes, only the last is a failure: 0 says that nobody set it. */
const statusWords: ReadonlyMap<Value | undefined, string> = new Map([
  [0, 'ok'],
  [1, 'ok'],
  [2, 'error'],
]);

/** @param attributes SQL for the attributes that lists need */
export function narrowColumns(table: Table, attributes: string): string {
  const column = columnsOf(table, 's');
  const whole = (name: string): string => `CAST(${column(name)} AS BLOB)`;
  const begin = (name: string): string => `substr(${whole(name)}, 1, ${shortBytes})`;
  // Most spans are tools and hooks that went well; looking up attributes for them finds nothing.
  const plain = `${column('operation_name')} IN ('execute_tool', 'execute_hook', 'invoke_agent')
    AND ${column('status_code')} IN (0, 1) AND coalesce(${column('parent_span_id')}, '') <> ''`;
  return [
    `s.${rowidOf(table)}`,
    whole('span_id'),
    whole('trace_id'),
    whole('parent_span_id'),
    begin('name'),
    column('start_time_ms'),
    column('end_time_ms'),
    column('status_code'),
    begin('status_message'),
    begin('operation_name'),
    begin('response_model'),
    begin('request_model'),
    column('input_tokens'),
    column('output_tokens'),
    column('cached_tokens'),
    column('reasoning_tokens'),
    begin('chat_session_id'),
    begin('conversation_id'),
    `CASE WHEN ${plain} THEN NULL ELSE ${attributes} END`,
  ].join(', ');
}

export function narrowRow(row: Row, decode: Decode): NarrowRow {
  const [id, spanId, traceId, parentId, name, start, end, code, message, operation] = row;
  const text = (index: number, limit: number): string | undefined =>
    short(decode(row[index]), limit) || undefined;
  const json = row[18];
  const attributes = fields(json);
  const spanName = short(decode(name), 500) ?? '';
  const hints = hintsOfOperation(text(9, 100) ?? wordOf(attributes['gen_ai.operation.name']));
  const called = isCall(spanName, hints, attributes);
  const counts = { input: row[12], output: row[13], cached: row[14], reasoning: row[15] };
  const ended = numberOf(end) || undefined;
  return {
    row: Number(id),
    spanId: decode(spanId),
    runId: decode(traceId),
    parentSpanId: decode(parentId) || undefined,
    name: spanName,
    start: numberOf(start),
    end: ended,
    recordedStatus: statusOf(code, ended, attributes, decode),
    model: text(10, 200) ?? text(11, 200) ?? wordOf(attributes.model),
    // Agents carry the sum of their calls.
    usage: called ? genAiUsage(counts, attributes) : {},
    recordedCost: undefined,
    error: short(sayError(code, decode(message), json), 500),
    sessionId: sessionOf([
      attributes['copilot_chat.parent_chat_session_id'],
      text(16, 201),
      attributes['session.id'],
      // A call's conversation is its request.
      decode(operation) === 'chat' ? undefined : text(17, 201),
    ]),
    hints,
  };
}

/** What a span is by its columns, or by its attributes where it has no operation. */
export function kindOfOperation(
  operation: string | undefined,
  tool: string | undefined,
  attributes: Value | undefined,
): KindHints {
  const found = fields(attributes);
  const hints: Partial<Record<KindKey, unknown>> = {};
  for (const key of kindKeys) if (found[key] !== undefined) hints[key] = found[key];
  if (operation) hints['gen_ai.operation.name'] = operation;
  if (tool) hints['gen_ai.tool.name'] = tool;
  return hints;
}

/** Why a span failed: its message and the class of the error; undefined for one that did not. */
export function sayError(
  code: Value | undefined,
  message: string | undefined,
  json: Value | undefined,
): string | undefined {
  const attributes = fields(json);
  const failed = code === 2 || attributes.success === 'false' || !statusWords.has(code);
  if (!failed) return undefined;
  const said = message || wordOf(attributes.error);
  const type = wordOf(attributes['error.type']);
  if (!said || !type || said.includes(type)) return said || type;
  return `${type}: ${said}`;
}

function statusOf(
  code: Value | undefined,
  end: number | undefined,
  attributes: Attributes,
  decode: Decode,
): string | undefined {
  const word = statusWords.get(code);
  // Claude Code leaves the code unset whatever came of it.
  if (code !== 2 && attributes.success === 'false') return 'error';
  if (word === 'ok' && end === undefined) return 'running';
  return word ?? short(decode(code), 100);
}

/** Whether a span is a call of a model by its own word; having tokens is not enough. */
function isCall(name: string, hints: KindHints | undefined, attributes: Attributes): boolean {
  const word = hints?.['gen_ai.operation.name'];
  if (word === 'chat') return true;
  const facts = { model: undefined, hasTokens: false, isRoot: false, hasChildren: false };
  const all = { ...pick(attributes), ...hints };
  return decideKind({ ...facts, name, hints: all }) === 'llm';
}

const pick = (attributes: Attributes): KindHints => ({
  'openinference.span.kind': attributes['openinference.span.kind'],
  'span.type': attributes['span.type'],
});

const interned = new Map<string, KindHints>();
const mostInterned = 100;

/** Spans of one operation share one object: a file has many spans and few operations. */
function hintsOfOperation(operation: string | undefined): KindHints | undefined {
  if (operation === undefined) return undefined;
  const known = interned.get(operation);
  if (known) return known;
  const hints: KindHints = { 'gen_ai.operation.name': operation };
  if (interned.size < mostInterned) interned.set(operation, hints);
  return hints;
}

function fields(json: Value | undefined): Attributes {
  const value = parsedJson(json);
  return typeof value === 'object' && value !== null ? (value as Attributes) : {};
}

const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
