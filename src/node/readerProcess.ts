import { type ChildProcess, fork } from 'node:child_process';
import { TraceError } from '../core/errors.ts';
import {
  type FileId,
  type ReaderApi,
  readerMethods,
  type TraceSource,
} from '../protocol/reader.ts';
import { Caller, type Reply } from '../protocol/rpc.ts';

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

/**
 * @param entry the reader's program, dist/reader.js
 * @param log is handed what the process writes, and why it ended
 * @param args of the program; the folder of sql-wasm.wasm where it does not lie beside it
 */
export function startReader(
  entry: string,
  log: (line: string) => void,
  args: readonly string[] = [],
): ReaderConnection {
  const files = new OpenFiles();
  const crashes: number[] = [];
  let running: Running | undefined;
  let disposed = false;

  function start(): Running {
    if (disposed) throw new TraceError('readerStopped', ['it was closed']);
    running ??= new Running(entry, args, log, why => {
      running = undefined;
      crashes.push(Date.now());
      log(`the reader stopped: ${why}`);
    });
    return running;
  }

  async function prepare(method: Method, args: readonly unknown[]): Promise<Running> {
    const crashed = crashes.filter(time => Date.now() - time < crashWindow).length;
    if (!running && crashed >= crashLimit && method !== 'open') {
      throw new TraceError('readerNotStarted', [`it stopped ${crashed} times in a row`]);
    }
    const reader = start();
    if (method === 'open' || method === 'close') return reader;
    await files.reopen(args[0] as FileId, reader);
    return reader;
  }

  const call: Call = (method, args) => {
    let cancel: (() => void) | undefined;
    let cancelled = false;
    const work = async (): Promise<unknown> => {
      const reader = await prepare(method, args);
      if (cancelled) throw new TraceError('cancelled');
      const answer = reader.call(method, args);
      cancel = () => answer.cancel();
      const value = await answer;
      files.note(method, args, reader);
      return value;
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
  private readonly openIn = new Map<FileId, { reader: Running; opened: Promise<unknown> }>();

  async reopen(file: FileId, reader: Running): Promise<void> {
    const source = this.sources.get(file);
    if (!source) return;
    let known = this.openIn.get(file);
    if (known?.reader !== reader) {
      known = { reader, opened: reader.call('open', [file, source]) };
      this.openIn.set(file, known);
    }
    await known.opened;
  }

  note(method: Method, args: readonly unknown[], reader: Running): void {
    const [file, source] = args as [FileId, TraceSource];
    if (method === 'close') this.sources.delete(file);
    if (method !== 'open') return;
    this.openIn.set(file, { reader, opened: Promise.resolve() });
    // Bytes are not kept a second time in the extension's host: their file is `fileNotOpen` after a crash.
    if (source.kind === 'path') this.sources.set(file, source);
  }
}

/** One process and the calls to it. */
class Running {
  private readonly child: ChildProcess;
  private readonly caller: Caller<ReaderApi>;
  private readonly onStop: (why: string) => void;
  private over = false;

  constructor(
    entry: string,
    args: readonly string[],
    log: (line: string) => void,
    onStop: (why: string) => void,
  ) {
    this.onStop = onStop;
    this.child = fork(entry, args, {
      env: environment(),
      // Without this, the flags of the extension's host are handed on, `--inspect-port` among them.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.caller = new Caller(request => {
      this.child.send(request, error => error && this.stop(error.message));
    });
    this.child.on('message', reply => this.caller.receive(reply as Reply));
    this.child.on('error', error => this.stop(error.message));
    this.child.on('exit', (code, signal) => this.stop(signal ?? `exit code ${code}`));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  call(method: Method, args: readonly unknown[]): Promise<unknown> & { cancel(): void } {
    return this.caller.call(method, ...(args as Parameters<ReaderApi[Method]>));
  }

  end(): void {
    this.over = true;
    this.caller.close(new TraceError('readerStopped', ['it was closed']));
    this.child.kill();
  }

  private stop(why: string): void {
    if (this.over) return;
    this.over = true;
    this.child.kill();
    this.onStop(why);
    this.caller.close(new TraceError('readerStopped', [why]));
  }
}

function environment(): NodeJS.ProcessEnv {
  // In VS Code, the program to run is Electron, which is a plain Node only with this.
  const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  delete env.NODE_OPTIONS;
  delete env.VSCODE_INSPECTOR_OPTIONS;
  return env;
}
