// A program of its own: calls a tool of an MCP server. A server that it starts is in its group of processes,
// and ends with it.
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { formatBytes } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { boundedFetch } from '../net/boundedFetch.ts';
import { endWith, readTask, report, type ToolReport } from './toolChild.ts';

/** What it is told to do; all variables are filled in. */
export interface McpTask {
  readonly server: string;
  readonly connect:
    | {
        readonly kind: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string;
      }
    | {
        readonly kind: 'http';
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      };
  readonly tool: string;
  /** JSON text. */
  readonly input: string;
  readonly timeout: Ms;
  readonly mostBytes: number;
}

/** Lists of tools are read so far; a server could go on for ever. */
const mostPages = 50;
const goodbyeMs = 500;

const client = new Client({ name: 'agent-trace-inspector', version: '1' });
let tooMuch = false;

void main();

async function main(): Promise<void> {
  const task = await readTask<McpTask>();
  try {
    await call(task);
  } catch (error) {
    await endWith({ error: failureOf(task, error) });
  }
}

async function call(task: McpTask): Promise<void> {
  const { server, tool } = task;
  // Whoever started this program ends it in time.
  const options = { timeout: task.timeout * 2 };
  const { transport, bye } = transportOf(task);
  client.onerror = ({ message }) => {
    if (/ReadBuffer exceeded/.test(message)) tooMuch = true;
  };
  await client.connect(transport, options);
  await report({ stage: 'answered' });
  const names = await toolNames(tool, options);
  if (!names.includes(tool)) {
    const shown = names.slice(0, 20).join(', ') || '–';
    await endWith({ error: { code: 'toolMcpNoTool', args: [server, tool, shown] } });
  }
  const started = performance.now();
  // Not `callTool`: what does not fit the server's own schema is to be seen, rather than refused.
  const params = { name: tool, arguments: JSON.parse(task.input) };
  const asked = { method: 'tools/call', params } as const;
  const value = await client.request(asked, CallToolResultSchema, options);
  const ms = performance.now() - started;
  await Promise.race([bye(), wait(goodbyeMs)]);
  await endWith({ value, ms });
}

function transportOf(task: McpTask): {
  readonly transport: Transport;
  readonly bye: () => Promise<unknown>;
} {
  const { connect, mostBytes } = task;
  if (connect.kind === 'stdio') {
    const { command, args, env, cwd } = connect;
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      env,
      cwd,
      stderr: 'inherit',
      maxBufferSize: mostBytes,
    });
    return { transport, bye: () => client.close() };
  }
  const none = (): void => undefined;
  const transport = new StreamableHTTPClientTransport(new URL(connect.url), {
    requestInit: { headers: connect.headers },
    fetch: boundedFetch({
      mostBytes,
      onBytes: none,
      onEnd: none,
      // The client goes on waiting for the rest.
      onTooMuch: () => void endWith({ error: tooMuchOf(task) }),
    }),
  });
  const bye = async (): Promise<void> => {
    // A server need not keep sessions, and may be gone already: the result is here.
    await transport.terminateSession().catch(none);
    await client.close();
  };
  // Its optional field `sessionId` is not typed exactly as the interface has it.
  return { transport: transport as Transport, bye };
}

async function toolNames(
  tool: string,
  options: { readonly timeout: Ms },
): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const asked = { method: 'tools/list', params } as const;
    const { tools, nextCursor } = await client.request(asked, ListToolsResultSchema, options);
    for (const one of tools) names.push(one.name);
    cursor = nextCursor;
    if (cursor === undefined || names.includes(tool)) break;
  }
  return names;
}

type Failure = Extract<ToolReport, { readonly error: unknown }>['error'];

const tooMuchOf = ({ tool, mostBytes }: McpTask): Failure => ({
  code: 'toolTooMuch',
  args: [tool, formatBytes(mostBytes)],
});

function failureOf(task: McpTask, error: unknown): Failure {
  const { server, connect } = task;
  const { code = '', message = String(error), cause } = error as NodeJS.ErrnoException;
  if (tooMuch) return tooMuchOf(task);
  if (error instanceof StreamableHTTPError) {
    return error.code === 401 || error.code === 403
      ? { code: 'toolMcpSignIn', args: [server, String(error.code)] }
      : { code: 'toolMcpNoConnection', args: [server, firstLine(message)] };
  }
  if (error instanceof McpError) {
    return error.code === ErrorCode.ConnectionClosed
      ? { code: 'toolMcpEnded', args: [server, ''] }
      : { code: 'toolMcpFailed', args: [server, firstLine(message)] };
  }
  if (connect.kind === 'http') {
    const why = cause instanceof Error ? cause.message || String(cause) : message;
    return { code: 'toolMcpNoConnection', args: [server, firstLine(why)] };
  }
  if (code === 'ENOENT') return { code: 'toolProgramMissing', args: [connect.command] };
  if (code === 'EACCES') return { code: 'toolProgramRefused', args: [connect.command] };
  return { code: 'toolMcpFailed', args: [server, firstLine(message)] };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? '';
