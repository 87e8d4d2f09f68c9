// Records onto disks that are full or read-only: fullDiskProgram.ts <empty folder>. Run by fullDisk.test.ts in
// a namespace of its own, so that what is mounted here is seen by nobody else and goes with this process.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AgentTracer,
  type Backend,
  JsonLinesBackend,
  SqliteBackend,
} from '../../src/tracer/main.ts';

const [, , folder = ''] = process.argv;
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', folder]);

function recorder(backend: Backend) {
  const said: string[] = [];
  const log = { error: (text: string) => said.push(text), info: (text: string) => said.push(text) };
  const tracer = new AgentTracer({ backend, log, git: false, signals: false, source: false });
  let recorded = 0;
  const record = (runs: number, characters: number): void => {
    recorded += runs;
    for (let i = 0; i < runs; i++) tracer.run('run', 'x'.repeat(characters), () => undefined);
  };
  /** Until all that waits is stored, and what was dropped is written down. */
  const flushed = async (): Promise<void> => {
    while (!(await tracer.flush())) await sleep(10);
  };
  const hasSaid = async (): Promise<void> => {
    while (said.length === 0) await sleep(5);
  };
  return { tracer, said, record, flushed, hasSaid, recorded: () => recorded };
}

function query(file: string, sql: string): unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(sql).all();
  db.close();
  return rows.flatMap(row => Object.values(row));
}

/** The disk is full from the start, or becomes so under way; then there is room again. */
async function full(from: 'the start' | 'under way') {
  const file = path.join(folder, `${from}.db`);
  const ballast = path.join(folder, 'ballast');
  const fill = (): void => {
    const rest = fs.statfsSync(folder);
    fs.writeFileSync(ballast, Buffer.alloc(rest.bavail * rest.bsize));
  };
  const options = { flushMs: 300, maxQueueBytes: 600_000 };
  const backend = new SqliteBackend(file, options);
  const { tracer, said, record, flushed, hasSaid, recorded } = recorder(backend);
  if (from === 'under way') {
    record(10, 1000);
    await flushed();
  }
  fill();
  record(10, 1000);
  await hasSaid();
  const whileFull = await tracer.flush();
  record(1000, 2000);
  const more = await tracer.flush();
  fs.rmSync(ballast);
  await flushed();
  record(10, 1000);
  const after = await tracer.flush();
  await tracer.close();
  const [kept] = query(file, 'SELECT count(*) FROM spans');
  const [dropped] = query(file, "SELECT value FROM trace_info WHERE key = 'dropped_spans'");
  const lost = recorded() - Number(kept) - Number(dropped);
  const integrity = query(file, 'PRAGMA integrity_check');
  fs.rmSync(file);
  return { flushes: [whileFull, more, after], said, kept, lost, integrity };
}

const remount = (how: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${how}`, folder]);

/** A file, or the folder of one that is yet to be made, that can only be read at first. */
async function readOnly(what: 'file' | 'folder', by: 'disk' | 'permissions') {
  const inside = path.join(folder, `${what} ${by}`);
  fs.mkdirSync(inside);
  const file = path.join(inside, 'a.db');
  if (what === 'file') {
    const before = recorder(new SqliteBackend(file));
    before.record(1, 10);
    await before.tracer.close();
  }
  const backend = new SqliteBackend(file, { flushMs: 300 });
  const { tracer, said, record, flushed, hasSaid, recorded } = recorder(backend);
  const permit = (mode: number): void => fs.chmodSync(what === 'file' ? file : inside, mode);
  if (by === 'disk') remount('ro');
  else permit(0o555);
  record(1, 10);
  await hasSaid();
  const stored = await tracer.flush();
  if (by === 'disk') remount('rw');
  else permit(0o755);
  await flushed();
  await tracer.close();
  const [kept] = query(file, 'SELECT count(*) FROM spans');
  return { stored, said, lost: recorded() + (what === 'file' ? 1 : 0) - Number(kept) };
}

/** The other backend that writes to a disk. */
async function fullLines() {
  const file = path.join(folder, 'a.jsonl');
  const ballast = path.join(folder, 'ballast');
  const rest = fs.statfsSync(folder);
  fs.writeFileSync(ballast, Buffer.alloc(rest.bavail * rest.bsize));
  const backend = new JsonLinesBackend(file, 600_000);
  const { tracer, said, record, flushed, recorded } = recorder(backend);
  record(1000, 2000);
  const stored = await tracer.flush();
  fs.rmSync(ballast);
  await flushed();
  await tracer.close();
  const rows = fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string; rows?: number });
  const kept = rows.filter(row => row.type === 'span').length;
  const dropped = rows.reduce((sum, row) => sum + (row.rows ?? 0), 0);
  return { stored, said, kept, lost: recorded() - kept - dropped };
}

const results = {
  fullAtStart: await full('the start'),
  fullUnderWay: await full('under way'),
  fullLines: await fullLines(),
  readOnly: [
    await readOnly('file', 'disk'),
    await readOnly('folder', 'disk'),
    await readOnly('file', 'permissions'),
    await readOnly('folder', 'permissions'),
  ],
};
export type Results = typeof results;
console.log(JSON.stringify(results));
