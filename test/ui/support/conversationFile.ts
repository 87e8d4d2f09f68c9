// A trace file of conversations as strangers may record them: rich, long, and hostile.
import zlib from 'node:zlib';
import { type Cells, spansDb } from '../../unit/support/traceDb.ts';

const at = Date.UTC(2026, 10, 18, 9) / 1000;

export const richAnswer = `## What I found

INV-2291 **matches** the order, see [the ledger](https://example.com/ledger?id=1) and \`post_journal_entry\`.

- one
  - two, nested
- [x] posted
- [ ] read INV-2304

| invoice | total | ok |
| :-- | --: | :-: |
| INV-2291 | 318.00 | yes |
| INV-2304 | 1,204.50 | no |

\`\`\`python
def net(total: str) -> float:
    # "1.204,50" is not what float() reads
    return float(total.replace(".", "").replace(",", "."))
\`\`\`

> The page says 1.204,50 EUR.
`;

export const hostileText = `[run](javascript:alert(1)) [do](command:workbench.action.quit) [open](file:///etc/passwd) [code](vscode://x/y) [ok](https://example.com/fine)

<script>window.broken = 1</script></script><style>body { display: none }</style><img src=x onerror="window.broken = 2">

![a picture](https://example.com/track.png)

[User]: yes

abc\u202Edcba \u0007

javascript:alert(2) https://example.com/auto`;

/** A picture of one colour, as its own writer makes it. */
export function png(width: number, height: number): Uint8Array {
  const row = Buffer.alloc(1 + width * 3, 0x60);
  row[0] = 0;
  const chunk = (name: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([head, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('IDAT', zlib.deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const image = (data: string, media_type = 'image/png') => ({
  type: 'image',
  source: { type: 'base64', media_type, data },
});
const text = (words: string) => ({ type: 'text', text: words });
const marked = (block: object) => ({ ...block, cache_control: { type: 'ephemeral' } });

const system = 'You reconcile supplier invoices with the ledger. Post **one** entry per invoice.';
const tools = [
  { name: 'read_invoice', description: 'Reads one.', input_schema: { type: 'object' } },
  { name: 'run_python', description: 'Runs code.', input_schema: { type: 'object' } },
];
const question = (last: boolean) => {
  const block = text('Reconcile the open invoices of November.');
  return { role: 'user', content: [last ? marked(block) : block] };
};
const asked = {
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: 'INV-2291 first.', signature: 'x' },
    text('I read INV-2291.'),
    { type: 'tool_use', id: 'toolu_1', name: 'read_invoice', input: { invoice: 'INV-2291' } },
    {
      type: 'tool_use',
      id: 'toolu_2',
      name: 'run_python',
      input: { code: 'import json\nprint(json.dumps({"total": 318.0}))  # exact', timeout: 10 },
    },
  ],
};
const invoice = {
  supplier: 'Harrow Print GmbH',
  date: '2026-11-12',
  currency: 'EUR',
  total: '1.204,50',
  lines: Array.from({ length: 6 }, (_, i) => ({
    text: `Catalogue ${i}, 2,000 copies`,
    net: '1.204,50',
    vat: 'reverse charge',
  })),
  page_text: 'HARROW PRINT GMBH\nRechnung Nr. 2304\n'.repeat(40),
};
const answered = {
  role: 'user',
  content: [
    { type: 'tool_result', tool_use_id: 'toolu_1', content: JSON.stringify(invoice) },
    {
      type: 'tool_result',
      tool_use_id: 'toolu_2',
      content: 'Traceback: no module',
      is_error: true,
    },
  ],
};

const call = (
  span_id: string,
  start: number,
  metadata: object,
  usage: readonly [input: number, output: number],
): Cells => ({
  span_id,
  run_id: 'talk',
  parent_span_id: 'root',
  name: span_id,
  start_time: at + start,
  end_time: at + start + 1,
  input_tokens: usage[0],
  output_tokens: usage[1],
  model: 'claude-sonnet-4-5',
  metadata: JSON.stringify({ kind: 'llm', ...metadata }),
});

const request = (messages: readonly object[]) => ({
  model: 'claude-sonnet-4-5',
  max_tokens: 4096,
  system: [marked(text(system))],
  tools,
  messages,
});

const pictures = {
  role: 'user',
  content: [
    text('Look at these.'),
    image(Buffer.from(png(120, 60)).toString('base64')),
    { type: 'image_url', image_url: { url: 'https://example.com/far.png' } },
    image(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')),
    image(Buffer.from(png(40, 40).fill(0xff, 33)).toString('base64')),
    image('A'.repeat(20 << 20)),
  ],
};

// Exact as its writer wrote it: numbers that a parser would change, and a key that stands twice.
const exactMetadata = `{"kind":"other","price":1.0,"big":12345678901234567890,"twice":1,"twice":2,"10":"ten","2":"two",
"list":[${Array.from({ length: 3000 }, (_, i) => `{"n":${i}.50}`).join(',')}]}`;

export function conversationFile(): Promise<Uint8Array> {
  const first = request([question(true)]);
  const second = request([question(false), asked, answered]);
  return spansDb([
    call(
      'call_one',
      1,
      {
        request: first,
        response: { role: 'assistant', content: asked.content, stop_reason: 'tool_use' },
      },
      [2000, 120],
    ),
    call(
      'call_two',
      3,
      {
        request: second,
        response: { role: 'assistant', content: [text(richAnswer)], stop_reason: 'end_turn' },
      },
      [5382, 412],
    ),
    call('call_hostile', 5, { request: request([{ role: 'user', content: hostileText }]) }, [0, 0]),
    call('call_pictures', 7, { request: request([pictures]) }, [0, 0]),
    call(
      'call_long',
      9,
      {
        request: request([
          { role: 'user', content: `# Long\n\n${'All of **this** is text. '.repeat(220_000)}` },
        ]),
      },
      [0, 0],
    ),
    call(
      'call_brackets',
      11,
      {
        request: request([
          { role: 'user', content: '['.repeat(100_000) },
          { role: 'user', content: '>'.repeat(100_000) },
          { role: 'user', content: '*'.repeat(100_000) },
        ]),
      },
      [0, 0],
    ),
    {
      span_id: 'exact',
      run_id: 'talk',
      parent_span_id: 'root',
      name: 'exact',
      start_time: at + 13,
      end_time: at + 14,
      metadata: exactMetadata,
    },
    {
      span_id: 'search_ledger',
      run_id: 'talk',
      parent_span_id: 'root',
      name: 'search_ledger',
      start_time: at + 15,
      end_time: at + 16,
      metadata: JSON.stringify({
        'openinference.span.kind': 'RETRIEVER',
        'retrieval.documents.0.document.content': 'INV-2291 was **paid** on 12 November.',
        'retrieval.documents.0.document.score': 0.8731,
        'retrieval.documents.0.document.id': 'doc-17',
        'retrieval.documents.0.document.metadata': '{"source":"ledger/2026-11.csv","row":17}',
        'retrieval.documents.1.document.content': 'INV-2304 is open.',
        'retrieval.documents.1.document.score': 0.41,
      }),
    },
    { span_id: 'root', run_id: 'talk', name: 'reconcile', start_time: at, end_time: at + 20 },
  ]);
}
