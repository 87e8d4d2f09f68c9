import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');
const scripts = path.join(repository, 'test/peers/python');

// Not the name but the program itself: version managers put a slow script in its place.
const python = ['python3', 'python']
  .map(name =>
    spawnSync(
      name,
      ['-c', 'import sqlite3, sys; assert sys.version_info >= (3, 8); print(sys.executable)'],
      { encoding: 'utf8' },
    ),
  )
  .find(found => found.status === 0)
  ?.stdout.trim();

/** Why the tests that need Python cannot run here; undefined where they can. */
export const noPython = python ? undefined : 'skipped: there is no Python 3.8 with sqlite3';

export interface Tracer {
  readonly title: string;
  /** Folder that holds agent_tracer.py. */
  readonly folder: string;
  readonly missing: string | undefined;
}

const article = path.resolve(repository, '../shared/seed-tracer');
const hasArticle = fs.existsSync(path.join(article, 'agent_tracer.py'));

export const tracers: readonly Tracer[] = [
  { title: 'our Python writer', folder: scripts, missing: noPython },
  {
    title: "the article's tracer",
    folder: article,
    missing: noPython ?? (hasArticle ? undefined : 'skipped: ../shared/seed-tracer is not here'),
  },
];

/** `pass` leaves roots open, as the article's `_update_span` does; `filled` ends them. */
export type UpdateSpan = 'pass' | 'filled';

export const tempFolder = (): string =>
  fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-peers-'));

const environment = (tracer: Tracer): NodeJS.ProcessEnv => ({
  ...process.env,
  PYTHONPATH: tracer.folder,
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Runs a scenario of scenarios.py to its end. */
export function runScenario(
  tracer: Tracer,
  db: string,
  scenario: string,
  updateSpan: UpdateSpan,
  secondsAgo: number,
): void {
  runScript(path.join(scripts, 'scenarios.py'), tracer, [
    db,
    scenario,
    updateSpan,
    String(secondsAgo),
  ]);
}

export function runScript(script: string, tracer: Tracer, args: readonly string[]): string {
  return execFileSync(python ?? 'python3', [script, ...args], {
    env: environment(tracer),
    encoding: 'utf8',
  });
}

/** The command that runs a script of this folder. */
export const pythonScript = (script: string, args: readonly string[]): [string, string[]] => [
  python ?? 'python3',
  [path.join(scripts, script), ...args],
];

/** Runs the scenario that waits inside a tool, and stops its program there. */
export async function stopScenario(
  tracer: Tracer,
  db: string,
  signal: 'SIGKILL' | 'SIGINT',
  updateSpan: UpdateSpan,
  secondsAgo: number,
): Promise<void> {
  const script = path.join(scripts, 'scenarios.py');
  const child = spawn(
    python ?? 'python3',
    [script, db, 'stopped', updateSpan, String(secondsAgo)],
    { env: environment(tracer), stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  await Promise.race([
    new Promise<void>(resolve => child.stdout.once('data', () => resolve())),
    ended,
  ]);
  child.kill(signal);
  await ended;
}

export interface OracleRun {
  readonly runId: string;
  readonly spans: number;
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly startTime: number;
}

export interface OracleSpan {
  readonly spanId: string;
  readonly runId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startTime: number;
  readonly durationMs: number | null;
  readonly status: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly model: string;
  readonly error: string | null;
}

export interface Oracle {
  readonly runs: readonly OracleRun[];
  readonly spans: readonly OracleSpan[];
  readonly columns: readonly string[];
  readonly tables: readonly string[];
}

/** What CPython's own sqlite3 finds in the file. */
export const askOracle = (db: string): Oracle =>
  JSON.parse(
    execFileSync(python ?? 'python3', [path.join(scripts, 'oracle.py'), db], { encoding: 'utf8' }),
  );

export const readmePath = path.join(repository, 'README.md');
export const loopPath = path.join(scripts, 'loop.py');
