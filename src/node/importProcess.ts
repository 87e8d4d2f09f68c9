import { type ChildProcess, fork } from 'node:child_process';
import { TraceError } from '../core/errors.ts';
import type { ImportProgress, ImportReport } from '../core/importReport.ts';
import { childEnvironment } from './childEnvironment.ts';
import type { FromImporter, ToImporter } from './importMessages.ts';

type Log = (line: string) => void;

/** Imports files in a process of its own. @throws TraceError */
export function importInProcess(
  entry: string,
  files: readonly string[],
  to: string,
  log: Log,
  on: { progress(progress: ImportProgress): void; readonly signal: AbortSignal },
): Promise<ImportReport> {
  return new Promise((resolve, reject) => {
    const child = start(entry, { type: 'import', files, to }, log, {
      said: message => {
        if (message.type === 'progress') on.progress(message.progress);
        else if (message.type === 'done') resolve(message.report);
      },
      failed: reject,
    });
    on.signal.addEventListener('abort', () => {
      reject(new TraceError('cancelled'));
      if (child.connected) child.disconnect();
    });
  });
}

/** Keeps a trace file of transcripts until it is stopped. */
export interface TranscriptProcess {
  /** Once there is something to show. @throws TraceError */
  readonly ready: Promise<void>;
  /** Ends once its process has, and with it all that it had opened. */
  stop(): Promise<void>;
}

export function followTranscripts(
  entry: string,
  ask: Omit<Extract<ToImporter, { type: 'mirror' }>, 'type'>,
  log: Log,
  ended: () => void,
): TranscriptProcess {
  let child: ChildProcess | undefined;
  let isStopped = false;
  let gone: Promise<void> | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    const started = start(entry, { type: 'mirror', ...ask }, log, {
      said: message => {
        if (message.type === 'ready') resolve();
      },
      failed: error => {
        if (isStopped) return reject(new TraceError('cancelled'));
        log(`transcripts are not followed any more: ${error.message}`);
        reject(error);
        ended();
      },
    });
    child = started;
    gone = new Promise(end => {
      started.once('exit', () => end());
      // It never began.
      started.once('error', () => end());
    });
  });
  // Whoever waits for it is told; nobody need.
  ready.catch(() => undefined);
  return {
    ready,
    stop: async () => {
      isStopped = true;
      if (child?.connected) child.disconnect();
      await gone;
    },
  };
}

function start(
  entry: string,
  ask: ToImporter,
  log: Log,
  on: { said(message: FromImporter): void; failed(error: TraceError): void },
): ChildProcess {
  const child = fork(entry, [], {
    env: childEnvironment(),
    // Without this, the flags of the extension's host are handed on, `--inspect-port` among them.
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const stopped = (why: string): void => on.failed(new TraceError('importStopped', [why]));
  child.on('message', message => {
    const said = message as FromImporter;
    if (said.type === 'log') log(said.line);
    else if (said.type === 'failed') {
      log(`import: ${said.words}`);
      on.failed(new TraceError(said.code, said.args));
    } else on.said(said);
  });
  child.on('error', error => stopped(error.message));
  child.on('exit', (code, signal) => stopped(signal ?? `exit code ${code}`));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      // Node says that its SQLite is experimental; that is nothing to tell.
      if (!/ExperimentalWarning|--trace-warnings/.test(text)) log(text.trimEnd());
    });
  }
  child.send(ask, error => error && stopped(error.message));
  return child;
}
