import { TraceError } from '../core/errors.ts';
import type { FileId, ReaderApi, TraceSource } from '../protocol/reader.ts';
import { readerMethods } from '../protocol/readerMethods.ts';
import { ReaderChild } from './readerChild.ts';

/** The reader in a process of its own. */
export interface ReaderConnection {
  /** Starts the process where it is not running. Its promises have a method `cancel` as well. */
  readonly api: ReaderApi;
  /** Process id of the reader, where it runs. */
  readonly pid: number | undefined;
  /** Starts the process ahead of the first call. */
  warmUp(): void;
  dispose(): void;
}

type Method = keyof ReaderApi;
type Call = (method: Method, args: readonly unknown[]) => Promise<unknown> & { cancel(): void };

// A file that crashes the reader would do so again: after this many crashes within the time, only `open`,
// which is what Refresh calls, starts another process.
const crashLimit = 3;
const crashWindow = 10_000;
// What makes the process grow may be what it has to keep.
const recycleEvery = 600_000;

/**
 * @param entry the reader's program, dist/reader.js
 * @param log is handed what the process writes, and why it ended
 * @param args of the program: the folder of sql-wasm.wasm where it does not lie beside it, the folder in
 *   which it may keep what it has read of large files, and how many bytes of memory are too many
 * @param patience how many milliseconds a process may go without a sign after a question was cancelled,
 *   before another takes its place: a query of SQLite cannot be stopped in any other way
 */
export function startReader(
  entry: string,
  log: (line: string) => void,
  args: readonly string[] = [],
  patience = 4000,
): ReaderConnection {
  const files = new OpenFiles();
  const crashes: number[] = [];
  let recycledAt = Number.NEGATIVE_INFINITY;
  let running: ReaderChild | undefined;
  let disposed = false;

  function start(): ReaderChild {
    if (disposed) throw new TraceError('readerStopped', ['it was closed']);
    running ??= new ReaderChild(entry, args, log, {
      stopped: why => {
        running = undefined;
        crashes.push(Date.now());
        log(`the reader stopped: ${why}`);
      },
      grown: bytes => {
        if (!running?.isIdle || Date.now() - recycledAt < recycleEvery) return;
        recycledAt = Date.now();
        log(`the reader has grown to ${bytes} bytes; the next question starts another`);
        running.end();
        running = undefined;
      },
    });
    return running;
  }

  async function replaceIfStuck(reader: ReaderChild): Promise<void> {
    if (await reader.answersWithin(patience)) return;
    if (reader !== running) return;
    running = undefined;
    log('the reader did not come back from a question that was cancelled; another takes its place');
    reader.replace();
  }

  async function prepare(method: Method, args: readonly unknown[]): Promise<ReaderChild> {
    const crashed = crashes.filter(time => Date.now() - time < crashWindow).length;
    if (!running && crashed >= crashLimit && method !== 'open') {
      throw new TraceError('readerNotStarted', [`it stopped ${crashed} times in a row`]);
    }
    const reader = start();
    if (method === 'open' || method === 'close') return reader;
    try {
      for (const file of filesOf(method, args)) await files.reopen(file, reader);
    } catch (error) {
      // The new process did not come back from someone else's question.
      if (reader.isReplaced) return prepare(method, args);
      throw error;
    }
    return reader;
  }

  const call: Call = (method, args) => {
    let cancel: (() => void) | undefined;
    let cancelled = false;
    const work = async (): Promise<unknown> => {
      const reader = await prepare(method, args);
      if (cancelled) throw new TraceError('cancelled');
      const answer = reader.call(method, args);
      cancel = () => {
        answer.cancel();
        void replaceIfStuck(reader);
      };
      try {
        const value = await answer;
        files.note(method, args, reader);
        return value;
      } catch (error) {
        // It waited behind another question, and is no reason for the process to be gone.
        if (reader.isReplaced && !cancelled) return work();
        throw error;
      }
    };
    return Object.assign(work(), {
      cancel: () => {
        cancelled = true;
        cancel?.();
      },
    });
  };

  return {
    api: apiOf(call),
    get pid() {
      return running?.pid;
    },
    warmUp() {
      if (!disposed) start();
    },
    dispose() {
      disposed = true;
      running?.end();
      running = undefined;
    },
  };
}

/** The files that a question is about. */
function filesOf(method: Method, args: readonly unknown[]): readonly FileId[] {
  if (method !== 'compareRuns') return [args[0] as FileId];
  const [a, b] = args as unknown as Parameters<ReaderApi['compareRuns']>;
  return [a.file, b.file];
}

function apiOf(call: Call): ReaderApi {
  const api: Partial<Record<Method, unknown>> = {};
  for (const method of readerMethods) {
    api[method] = (...args: readonly unknown[]) => call(method, args);
  }
  // Every method of the interface is in the list (readerMethods is checked against it).
  return api as ReaderApi;
}

/** The files that are open, so that a new process can open them again when one is asked for. */
class OpenFiles {
  private readonly sources = new Map<FileId, TraceSource>();
  private readonly openIn = new Map<FileId, { reader: ReaderChild; opened: Promise<unknown> }>();

  async reopen(file: FileId, reader: ReaderChild): Promise<void> {
    const source = this.sources.get(file);
    if (!source) return;
    let known = this.openIn.get(file);
    if (known?.reader !== reader) {
      known = { reader, opened: reader.call('open', [file, source]) };
      this.openIn.set(file, known);
    }
    try {
      await known.opened;
    } catch (error) {
      // The file may only have been away for a moment: the next question tries again.
      if (this.openIn.get(file) === known) this.openIn.delete(file);
      throw error;
    }
  }

  note(method: Method, args: readonly unknown[], reader: ReaderChild): void {
    const [file, source] = args as [FileId, TraceSource];
    if (method === 'close') this.sources.delete(file);
    if (method !== 'open') return;
    this.openIn.set(file, { reader, opened: Promise.resolve() });
    // Bytes are not kept a second time in the extension's host: their file is `fileNotOpen` after a crash.
    if (source.kind === 'path') this.sources.set(file, source);
  }
}
