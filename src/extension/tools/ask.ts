import * as vscode from 'vscode';
import { oneLine } from '../../core/describe.ts';
import { formatBytes, formatDuration } from '../../core/format.ts';
import { unlinked } from '../../core/inert.ts';
import { commandText, type PreparedTool } from '../../core/replay/toolTypes.ts';

const allowedKey = 'agentTraces.allowedTools';
const mostLine = 1000;

/** What the user has allowed, by the folder and name of a tool: the fingerprint of what it was then. */
type Allowed = Readonly<Record<string, string>>;
const keyOf = ({ folder, definition }: PreparedTool): string =>
  JSON.stringify([folder, definition.name]);

/** Whether a tool may be run; asked once for each, and again where it is another one. */
export async function isAllowed(
  tool: PreparedTool,
  state: vscode.Memento,
  confirm: (tool: PreparedTool) => Thenable<boolean>,
): Promise<boolean> {
  const allowed = state.get<Allowed>(allowedKey, {});
  if (Object.hasOwn(allowed, keyOf(tool)) && allowed[keyOf(tool)] === tool.fingerprint) return true;
  if (!(await confirm(tool))) return false;
  const now = state.get<Allowed>(allowedKey, {});
  await state.update(allowedKey, { ...now, [keyOf(tool)]: tool.fingerprint });
  return true;
}

/** Shows all that will be run, and asks. */
export async function confirmTool(tool: PreparedTool): Promise<boolean> {
  const t = vscode.l10n.t;
  const run = t('Run');
  const question = t('Run the tool “{0}” with the recorded input?', oneLine(tool.definition.name));
  const detail = toolLines(tool).join('\n');
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(unlinked(question), options, run)) === run;
}

/** What is run, where, with which variables, and for how long at most. */
export function toolLines(tool: PreparedTool): readonly string[] {
  const t = vscode.l10n.t;
  const { way, timeout, mostBytes } = tool.definition;
  const runs = commandText(tool.runs);
  const what =
    way.kind === 'command'
      ? t('Command: {0}', runs)
      : way.kind === 'mcp'
        ? t('Tool {0} of the MCP server {1}: {2}', way.tool, way.server, runs)
        : t('Function {0} of a module: {1}', way.export, runs);
  return [
    what,
    ...(tool.cwd === undefined ? [] : [t('Folder: {0}', tool.cwd)]),
    ...(tool.variables.length === 0 ? [] : [t('Environment: {0}', tool.variables.join(', '))]),
    t('It is stopped after {0}, or beyond {1}.', formatDuration(timeout), formatBytes(mostBytes)),
    t('You are asked once: again only where its registration changes, not its program.'),
  ].map(line => oneLine(line, mostLine));
}

/** What a server asks for, remembered until the window closes. Undefined: the user has had enough. */
export async function askInputs(
  { inputs, folder }: PreparedTool,
  known: Map<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const given = new Map<string, string>();
  for (const input of inputs) {
    const key = JSON.stringify([folder, input.id]);
    const prompt = oneLine(input.description ?? input.id, mostLine);
    const title = vscode.l10n.t('Input of the MCP Server');
    const value =
      known.get(key) ??
      (input.options
        ? await vscode.window.showQuickPick([...input.options], { title, placeHolder: prompt })
        : await vscode.window.showInputBox({
            title,
            prompt,
            password: input.password,
            value: input.default ?? '',
            ignoreFocusOut: true,
          }));
    if (value === undefined) return undefined;
    known.set(key, value);
    given.set(input.id, value);
  }
  return given;
}
