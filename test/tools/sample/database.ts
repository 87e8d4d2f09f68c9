import initSqlJs from 'sql.js';

export interface SpanRecord {
  readonly spanId: string;
  readonly runId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** Epoch milliseconds, like every time in the stories. */
  readonly start: number;
  end: number | undefined;
  status: 'running' | 'ok' | 'error';
  inputTokens: number;
  outputTokens: number;
  /** Undefined is written as NULL. */
  costUsd: number | undefined;
  model: string;
  metadata: Record<string, unknown>;
  error: string | undefined;
  /** The root has 0. */
  readonly depth: number;
  readonly events: EventRecord[];
}

export interface EventRecord {
  readonly time: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const schema = `
CREATE TABLE spans (
  span_id TEXT PRIMARY KEY,
  run_id TEXT,
  parent_span_id TEXT,
  name TEXT,
  start_time REAL,
  end_time REAL,
  status TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_usd REAL,
  model TEXT,
  metadata TEXT,
  error TEXT
);
CREATE TABLE events (
  event_id INTEGER PRIMARY KEY,
  span_id TEXT NOT NULL,
  run_id TEXT,
  time REAL NOT NULL,
  name TEXT NOT NULL,
  attributes TEXT
);
CREATE TABLE trace_info (key TEXT PRIMARY KEY, value TEXT);
CREATE INDEX spans_run_id ON spans (run_id);
CREATE INDEX spans_start_time ON spans (start_time);
CREATE INDEX events_span_id ON events (span_id);
CREATE VIEW runs AS
  SELECT run_id,
    (SELECT root.name FROM spans AS root
     WHERE root.run_id = spans.run_id AND root.parent_span_id IS NULL) AS name,
    MIN(start_time) AS start_time,
    MAX(end_time) AS end_time,
    COUNT(*) AS spans,
    SUM(input_tokens) AS input_tokens,
    SUM(output_tokens) AS output_tokens,
    SUM(cost_usd) AS cost_usd
  FROM spans GROUP BY run_id;
`;

/** The bytes of a trace file in the native schema. */
export async function traceFile(
  spans: readonly SpanRecord[],
  info: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const sql = await initSqlJs();
  const db = new sql.Database();
  db.run(schema);
  db.run('BEGIN');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // A tracer writes a span when it ends, children before their parent: rowids come in that order.
  const written = [...spans].sort(
    (a, b) => (a.end ?? a.start) - (b.end ?? b.start) || b.depth - a.depth,
  );
  for (const span of written) {
    insert.run([
      span.spanId,
      span.runId,
      span.parentSpanId ?? null,
      span.name,
      span.start / 1000,
      span.end === undefined ? null : span.end / 1000,
      span.status,
      span.inputTokens,
      span.outputTokens,
      span.costUsd ?? null,
      span.model,
      JSON.stringify(span.metadata),
      span.error ?? null,
    ]);
  }
  insert.free();
  const insertEvent = db.prepare(
    'INSERT INTO events (span_id, run_id, time, name, attributes) VALUES (?, ?, ?, ?, ?)',
  );
  const events = spans.flatMap(span => span.events.map(event => ({ span, event })));
  for (const { span, event } of events.sort((a, b) => a.event.time - b.event.time)) {
    const attributes = JSON.stringify(event.attributes);
    insertEvent.run([span.spanId, span.runId, event.time / 1000, event.name, attributes]);
  }
  insertEvent.free();
  for (const [key, value] of Object.entries(info)) {
    db.run('INSERT INTO trace_info VALUES (?, ?)', [key, value]);
  }
  db.run('COMMIT');
  const bytes = db.export();
  db.close();
  return bytes;
}
