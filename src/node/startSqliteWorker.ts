import { isBuiltin } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './writerMessages.ts';

/** The bundled worker as text, put in by esbuild.mjs: programs that are bundled themselves need no second file. */
declare const SQLITE_WORKER: string | undefined;

export function startSqliteWorker(start: WorkerStart): Worker {
  const options = { workerData: start, transferList: [start.port], name: 'agent-traces' };
  if (typeof SQLITE_WORKER === 'string') {
    // Without the program's own flags: a loader or a debugger of its is nothing to this thread.
    return new Worker(SQLITE_WORKER, { ...options, eval: true, execArgv: [] });
  }
  return new Worker(new URL('./sqliteWorker.ts', import.meta.url), options);
}

/** Says what is possible where Node has no SQLite of its own. */
export function needSqlite(): void {
  if (isBuiltin('node:sqlite')) return;
  throw new Error(
    `A trace file needs node:sqlite, which Node ${process.versions.node} does not have. Run the agent on Node 22.13 or newer, or give the tracer another backend: new JsonLinesBackend('traces.jsonl') or new MemoryBackend().`,
  );
}
