import initSqlJs, { type Database, type SqlJsStatic, type Statement } from 'sql.js';
import { TraceError } from '../core/errors.ts';
import { SnapshotLost } from './snapshotLost.ts';

export type Value = number | string | Uint8Array | null;
export type Row = readonly Value[];

/** @param wasm `sql-wasm.wasm`; only the host knows where it lies */
export function loadSqlite(wasm: Uint8Array): Promise<SqlJsStatic> {
  return initSqlJs({ wasmBinary: wasm as unknown as ArrayBuffer });
}

/** One database. Every failure of SQLite becomes a TraceError that names the file. */
export class Db {
  private readonly database: Database;
  /** Of the file. */
  readonly name: string;
  private readonly prepared = new Map<string, Statement>();
  private readonly running = new Set<Statement>();
  private closed = false;

  /** @param content see `wholeContent` and `lazyBytes` */
  constructor(sqlite: SqlJsStatic, content: Uint8Array, name: string) {
    this.name = name;
    try {
      this.database = new sqlite.Database(content);
    } catch (error) {
      throw asTraceError(error, name);
    }
  }

  /**
   * Steps through a query; what is not consumed costs nothing. Throws SnapshotLost where `endQueries` was
   * called meanwhile.
   */
  *rows(sql: string, params: Value[] = []): Generator<Row> {
    const statement = this.attempt(() => this.database.prepare(sql, params));
    this.running.add(statement);
    try {
      while (this.attempt(() => statement.step())) {
        yield this.attempt(() => statement.get());
        if (this.closed) throw new TraceError('fileNotOpen');
        if (!this.running.has(statement)) throw new SnapshotLost();
      }
    } finally {
      if (this.running.delete(statement)) statement.free();
    }
  }

  /** The first row of a query that runs often. */
  row(sql: string, params: Value[] = []): Row | undefined {
    return this.attempt(() => {
      let statement = this.prepared.get(sql);
      if (!statement) {
        statement = this.database.prepare(sql);
        this.prepared.set(sql, statement);
      }
      statement.bind(params);
      try {
        return statement.step() ? statement.get() : undefined;
      } finally {
        statement.reset();
      }
    });
  }

  /** All rows of a query that runs often and finds few. */
  all(sql: string, params: Value[] = []): readonly Row[] {
    return this.attempt(() => {
      let statement = this.prepared.get(sql);
      if (!statement) {
        statement = this.database.prepare(sql);
        this.prepared.set(sql, statement);
      }
      statement.bind(params);
      try {
        const rows: Row[] = [];
        while (statement.step()) rows.push(statement.get());
        return rows;
      } finally {
        statement.reset();
      }
    });
  }

  run(sql: string): void {
    this.attempt(() => this.database.run(sql));
  }

  /** Ends the queries that are stepped through, so that the next one sees the file as it is then. */
  endQueries(): void {
    for (const statement of this.running) statement.free();
    this.running.clear();
  }

  close(): void {
    if (this.closed) return;
    this.endQueries();
    this.closed = true;
    this.database.close();
  }

  private attempt<T>(work: () => T): T {
    if (this.closed) throw new TraceError('fileNotOpen');
    try {
      return work();
    } catch (error) {
      throw asTraceError(error, this.name);
    }
  }
}

function asTraceError(thrown: unknown, name: string): TraceError {
  if (thrown instanceof TraceError) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (/not a database|encrypted/i.test(words)) return new TraceError('notSqlite', [name], thrown);
  if (/malformed|unsupported file format|disk I\/O error|corrupt/i.test(words)) {
    return new TraceError('damaged', [name, words], thrown);
  }
  if (
    /out of memory|allocation failed|invalid typed array length|cannot enlarge memory/i.test(words)
  ) {
    return new TraceError('outOfMemory', [name], thrown);
  }
  return new TraceError('unexpected', [`${words} (${name})`], thrown);
}
