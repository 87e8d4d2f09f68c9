import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { TraceError } from '../core/errors.ts';
import type { ReaderApi } from '../protocol/reader.ts';
import { Caller, type Reply } from '../protocol/rpc.ts';
import { childEnvironment } from './childEnvironment.ts';

type Method = keyof ReaderApi;

/** What the process says after an answer when the memory of SQLite has grown too large. */
export interface Grown {
  readonly kind: 'grown';
  readonly bytes: number;
}

/** One process and the calls to it. */
export class ReaderChild {
  private readonly child: ChildProcess;
  private readonly caller: Caller<ReaderApi>;
  private readonly on: { stopped(why: string): void; grown(bytes: number): void };
  private open = 0;
  private over = false;
  isReplaced = false;

  constructor(
    entry: string,
    args: readonly string[],
    log: (line: string) => void,
    on: ReaderChild['on'],
  ) {
    this.on = on;
    this.child = fork(entry, args, {
      env: childEnvironment(),
      // Without this, the flags of the extension's host are handed on, `--inspect-port` among them. What is
      // read is mostly thrown away soon: V8 would take 32 megabytes for it, and is no faster for them.
      execArgv: ['--max-semi-space-size=4'],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.caller = new Caller(request => {
      this.child.send(request, error => error && this.stop(error.message));
    });
    this.child.on('message', message => {
      const said = message as Reply | Grown;
      if (said.kind !== 'grown') this.caller.receive(said);
      // The answer before it is still to be handed over.
      else setImmediate(() => this.on.grown(said.bytes));
    });
    this.child.on('error', error => this.stop(error.message));
    this.child.on('exit', (code, signal) => this.stop(signal ?? `exit code ${code}`));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isIdle(): boolean {
    return this.open === 0;
  }

  call(method: Method, args: readonly unknown[]): Promise<unknown> & { cancel(): void } {
    const answer = this.caller.call(method, ...(args as Parameters<ReaderApi[Method]>));
    this.open++;
    const done = () => this.open--;
    answer.then(done, done);
    return answer;
  }

  /** Whether the process is free for other questions before the time is over. */
  async answersWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController();
    const late = wait(milliseconds, false, { ref: false, signal: timer.signal }).catch(() => false);
    const sign = this.call('close', ['']).then(
      () => true,
      () => true,
    );
    const answered = await Promise.race([sign, late]);
    timer.abort();
    return answered;
  }

  /** Ends a process that does not come back; what waits for it is to be asked again. */
  replace(): void {
    this.isReplaced = true;
    this.over = true;
    this.caller.close(new TraceError('readerStopped', ['it did not answer']));
    this.child.kill('SIGKILL');
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
    this.on.stopped(why);
    this.caller.close(new TraceError('readerStopped', [why]));
  }
}
