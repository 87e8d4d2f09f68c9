import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';

export interface ReplayedProgram {
  /** Its exit code, 128 and the signal's number where one ended it; 127 where it could not be started. */
  readonly ended: Promise<{ readonly code: number; readonly problem?: string }>;
  /** Hands a signal on. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * What a program needs in its environment to be answered by a replay. A key that is there stays, for calls
 * that go on to the real API; the SDK does not start without one.
 */
export function replayEnvironment(
  baseUrl: string,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const hasKey = own.ANTHROPIC_API_KEY || own.ANTHROPIC_AUTH_TOKEN;
  const direct = (name: string): Record<string, string> => ({
    [name]: [own[name], '127.0.0.1'].filter(Boolean).join(','),
  });
  return {
    ANTHROPIC_BASE_URL: baseUrl,
    ...(!hasKey && { ANTHROPIC_API_KEY: 'replay' }),
    // A proxy would not find this machine's own address, and would be sent the key.
    ...direct('NO_PROXY'),
    ...direct('no_proxy'),
  };
}

/** Runs a program in this terminal. */
export function startProgram(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReplayedProgram {
  let child: ChildProcess | undefined;
  const ended = new Promise<{ code: number; problem?: string }>(resolve => {
    child = spawn(program, args, { env, stdio: 'inherit' });
    child.once('error', error => resolve({ code: 127, problem: error.message }));
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? 128 + (signal ? os.constants.signals[signal] : 0) });
    });
  });
  return { ended, kill: signal => void child?.kill(signal) };
}
