import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Ms, UnixMs } from '../core/model.ts';

export interface ProcessRun {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Written to its standard input, which then ends. */
  readonly input: string;
  readonly timeout: Ms;
  /** Of all that it writes, in bytes. */
  readonly mostBytes: number;
  readonly signal: AbortSignal | undefined;
}

export interface ProcessEnd {
  readonly how: 'exited' | 'killed' | 'timeout' | 'cancelled' | 'tooMuch' | 'notStarted';
  readonly problem: NodeJS.ErrnoException | undefined;
  readonly code: number | undefined;
  readonly signalName: string | undefined;
  readonly out: string;
  /** What it wrote to its fourth stream: 3. */
  readonly report: string;
  /** The end of its error output. */
  readonly errors: string;
  readonly start: UnixMs;
  readonly duration: Ms;
}

const mostErrors = 20_000;
/** A program that is asked to end may tidy up for so long. */
const gentleMs = 1000;
/** Its output may be held open by what left its group; nobody waits for that. */
const drainMs = 500;
const isWindows = process.platform === 'win32';

const running = new Set<ChildProcess>();
let watching = false;

/** Runs a program to its end, and leaves nothing of it running: it has a group of processes of its own. */
export function runProcess(run: ProcessRun): Promise<ProcessEnd> {
  const start = Date.now();
  const began = performance.now();
  if (!watching) {
    watching = true;
    process.once('exit', () => {
      for (const child of running) killGroup(child, 'SIGKILL');
    });
  }
  return new Promise(resolve => {
    const [out, report] = [new Collected(), new Collected()];
    const errors = new Tail(mostErrors);
    let how: ProcessEnd['how'] = 'exited';
    let child: ChildProcess | undefined;
    const timers: NodeJS.Timeout[] = [];
    const ended = (end: Partial<ProcessEnd>): void => {
      for (const timer of timers) clearTimeout(timer);
      run.signal?.removeEventListener('abort', cancel);
      if (child) running.delete(child);
      resolve({
        how,
        problem: undefined,
        code: undefined,
        signalName: undefined,
        out: out.text,
        report: report.text,
        errors: errors.text,
        start,
        duration: performance.now() - began,
        ...end,
      });
    };
    const stop = (why: ProcessEnd['how']): void => {
      if (how !== 'exited' || !child) return;
      how = why;
      killGroup(child, 'SIGTERM');
      const force = child;
      timers.push(setTimeout(() => killGroup(force, 'SIGKILL'), gentleMs));
    };
    const cancel = (): void => stop('cancelled');
    if (run.signal?.aborted) return ended({ how: 'cancelled' });
    try {
      child = started(run);
    } catch (error) {
      // What spawn refuses before it tries, such as a program's name that is too long.
      return ended({ how: 'notStarted', problem: error as NodeJS.ErrnoException });
    }
    const own = child;
    running.add(own);
    own.once('error', problem => {
      if (own.pid === undefined) ended({ how: 'notStarted', problem });
    });
    own.once('exit', (code, signalName) => {
      // Whatever it has started ends with it.
      killGroup(own, 'SIGKILL');
      const killed = how === 'exited' && signalName !== null;
      const end = {
        how: killed ? 'killed' : how,
        code: code ?? undefined,
        signalName: signalName ?? undefined,
      };
      const timer = setTimeout(() => {
        for (const stream of own.stdio) stream?.destroy();
      }, drainMs);
      own.once('close', () => {
        clearTimeout(timer);
        const late = how === 'tooMuch' ? { how } : {};
        ended({ ...end, ...late, out: out.text, report: report.text, errors: errors.text });
      });
    });
    let left = run.mostBytes;
    const read = (stream: unknown, to: { add(chunk: Buffer): void }): void => {
      (stream as Readable).on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left >= 0) return to.add(chunk);
        if (own.exitCode !== null) how = 'tooMuch';
        stop('tooMuch');
      });
    };
    read(own.stdout, out);
    read(own.stderr, errors);
    read(own.stdio[3], report);
    for (const stream of own.stdio) {
      // A program need not read what it is given, and its end is told by its exit.
      stream?.on('error', () => undefined);
    }
    own.stdin?.end(run.input);
    timers.push(setTimeout(() => stop('timeout'), run.timeout));
    run.signal?.addEventListener('abort', cancel, { once: true });
  });
}

function started({ command: [program = '', ...args], cwd, env }: ProcessRun): ChildProcess {
  return spawn(program, args, {
    cwd,
    env,
    detached: !isWindows,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (isWindows) {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }).on(
      'error',
      () => void child.kill(),
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nothing of it is left; EPERM, on macOS: what is left has ended and was not waited for yet.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

class Collected {
  private readonly chunks: Buffer[] = [];

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

/** The last bytes of what is long. */
class Tail {
  private bytes = Buffer.alloc(0);
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  add(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    if (this.bytes.length > this.most) this.bytes = this.bytes.subarray(-this.most);
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}
