// Starts VS Code's server, and runs its command line.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { atExit } from './atExit.ts';
import { outputOf } from './processes.ts';
import type { Profile } from './profile.ts';
import { vscodeServerMain } from './vscodeInstall.ts';

export interface Server {
  port: number;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  profile: Profile;
  /** Without it anyone on this machine can open the address. */
  token?: string;
  args?: string[];
  /** Put over our own environment. */
  env?: NodeJS.ProcessEnv;
}

/** Our environment without what VS Code would take over from a VS Code that we run in. */
function environment({ userDataDir }: Profile): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_(?!TEST_)|ELECTRON_|CODE_SERVER_)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  // No marketplace: the tests reach no network.
  return {
    ...Object.fromEntries(kept),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    // The transcripts on this machine are nobody's business here.
    CLAUDE_CONFIG_DIR: path.join(userDataDir, 'claude'),
    // Where programs have their data: what was exported and received is remembered there.
    XDG_DATA_HOME: path.join(userDataDir, 'share'),
    LOCALAPPDATA: path.join(userDataDir, 'share'),
  };
}

function profileArgs({ userDataDir, extensionsDir }: Profile): string[] {
  return [
    '--accept-server-license-terms',
    `--server-data-dir=${path.join(userDataDir, 'server')}`,
    `--user-data-dir=${userDataDir}`,
    `--extensions-dir=${extensionsDir}`,
  ];
}

/** What `code <args>` does on the command line: `--install-extension` and the like. */
export async function runCommandLine(profile: Profile, args: string[]): Promise<string> {
  const main = await vscodeServerMain();
  const all = [main, ...profileArgs(profile), ...args];
  return outputOf(process.execPath, all, { env: environment(profile) });
}

/** Signals the server with all it has started: extension hosts, watcher, terminals. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise(resolve => child.once('exit', resolve));
    signalGroup(child, 'SIGTERM');
    const impatience = setTimeout(() => signalGroup(child, 'SIGKILL'), 3000);
    await gone;
    clearTimeout(impatience);
  }
  signalGroup(child, 'SIGKILL');
}

function listeningPort(child: ChildProcess, logFile: string): Promise<number> {
  const log = fs.createWriteStream(logFile);
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      log.write(chunk);
      output += chunk;
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('exit', code =>
      reject(new Error(`VS Code's server ended with ${code}. It said:\n${output}`)),
    );
  });
}

/** Starts the server on a free port of this machine. It never outlives this process. */
export async function startServer({
  profile,
  token,
  args = [],
  env = {},
}: ServerOptions): Promise<Server> {
  const main = await vscodeServerMain();
  const serverArgs = [
    ...profileArgs(profile),
    '--host=127.0.0.1',
    '--port=0',
    token ? `--connection-token=${token}` : '--without-connection-token',
    '--disable-telemetry',
    '--disable-experiments',
    '--disable-getting-started-override',
    ...args,
  ];
  const child = spawn(process.execPath, [main, ...serverArgs], {
    env: { ...environment(profile), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const forget = atExit(() => signalGroup(child, 'SIGKILL'));
  const port = await listeningPort(child, path.join(profile.userDataDir, 'server.log'));
  return { port, stop: () => stop(child).then(forget) };
}

/** A local path as the address by which the workbench knows it. */
export function remoteUri({ port }: Server, file: string): string {
  return `vscode-remote://127.0.0.1:${port}${encodeURI(path.resolve(file))}`;
}

export interface Place {
  /** A folder, or a `.code-workspace` file. */
  folder?: string | undefined;
  /** What the workbench is told to do at its start, as VS Code's own pairs of key and value. */
  payload?: [string, string][];
  token?: string;
}

/** The address at which a browser shows the workbench. */
export function workbenchUrl({ port }: Server, { folder, payload = [], token }: Place): string {
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  if (!folder) query.set('ew', 'true');
  else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${port}/?${query}`;
}
