// Opens a folder in the desktop VS Code of this machine, in a profile of its own.
import fs from 'node:fs';
import path from 'node:path';
import { run } from './processes.ts';
import type { Profile } from './profile.ts';
import { onPath } from './programs.ts';

/** The desktop's `code`; in a terminal of a remote VS Code that name only reaches the person's own window. */
export function desktopCode(): string | undefined {
  return process.env.VSCODE_IPC_HOOK_CLI ? undefined : onPath('code');
}

/**
 * The program behind a `code`: that is a script, which starts VS Code and ends without waiting for it. On
 * Windows it lies beside the program's folder, elsewhere links may lead to it.
 */
export function executableOf(
  file: string,
  platform: NodeJS.Platform,
  exists: (file: string) => boolean,
  follow: (file: string) => string = resolved,
): string {
  const { join, dirname, basename } = platform === 'win32' ? path.win32 : path.posix;
  const script = follow(file);
  if (basename(dirname(script)) !== 'bin') return file;
  const name = basename(script).replace(/\.cmd$/, '');
  const up = join(dirname(script), '..');
  const known: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    win32: name === 'code-insiders' ? ['Code - Insiders.exe'] : ['Code.exe', 'VSCodium.exe'],
    // bin/ is three folders below Contents/, whose MacOS/ holds the program under an older or newer name.
    darwin: ['Electron', 'Code'].map(program => join('..', '..', 'MacOS', program)),
  };
  const candidates = (known[platform] ?? [name]).map(one => join(up, one));
  return candidates.find(exists) ?? file;
}

function resolved(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : file;
}

function runCode(code: string, args: string[]): Promise<number> {
  // `code` is a batch file on Windows, which runs in a shell only.
  if (process.platform !== 'win32') return run(code, args);
  const quoted = args.map(arg => `"${arg}"`);
  return run(`"${code}"`, quoted, { shell: true });
}

function profileArgs({ userDataDir, extensionsDir }: Profile): string[] {
  return [`--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`];
}

/** Installs the extension, opens paths in a window and waits until it is closed. */
export async function openDesktop(
  code: string,
  profile: Profile,
  vsix: string,
  paths: string[],
): Promise<void> {
  const own = profileArgs(profile);
  const installed = await runCode(code, [...own, '--install-extension', vsix, '--force']);
  if (installed !== 0) throw new Error('VS Code did not install the extension; see above.');
  await runCode(code, [...own, '--new-window', '--wait', ...paths]);
}

/** Ends the window's program. It is no child of ours: `code` starts it on its own. */
export function closeDesktop({ userDataDir }: Profile): void {
  const lock = path.join(userDataDir, 'code.lock');
  if (!fs.existsSync(lock)) return;
  const pid = Number(fs.readFileSync(lock, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(pid);
  } catch {
    // The window is closed already and has left its lock file behind.
  }
}
