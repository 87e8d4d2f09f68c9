import initSqlJs, { type Database, type SqlJsStatic, type Statement } from 'sql.js';
import { TraceError } from '../core/errors.ts';

export type Value = number | string | Uint8Array | null;
export type Row = readonly Value[];

/** @param wasm `sql-wasm.wasm`; only the host knows where it lies */
export function loadSqlite(wasm: Uint8Array): Promise<SqlJsStatic> {
  return initSqlJs({ wasmBinary: wasm as unknown as ArrayBuffer });
}

/** One database in memory. Every failure of SQLite becomes a TraceError that names the file. */
export class Db {
  private readonly database: Database;
  private readonly name: string;
  private readonly prepared = new Map<string, Statement>();
  private closed = false;

  /** @param owned nobody else uses the bytes, so they need not be copied */
  constructor(sqlite: SqlJsStatic, bytes: Uint8Array, owned: boolean, name: string) {
    this.name = name;
    checkHeader(bytes, name);
    try {
      this.database = new sqlite.Database(fileContent(bytes, owned));
    } catch (error) {
      throw asTraceError(error, name);
    }
  }

  /** Steps through a query; what is not consumed costs nothing. */
  *rows(sql: string, params: Value[] = []): Generator<Row> {
    let statement: Statement | undefined;
    try {
      statement = this.attempt(() => this.database.prepare(sql, params));
      while (this.attempt(() => (statement as Statement).step())) {
        yield this.attempt(() => (statement as Statement).get());
      }
    } finally {
      if (!this.closed) statement?.free();
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

  close(): void {
    if (this.closed) return;
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

const magic = 'SQLite format 3\0';
const headerSize = 100;

function checkHeader(bytes: Uint8Array, name: string): void {
  if (bytes.length === 0) throw new TraceError('fileEmpty', [name]);
  const begin = String.fromCharCode(...bytes.subarray(0, magic.length));
  if (begin !== magic) throw new TraceError('notSqlite', [name]);
  if (bytes.length < headerSize) {
    throw new TraceError('damaged', [name, `only ${bytes.length} bytes are left`]);
  }
}

/** The file's header says that its writer uses a write-ahead log. */
export function isWal(bytes: Uint8Array): boolean {
  return bytes.length >= headerSize && bytes[18] === 2;
}

/**
 * What sql.js takes for the file's bytes. SQLite cannot open a file in WAL mode without shared memory,
 * which sql.js lacks, so the header's two version bytes say rollback journal (SQLite file format, 1.3.3).
 */
function fileContent(bytes: Uint8Array, owned: boolean): Uint8Array {
  const take = (from: number, to: number): Uint8Array => {
    // sql.js keeps what `slice` returns; a Node Buffer's would be a view of the caller's bytes.
    const taken = owned
      ? bytes.subarray(from, to)
      : Uint8Array.prototype.slice.call(bytes, from, to);
    if (from === 0 && isWal(taken)) taken.fill(1, 18, 20);
    return taken;
  };
  const content = { length: bytes.length, slice: take, subarray: take };
  // sql.js calls nothing but these three (read in version 1.16.0, which package.json pins).
  return content as unknown as Uint8Array;
}

function asTraceError(thrown: unknown, name: string): TraceError {
  if (thrown instanceof TraceError) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (/not a database|encrypted/i.test(words)) return new TraceError('notSqlite', [name], thrown);
  if (/malformed|disk I\/O error|corrupt/i.test(words)) {
    return new TraceError('damaged', [name, words], thrown);
  }
  if (
    /out of memory|allocation failed|invalid typed array length|cannot enlarge memory/i.test(words)
  ) {
    return new TraceError('outOfMemory', [name], thrown);
  }
  return new TraceError('unexpected', [`${words} (${name})`], thrown);
}
