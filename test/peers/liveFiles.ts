import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filesAt } from '../../src/node/diskSource.ts';
import { lazyBytes } from '../../src/store/lazyBytes.ts';
import { PageView } from '../../src/store/pageView.ts';
import { takeSnapshot } from '../../src/store/snapshot.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import { Wal } from '../../src/store/wal.ts';
import type { Mode } from '../unit/support/leftFiles.ts';
import { dist } from '../unit/support/traceDb.ts';
import { pythonScript } from './python.ts';

const sqlite = loadSqlite(new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm'))));
const beside = ['', '-wal', '-journal'];

/** Long runs on demand: AGENT_TRACES_LONG=20 asks for twenty times as much. */
export const times = Number(process.env.AGENT_TRACES_LONG ?? 1);

/** Starts a program that writes until it is killed, and waits for its first committed state. */
export async function startWriter(
  by: 'node' | 'python',
  args: readonly [file: string, mode: Mode, pageSize: number, what: string],
): Promise<ChildProcess> {
  const words = args.map(String);
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  ];
  const child =
    by === 'node'
      ? spawn(process.execPath, [...flags, path.join(import.meta.dirname, 'writer.ts'), ...words], {
          stdio: [...stdio],
        })
      : spawn(...pythonScript('writer.py', words), { stdio: [...stdio] });
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Stops a process where it is, and waits until it has stopped. */
export function freeze(child: ChildProcess): void {
  child.kill('SIGSTOP');
  while (!/^\d+ \(.*\) T/.test(fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8'))) {
    spawnSync('true');
  }
}

/** What SQLite makes of a copy of the files: it recovers them, which only a writer may do. */
export function recovered(file: string, by: 'node' | 'cli'): readonly string[] {
  const copy = `${file}.copy`;
  for (const end of beside) {
    fs.rmSync(copy + end, { force: true });
    if (fs.existsSync(file + end)) fs.copyFileSync(file + end, copy + end);
  }
  fs.rmSync(`${copy}-shm`, { force: true });
  if (by === 'cli') {
    const sql = `SELECT json_array(${columnsText}) FROM spans ORDER BY rowid`;
    const text = execFileSync('sqlite3', [copy, sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
    return text.split('\n').filter(Boolean);
  }
  const db = new DatabaseSync(copy);
  try {
    return db
      .prepare(`SELECT json_array(${columnsText}) AS row FROM spans ORDER BY rowid`)
      .all()
      .map(row => String(row.row));
  } finally {
    db.close();
  }
}

const columnsText = `rowid, span_id, run_id, parent_span_id, name, start_time, end_time, status,
  input_tokens, output_tokens, cost_usd, model, metadata, error`.replaceAll(/\s+/g, ' ');

/** What we show of the files as they are, and whether SQLite finds it whole. */
export async function shown(
  file: string,
): Promise<{ rows: readonly string[]; check: string; layer: string }> {
  const files = filesAt({ kind: 'path', path: file, name: path.basename(file) });
  const view = new PageView(files, path.basename(file));
  const snapshot = takeSnapshot(files, new Wal());
  if (!snapshot) throw new Error('no snapshot of files that nobody writes to');
  view.show(snapshot);
  const db = new Db(await sqlite, lazyBytes(view, snapshot.pageSize), 'shown');
  try {
    const check = String(db.row('PRAGMA integrity_check')?.[0]);
    const sql = `SELECT json_array(${columnsText}) FROM spans ORDER BY rowid`;
    const rows = [...db.rows(sql)].map(([row]) => String(row));
    if (view.failure) throw view.failure;
    if (!view.isIntact()) throw new Error('files that nobody writes to have changed');
    return { rows, check, layer: snapshot.wal ? 'wal' : snapshot.journal ? 'journal' : 'none' };
  } finally {
    db.close();
    view.release();
  }
}

/** Why the sqlite3 program cannot be asked; undefined where it can. */
export const noCli =
  spawnSync('sqlite3', ['-version']).status === 0
    ? undefined
    : 'skipped: there is no sqlite3 program';

/** Why processes cannot be stopped and looked at; undefined where they can. */
export const noProc = fs.existsSync('/proc/self/stat') ? undefined : 'skipped: there is no /proc';
