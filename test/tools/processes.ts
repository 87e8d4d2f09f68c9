import { type SpawnOptions, spawn } from 'node:child_process';
import os from 'node:os';
import { atExit } from './atExit.ts';
import { root } from './repo.ts';

/** Flags that every Node 24 started here needs to run TypeScript without warnings. */
export const typescriptFlags = [
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  '--disable-warning=ExperimentalWarning',
];

/** Makes signals end this process the way `process.exit` does, so that what it has started ends too. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
  }
}

/** Runs a program to its end in the repository's root, its output shown; gives its exit code. */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const forget = atExit(() => child.kill());
    child.on('error', reject);
    child.on('exit', code => {
      forget();
      resolve(code ?? 1);
    });
  });
}

/** Runs a JavaScript or TypeScript file to its end with this Node. */
export function runNode(file: string, args: string[], options: SpawnOptions = {}): Promise<number> {
  return run(process.execPath, [...typescriptFlags, file, ...args], options);
}

/** Runs a program to its end and gives all it wrote; throws that text when it fails. */
export function outputOf(command: string, args: string[], options: SpawnOptions = {}) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forget = atExit(() => child.kill());
    let output = '';
    child.stdout?.on('data', chunk => {
      output += chunk;
    });
    child.stderr?.on('data', chunk => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', code => {
      forget();
      if (code === 0) resolve(output);
      else reject(new Error(output.trim() || `${command} ended with exit code ${code}`));
    });
  });
}

/** Seconds since a moment of `performance.now()`, as it is shown. */
export function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
