import fs from 'node:fs';
import path from 'node:path';
import { fillIn, TraceError } from '../core/errors.ts';
import type { McpServer } from '../core/replay/mcpConfig.ts';
import { filler } from './prepareTool.ts';
import type { ToolRun } from './runTool.ts';
import { secretsIn, variablesIn, withoutSecrets } from './toolEnvironment.ts';
import type { McpTask } from './toolMcpMain.ts';

/** How to reach a server, its variables filled in; and what of that is secret. */
export function connectOf(
  run: ToolRun,
  env: Readonly<Record<string, string>>,
): { readonly connect: McpTask['connect']; readonly hidden: readonly string[] } {
  const { tool, words } = run;
  const { mcp, folder } = tool;
  const server = mcp?.server as McpServer;
  const name = tool.definition.way.kind === 'mcp' ? tool.definition.way.server : '';
  const asked = (id: string): string => run.inputs.get(id) ?? '';
  const fill = filler(tool.definition.name, run, asked);
  const at = (field: string, text: string): string =>
    fill(`mcp.json: servers.${name}.${field}`, text);
  const passwords = tool.inputs.filter(one => one.password).map(one => asked(one.id));
  if (server.kind === 'http') {
    const url = at('url', server.url);
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new TraceError('toolMcpAddress', [name, withoutSecrets(passwords)(url)]);
    }
    const headers = filled(server.headers, (field, text) => at(`headers.${field}`, text));
    return {
      connect: { kind: 'http', url, headers },
      hidden: [...passwords, ...secretsIn(headers)],
    };
  }
  const file = server.envFile === undefined ? {} : fromFile(at('envFile', server.envFile));
  const set = filled(server.env, (field, text) => at(`env.${field}`, text));
  const all = { ...env, ...file, ...set };
  const connect = {
    kind: 'stdio',
    command: at('command', server.command),
    args: server.args.map((text, index) => at(`args[${index}]`, text)),
    env: all,
    cwd: tool.cwd ?? folder,
  } as const;
  return { connect, hidden: [...passwords, ...secretsIn(all)] };

  function fromFile(given: string): Record<string, string> {
    try {
      return variablesIn(fs.readFileSync(path.resolve(folder, given), 'utf8'));
    } catch (error) {
      const said = fillIn(words.envFile, [(error as Error).message]);
      throw new TraceError('toolMcpConfig', [name, 'envFile', said], error);
    }
  }
}

export const filled = (
  texts: Readonly<Record<string, string>>,
  fill: (name: string, text: string) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(name, text)]));
