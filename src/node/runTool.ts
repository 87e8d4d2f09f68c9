import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import type { ToolCall } from '../core/replay/toolCall.ts';
import type { ToolOutcome } from '../core/replay/toolTypes.ts';
import { filler, type ReadyTool, type ToolPlace } from './prepareTool.ts';
import { passedOn, secretsIn, withoutSecrets } from './toolEnvironment.ts';
import type { McpTask } from './toolMcpMain.ts';
import type { ModuleTask } from './toolModuleMain.ts';
import { outcomeOf } from './toolOutcome.ts';
import { runProcess } from './toolProcess.ts';
import { connectOf, filled } from './toolServer.ts';

export interface ToolRun extends ToolPlace {
  readonly tool: ReadyTool;
  readonly call: ToolCall;
  /** What the user gave for `${input:…}`. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal | undefined;
  /** The folder of our own programs, dist. */
  readonly programs: string;
}

interface Started {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly secrets: readonly string[];
}

/** Runs a tool with the recorded input. Nothing of it runs on once this has answered. Never rejects. */
export async function runTool(run: ToolRun): Promise<ToolOutcome> {
  const { tool, signal } = run;
  const { timeout, mostBytes } = tool.definition;
  const start = Date.now();
  let hide = (text: string): string => text;
  try {
    const { command, env, input, secrets } = startedBy(run);
    hide = withoutSecrets(secrets);
    const cwd = tool.cwd ?? tool.folder;
    const end = await runProcess({ command, cwd, env, input, timeout, mostBytes, signal });
    return hidden(
      outcomeOf(tool.definition, run.call, end, { program: command[0] ?? '', cwd }),
      hide,
    );
  } catch (error) {
    const failed = { text: undefined, failure: undefined, log: '', exitCode: undefined };
    return hidden({ ...failed, error: TraceError.from(error), start, duration: 0 }, hide);
  }
}

function startedBy(run: ToolRun): Started {
  const { tool, call, env: own } = run;
  const { name, way, env: given } = tool.definition;
  const fill = filler(name, run);
  const set = filled(given, (field, text) => fill(`env.${field}`, text));
  const env = { ...passedOn(tool.definition, own), ...set };
  const secrets = secretsIn(env);
  if (way.kind === 'command') {
    const command = way.command.map((text, at) => fill(`command[${at}]`, text));
    return { command, env, input: call.input, secrets };
  }
  if (way.kind === 'module') {
    const file = path.resolve(tool.folder, fill('module', way.file));
    const node = way.node === undefined ? undefined : fill('node', way.node);
    const { export: exported, spread } = way;
    const task: ModuleTask = { name, file, export: exported, spread, input: call.input };
    const program = path.join(run.programs, 'toolModule.js');
    return { ...byNode(node, program, env), input: JSON.stringify(task), secrets };
  }
  const { connect, hidden: also } = connectOf(run, env);
  const { timeout, mostBytes } = tool.definition;
  const { server, tool: toolName } = way;
  const task: McpTask = { server, connect, tool: toolName, input: call.input, timeout, mostBytes };
  const program = path.join(run.programs, 'toolMcp.js');
  const input = JSON.stringify(task);
  return { ...byNode(process.execPath, program, env), input, secrets: [...secrets, ...also] };
}

/** A module runs in the Node that its agent runs in, where one is found; an editor has its own. */
function byNode(
  node: string | undefined,
  program: string,
  env: Readonly<Record<string, string>>,
): Pick<Started, 'command' | 'env'> {
  const found = node ?? onPath('node', env) ?? process.execPath;
  const asNode = found === process.execPath && process.versions.electron !== undefined;
  return {
    command: [found, program],
    env: asNode ? { ...env, ELECTRON_RUN_AS_NODE: '1' } : env,
  };
}

function onPath(name: string, env: Readonly<Record<string, string>>): string | undefined {
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean);
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return folders.map(folder => path.join(folder, file)).find(one => fs.existsSync(one));
}

function hidden(outcome: ToolOutcome, hide: (text: string) => string): ToolOutcome {
  const { text, error, failure, log } = outcome;
  return {
    ...outcome,
    text: text === undefined ? undefined : hide(text),
    failure: failure === undefined ? undefined : hide(failure),
    log: hide(log),
    error: error && new TraceError(error.code, error.args.map(hide)),
  };
}
