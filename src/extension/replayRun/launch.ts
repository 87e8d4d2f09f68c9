import * as vscode from 'vscode';
import { showInfo } from '../errors.ts';
import { type CommandId, runCommand } from '../ids.ts';
import { type Environment, marked } from './debug.ts';
import type { Launch } from './spec.ts';

export interface Launching {
  /** Of the replay. */
  readonly id: string;
  readonly name: string;
  /** Starts the server; gives what the program needs in its environment. */
  serve(own: Environment): Promise<Environment>;
  /** The program has ended. */
  ended(): Promise<void>;
}

/** Ends the program; a debug session is ended by whoever knows it. */
export type Stop = () => void;
const nothingToStop: Stop = () => undefined;

/** Starts what runs the program; undefined where it does not start. */
export async function startLaunch(launch: Launch, launching: Launching): Promise<Stop | undefined> {
  switch (launch.kind) {
    case 'configuration': {
      // The server is started as VS Code resolves the configuration.
      const configuration = marked(launch.configuration, launching.id);
      const started = await vscode.debug.startDebugging(launch.folder, configuration);
      return started ? nothingToStop : undefined;
    }
    case 'terminal':
      return startTask(launch.commandLine, launching);
    case 'server':
      return startServer(launching);
  }
}

/** A task rather than a terminal: VS Code says when its program has ended. */
async function startTask(commandLine: string, launching: Launching): Promise<Stop> {
  const env = textsOf(await launching.serve({}));
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const task = new vscode.Task(
    { type: 'shell' },
    folder ?? vscode.TaskScope.Workspace,
    vscode.l10n.t('replay of {0}', launching.name),
    vscode.l10n.t('Agent Traces'),
    new vscode.ShellExecution(commandLine, { env }),
    [],
  );
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    clear: true,
  };
  let execution: vscode.TaskExecution | undefined;
  const over = new Set<vscode.TaskExecution>();
  const listening = vscode.tasks.onDidEndTask(event => {
    over.add(event.execution);
    if (execution) endIfOver();
  });
  const endIfOver = (): void => {
    if (!execution || !over.has(execution)) return;
    listening.dispose();
    void launching.ended();
  };
  execution = await vscode.tasks.executeTask(task);
  // A short program may be over by now.
  endIfOver();
  return () => execution.terminate();
}

/** The person starts the program, wherever that is, with what is on the clipboard. */
async function startServer(launching: Launching): Promise<Stop> {
  const t = vscode.l10n.t;
  const env = await launching.serve({});
  await vscode.env.clipboard.writeText(environmentLines(textsOf(env)));
  const words = t(
    'The replay of “{0}” is being served, and the environment that a program needs is on the clipboard. Paste it into a terminal on the machine of this workspace, and start your program there.',
    launching.name,
  );
  showInfo(words, t('Stop Replay'), () => runCommand('agentTraces.stopReplay' satisfies CommandId));
  return nothingToStop;
}

const textsOf = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined),
  );

/** As the shells of the platform take it. The values hold no quotes: an address, hosts and a placeholder. */
function environmentLines(env: Readonly<Record<string, string>>): string {
  const windows = /\\|powershell|cmd/i.test(vscode.env.shell);
  const line = ([name, value]: [string, string]): string =>
    windows ? `$env:${name} = '${value}'` : `export ${name}='${value}'`;
  return `${Object.entries(env).map(line).join('\n')}\n`;
}
