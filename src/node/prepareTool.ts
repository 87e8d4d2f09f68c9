import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TraceError } from '../core/errors.ts';
import { type McpConfig, McpConfigFailure, readMcpConfig } from '../core/replay/mcpConfig.ts';
import type { PreparedTool, ToolDefinition } from '../core/replay/toolTypes.ts';
import type { ToolWords } from '../core/replay/toolWords.ts';
import { VariableFailure, withVariables } from '../core/replay/variables.ts';
import { type Environment, passedOn } from './toolEnvironment.ts';

/** A tool with all that was read of it before anybody is asked: nothing else is run afterwards. */
export interface ReadyTool extends PreparedTool {
  readonly mcp: McpConfig | undefined;
}

/** Where tools run, and what they are told in words. */
export interface ToolPlace {
  /** The workspace's folder, as a path. */
  readonly folder: string;
  readonly env: Environment;
  readonly words: ToolWords;
}

/** Where the MCP servers of a workspace are named. */
const mcpFile = (folder: string): string => path.join(folder, '.vscode', 'mcp.json');

/** Looks what a definition would run, and runs nothing. @throws TraceError */
export function prepareTool(definition: ToolDefinition, place: ToolPlace): ReadyTool {
  const { way } = definition;
  const mcp = way.kind === 'mcp' ? mcpOf(way.server, place) : undefined;
  const server = mcp?.server;
  const { folder } = place;
  const fill = filler(definition.name, place);
  const variables = new Set([
    ...Object.keys(passedOn(definition, place.env)),
    ...Object.keys(definition.env),
    ...Object.keys(server?.kind === 'stdio' ? server.env : {}),
    ...(server?.kind === 'stdio' && server.envFile !== undefined ? [server.envFile] : []),
  ]);
  const runs =
    way.kind === 'command'
      ? way.command
      : way.kind === 'module'
        ? [way.node ?? 'node', way.file]
        : server?.kind === 'stdio'
          ? [server.command, ...server.args]
          : [server?.url ?? ''];
  const remote = server?.kind === 'http';
  const within = server?.kind === 'stdio' ? server.cwd : definition.cwd;
  return {
    definition,
    folder,
    runs,
    cwd: remote ? undefined : path.resolve(folder, fill('cwd', within ?? '.')),
    variables: remote ? [] : [...variables].sort(),
    inputs: mcp?.inputs ?? [],
    fingerprint: createHash('sha256')
      .update(JSON.stringify([definition, folder, mcp]))
      .digest('hex'),
    mcp,
  };
}

/** Fills in the variables of a definition. @throws TraceError with the field that has one that cannot be */
export function filler(
  name: string,
  { folder, env, words }: ToolPlace,
  input?: (id: string) => string,
): (field: string, text: string) => string {
  const values = {
    workspaceFolder: folder,
    userHome: os.homedir(),
    pathSeparator: path.sep,
    env,
    input,
  };
  return (field, text) => {
    try {
      return withVariables(text, values, words);
    } catch (error) {
      if (error instanceof VariableFailure) {
        throw new TraceError('toolDefinition', [name, field, error.message]);
      }
      throw error;
    }
  };
}

function mcpOf(server: string, { folder, words }: ToolPlace): McpConfig {
  const file = mcpFile(folder);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new TraceError('toolMcpMissing', [file, (error as Error).message], error);
  }
  try {
    return readMcpConfig(text, server, words);
  } catch (error) {
    if (!(error instanceof McpConfigFailure)) throw error;
    throw new TraceError('toolMcpConfig', [server, file, error.message], error);
  }
}
