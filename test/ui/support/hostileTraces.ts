// A trace file whose every text is hostile, one run for each sort of it.
import { type Cells, createSpans, spansDb } from '../../unit/support/traceDb.ts';
import {
  combining,
  controls,
  hebrew,
  image,
  isolates,
  links,
  markup,
  rightToLeft,
  scripts,
  unbroken,
} from './hostileTexts.ts';

export const deepest = 1000;
export const longMetadata = 20_000_000;

const json = (value: unknown): string => JSON.stringify(value);
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Also a hostile column, which every row has, and a hostile event of the span `tool`. */
const schema = `${createSpans.slice(0, -1)}, "${image}" TEXT AS (${quoted(scripts)}));
  CREATE TABLE events (span_id TEXT, time REAL, name TEXT, attributes TEXT);
  INSERT INTO events VALUES ('tool', 0, ${quoted(markup)}, ${quoted(json({ [image]: scripts }))})`;

function* inRun(run: string, start: number, spans: readonly Cells[]): Generator<Cells> {
  for (const [i, span] of spans.entries()) {
    const root = i === 0 ? null : spans[0]?.span_id;
    yield {
      run_id: run,
      parent_span_id: root ?? null,
      start_time: start + i,
      end_time: start + i + 1,
      ...span,
    };
  }
}

const call = { type: 'tool_use', id: image, name: markup, input: { [image]: scripts } };
const answer = [
  { type: 'thinking', thinking: `thinks ${markup}` },
  { type: 'text', text: `answers ${markup}\n${links}` },
  { type: 'image_url', image_url: `javascript:${image}` },
  { type: scripts, [image]: scripts },
  call,
];

const llm: Cells = {
  span_id: 'llm',
  name: `llm ${markup}${unbroken}`,
  model: `model ${markup}`,
  input_tokens: 10,
  output_tokens: 10,
  metadata: json({
    request: {
      system: `system ${markup}`,
      tools: [{ name: markup, description: scripts }],
      messages: [
        { role: 'user', content: `asks ${markup}\n${links}` },
        { role: 'assistant', content: [{ ...call, id: 'earlier' }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'earlier', content: markup }],
        },
        { role: image, content: [{ type: 'tool_result', tool_use_id: markup, content: links }] },
      ],
      [image]: scripts,
    },
    response: { content: answer, stop_reason: `${markup} ${rightToLeft}` },
    [image]: { [scripts]: links },
  }),
};

const tool: Cells = {
  span_id: 'tool',
  name: `tool ${markup}`,
  status: 'error',
  error: `fails ${markup}\n\`\`\`\n${links}\n![go](https://example.invalid/x.png)`,
  metadata: json({
    tool_name: `tool ${markup}`,
    tool_use_id: image,
    tool_input: { [image]: scripts, plain: markup },
    tool_result: [{ type: 'text', text: `returns ${markup}` }, { type: image }],
    source: { file: `/${image}${unbroken}.py`, line: 3, function: scripts },
    redacted: [markup],
    [scripts]: image,
  }),
};

const bidi = [rightToLeft, isolates, controls, hebrew, combining].map((name, i) => ({
  span_id: `bidi ${i}`,
  name,
  model: name,
  error: `${name}\nsecond line`,
  status: i === 0 ? 'error' : name,
  metadata: json({ request: `${name} in a prompt`, response: { text: name }, [name]: name }),
}));

const nothing = (span_id: string, parent: string | null): Cells => ({
  span_id,
  run_id: null,
  parent_span_id: parent,
  name: null,
  start_time: null,
  end_time: null,
  status: null,
  input_tokens: null,
  output_tokens: null,
  cost_usd: null,
  model: null,
  metadata: null,
});

function* deep(): Generator<Cells> {
  for (let i = 1; i <= deepest; i++) {
    yield {
      span_id: `deep ${i}`,
      run_id: 'deep',
      parent_span_id: i === 1 ? null : `deep ${i - 1}`,
      name: `level ${i}`,
      status: 'error',
      error: `fails at level ${i}`,
      start_time: 100 + i,
      end_time: 5000 - i,
    };
  }
}

export async function hostileTraces(): Promise<Uint8Array> {
  const long = 'words '.repeat(longMetadata / 6);
  const named = `${image} ${links}`;
  return spansDb(
    [
      ...inRun('markup', 90_000, [{ span_id: 'root', name: `run ${markup}` }, llm, tool]),
      ...inRun('links', 80_000, [
        { span_id: 'links', name: links, status: 'error', error: links },
        { span_id: image, name: `inner ${links}`, status: 'error', error: links },
      ]),
      ...inRun('bidi', 70_000, bidi),
      ...inRun('odd', 60_000, [
        { span_id: 'odd', name: 'odd metadata' },
        { span_id: 'text', name: 'not JSON', metadata: `${scripts} {"request": ` },
        { span_id: 'long', name: '20 MB', metadata: json({ [named]: markup, long }) },
        { span_id: 'ring 1', parent_span_id: 'ring 2', name: 'ring 1' },
        { span_id: 'ring 2', parent_span_id: 'ring 1', name: 'ring 2' },
      ]),
      ...deep(),
      nothing('nothing', null),
      nothing('nothing 2', 'nothing'),
    ],
    schema,
  );
}

export const linkName = 'call [Show](command:workbench.action.toggleZenMode) $(error)';

/** Names that VS Code would make icons and a link of: a run with one call. */
export const iconTraces = (): Promise<Uint8Array> =>
  spansDb([
    { span_id: 'a', name: '$(flame) run', model: '' },
    { span_id: 'b', parent_span_id: 'a', name: linkName, model: 'm', input_tokens: 5 },
  ]);
