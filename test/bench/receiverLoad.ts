// Sends spans to a receiver for some seconds: `receiverLoad.ts <url> <small|large> <seconds>`. Every span has
// random ids. Says how many were acknowledged, and how much CPU it took.
import { randomFillSync } from 'node:crypto';
import http from 'node:http';
import type { OtlpSpan, OtlpValue } from '../../src/formats/otlp.ts';
import { encodeTraces } from '../../src/formats/otlpProtobufWriter.ts';

const [url = '', size = 'small', seconds = '30'] = process.argv.slice(2);
/** What the batch processor of OpenTelemetry sends at once. */
const spansOfBatch = 512;
const spansOfTrace = 8;
const connections = 4;

const pair = (key: string, value: OtlpValue) => ({ key, value });
const words = 'She said "read the file",\nand the agent read src/main.ts and wrote what it found. ';
const messages = (role: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content: words.repeat(12) }] }]);

/** Ids are put in later, where these bytes are. */
const mark = (letter: string, bytes: number): string => letter.repeat(2 * bytes);

function span(index: number): OtlpSpan {
  const isTool = index % 3 === 2;
  const start = BigInt(Date.now()) * 1_000_000n;
  const content = size === 'large';
  return {
    traceId: mark('a', 16),
    spanId: mark('b', 8),
    parentSpanId: index % spansOfTrace === 0 ? '' : mark('c', 8),
    traceState: '',
    flags: 0x101,
    name: isTool ? 'execute_tool read_file' : 'chat claude-haiku-4-5',
    kind: isTool ? 1 : 3,
    startNanos: start,
    endNanos: start + 840_000_000n,
    attributes: isTool
      ? [
          pair('gen_ai.operation.name', 'execute_tool'),
          pair('gen_ai.tool.name', 'read_file'),
          pair('gen_ai.tool.call.id', 'toolu_01A09q90qw90lq917835lq9'),
          pair('gen_ai.tool.type', 'function'),
          pair('gen_ai.agent.name', 'researcher'),
          pair('gen_ai.conversation.id', '4bf92f35-77b3-4da6-a3ce-929d0e0e4736'),
          pair('code.function.name', 'readFile'),
          ...(content
            ? [
                pair('gen_ai.tool.call.arguments', '{"path":"src/main.ts"}'),
                pair('gen_ai.tool.call.result', words.repeat(24)),
              ]
            : []),
        ]
      : [
          pair('gen_ai.operation.name', 'chat'),
          pair('gen_ai.provider.name', 'anthropic'),
          pair('gen_ai.request.model', 'claude-haiku-4-5'),
          pair('gen_ai.response.model', 'claude-haiku-4-5-20251001'),
          pair('gen_ai.response.id', 'msg_01XFDUDYJgAACzvnptvVoYEL'),
          pair('gen_ai.usage.input_tokens', 2312n),
          pair('gen_ai.usage.output_tokens', 58n),
          pair('server.address', 'api.anthropic.com'),
          ...(content
            ? [
                pair('gen_ai.input.messages', messages('user')),
                pair('gen_ai.output.messages', messages('assistant')),
              ]
            : []),
        ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 1, message: '' },
  };
}

const attributes = [pair('service.name', 'bench-agent')];
const template = Buffer.from(
  encodeTraces({
    resourceSpans: [
      {
        resource: { attributes, droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: 'bench', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: Array.from({ length: spansOfBatch }, (_, index) => span(index)),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }).bytes,
);

function placesOf(letter: string, bytes: number): number[] {
  const marked = Buffer.from(mark(letter, bytes), 'hex');
  const places: number[] = [];
  for (let at = template.indexOf(marked); at >= 0; at = template.indexOf(marked, at + bytes)) {
    places.push(at);
  }
  return places;
}
const traceAt = placesOf('a', 16);
const spanAt = placesOf('b', 8);
const parentAt = placesOf('c', 8);
const random = Buffer.alloc(8 * spansOfBatch + (16 * spansOfBatch) / spansOfTrace);

function freshBody(): Buffer {
  const body = Buffer.from(template);
  randomFillSync(random);
  traceAt.forEach((at, index) => {
    const from = 8 * spansOfBatch + 16 * Math.floor(index / spansOfTrace);
    random.copy(body, at, from, from + 16);
  });
  spanAt.forEach((at, index) => {
    random.copy(body, at, 8 * index, 8 * index + 8);
  });
  let parent = 0;
  for (let index = 0; index < spansOfBatch; index++) {
    if (index % spansOfTrace === 0) continue;
    const root = 8 * (index - (index % spansOfTrace));
    random.copy(body, parentAt[parent++] ?? 0, root, root + 8);
  }
  return body;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const post = (body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const request = http.request(url, { agent, method: 'POST', headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(body);
  });

let acknowledged = 0;
let refused = 0;
const took: number[] = [];
const began = performance.now();
const ends = began + Number(seconds) * 1000;

async function send(): Promise<void> {
  while (performance.now() < ends) {
    const body = freshBody();
    const from = performance.now();
    try {
      if ((await post(body)) === 200) acknowledged += spansOfBatch;
      else refused++;
    } catch {
      // The receiver was killed, as a test does.
      return;
    }
    took.push(performance.now() - from);
  }
}

await Promise.all(Array.from({ length: connections }, send));
agent.destroy();
took.sort((a, b) => a - b);
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    acknowledged,
    refused,
    seconds: (performance.now() - began) / 1000,
    bytesOfSpan: template.length / spansOfBatch,
    cpuSeconds: (user + system) / 1e6,
    p99: took[Math.floor(took.length * 0.99)] ?? 0,
  }),
);
