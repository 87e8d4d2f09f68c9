// A real MCP server, made with the official SDK: on its standard input and output, or over HTTP with `--http`.
import fs from 'node:fs';
import http from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] });

function server(): McpServer {
  const own = new McpServer({ name: 'tests', version: '1.0.0' });
  const input = { inputSchema: { n: z.number() } };
  own.registerTool('double', input, ({ n }) => text(JSON.stringify({ twice: 2 * n })));
  own.registerTool('refuse', input, () => ({ ...text('no such row'), isError: true }));
  own.registerTool('throw', input, () => {
    throw new Error('it broke');
  });
  own.registerTool('die', input, () => process.exit(7));
  own.registerTool('hang', input, () => new Promise(() => undefined));
  own.registerTool('much', input, () => text('x'.repeat(5_000_000)));
  own.registerTool('tell', input, () =>
    text(JSON.stringify([process.env.API_TOKEN, process.env.FROM_FILE, process.cwd()])),
  );
  return own;
}

fs.writeFileSync(process.env.PIDS ?? '/dev/null', String(process.pid));
if (process.argv.includes('--http')) {
  const listening = http.createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${process.env.API_TOKEN}`) {
      response.writeHead(401).end();
      return;
    }
    // A server for each request, without sessions.
    const transport = new StreamableHTTPServerTransport();
    await server().connect(transport as Transport);
    await transport.handleRequest(request, response);
  });
  listening.listen(0, '127.0.0.1', () => {
    const address = listening.address();
    process.send?.(typeof address === 'object' ? address?.port : 0);
  });
  process.once('disconnect', () => process.exit(0));
} else {
  await server().connect(new StdioServerTransport());
}
