import { DatabaseSync } from 'node:sqlite';

/** A span as OpenTelemetry hands it to VS Code's exporter. */
export interface OtelSpan {
  readonly id: string;
  readonly trace: string;
  readonly parent?: string | undefined;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number | null;
  /** 0 unset, 1 ok, 2 error. */
  readonly code?: unknown;
  readonly message?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events?: readonly OtelEvent[];
}

export interface OtelEvent {
  readonly name: string;
  readonly time: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

// As VS Code creates them (src/vs/platform/otel/node/sqlite/otelSqliteStore.ts, version 1 of the schema).
const schema = `
CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
INSERT INTO schema_version VALUES (1);
CREATE TABLE spans (
  span_id TEXT PRIMARY KEY, trace_id TEXT NOT NULL, parent_span_id TEXT,
  name TEXT NOT NULL, start_time_ms INTEGER NOT NULL, end_time_ms INTEGER NOT NULL,
  status_code INTEGER NOT NULL DEFAULT 0, status_message TEXT,
  operation_name TEXT, provider_name TEXT, agent_name TEXT, conversation_id TEXT,
  request_model TEXT, response_model TEXT,
  input_tokens INTEGER, output_tokens INTEGER, cached_tokens INTEGER, reasoning_tokens INTEGER,
  tool_name TEXT, tool_call_id TEXT, tool_type TEXT,
  chat_session_id TEXT, turn_index INTEGER, ttft_ms REAL
);
CREATE TABLE span_attributes (
  span_id TEXT NOT NULL REFERENCES spans(span_id) ON DELETE CASCADE,
  key TEXT NOT NULL, value TEXT, PRIMARY KEY (span_id, key)
);
CREATE TABLE span_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  span_id TEXT NOT NULL REFERENCES spans(span_id) ON DELETE CASCADE,
  name TEXT NOT NULL, timestamp_ms INTEGER NOT NULL, attributes TEXT
);
CREATE INDEX idx_spans_trace ON spans(trace_id);
CREATE INDEX idx_spans_conversation ON spans(conversation_id);
CREATE INDEX idx_spans_chat_session ON spans(chat_session_id);
CREATE INDEX idx_spans_operation ON spans(operation_name);
CREATE INDEX idx_spans_start_time ON spans(start_time_ms);
CREATE INDEX idx_span_events_span ON span_events(span_id);
CREATE VIEW sessions AS
  SELECT COALESCE(conversation_id, chat_session_id) AS session_id, COUNT(*) AS span_count
  FROM spans WHERE COALESCE(conversation_id, chat_session_id) IS NOT NULL GROUP BY session_id;
`;

/** The attributes that have a column as well. */
const columns = {
  operation_name: 'gen_ai.operation.name',
  provider_name: 'gen_ai.provider.name',
  agent_name: 'gen_ai.agent.name',
  conversation_id: 'gen_ai.conversation.id',
  request_model: 'gen_ai.request.model',
  response_model: 'gen_ai.response.model',
  input_tokens: 'gen_ai.usage.input_tokens',
  output_tokens: 'gen_ai.usage.output_tokens',
  cached_tokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoning_tokens: 'gen_ai.usage.reasoning_tokens',
  tool_name: 'gen_ai.tool.name',
  tool_call_id: 'gen_ai.tool.call.id',
  tool_type: 'gen_ai.tool.type',
  chat_session_id: 'copilot_chat.chat_session_id',
  turn_index: 'copilot_chat.turn.index',
  ttft_ms: 'copilot_chat.time_to_first_token',
} as const;

/** Columns of the spans that are written as given, for what no exporter would write. */
export interface Oddities {
  readonly sql?: string;
  /** Leaves a `-wal` beside the file, as a VS Code that runs does. */
  readonly open?: boolean;
}

/**
 * Writes a file as VS Code's exporter does: each span when it ends, so that parents come after their
 * children.
 */
export function writeCopilotDb(
  file: string,
  spans: readonly OtelSpan[],
  { sql, open = false }: Oddities = {},
): DatabaseSync {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: true });
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(schema);
  const names = Object.keys(columns);
  const insert =
    db.prepare(`INSERT INTO spans (span_id, trace_id, parent_span_id, name, start_time_ms,
    end_time_ms, status_code, status_message, ${names.join(', ')})
    VALUES (${Array(8 + names.length)
      .fill('?')
      .join(', ')})`);
  const attribute = db.prepare('INSERT OR REPLACE INTO span_attributes VALUES (?, ?, ?)');
  const event = db.prepare(
    'INSERT INTO span_events (span_id, name, timestamp_ms, attributes) VALUES (?, ?, ?, ?)',
  );
  db.exec('BEGIN');
  for (const one of [...spans].sort((a, b) => (a.end ?? 0) - (b.end ?? 0))) {
    insert.run(
      one.id,
      one.trace,
      one.parent ?? null,
      one.name,
      one.start,
      one.end ?? 0,
      (one.code ?? 0) as number,
      one.message ?? null,
      ...Object.values(columns).map(key => (one.attributes[key] ?? null) as number | string | null),
    );
    for (const [key, value] of Object.entries(one.attributes)) {
      attribute.run(one.id, key, textOf(value));
    }
    for (const { name, time, attributes } of one.events ?? []) {
      event.run(one.id, name, time, JSON.stringify(attributes));
    }
  }
  db.exec('COMMIT');
  if (sql) db.exec(sql);
  if (!open) db.close();
  return db;
}

/** Lists as JSON, everything else as its text. */
const textOf = (value: unknown): string | null =>
  value === null ? null : Array.isArray(value) ? JSON.stringify(value) : String(value);
