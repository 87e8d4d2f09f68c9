import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Block } from '../../src/core/content.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import type { SearchCursor } from '../../src/protocol/search.ts';
import { type Oddities, type OtelSpan, writeCopilotDb } from '../tools/copilot/database.ts';
import { agentTurn, claudeTurn, runningTurn } from '../tools/copilot/stories.ts';
import { all, clock, dist, reading } from '../unit/support/traceDb.ts';

const start = Date.UTC(2026, 10, 20, 12);

describe('Copilot Chat’s trace database', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'copilot-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  const open = (spans: readonly OtelSpan[], odd?: Oddities): Promise<ReaderApi> => {
    const file = path.join(folder, `${files++}.db`);
    writeCopilotDb(file, spans, odd);
    return reading(new Uint8Array(fs.readFileSync(file)));
  };
  const plain = (
    id: string,
    parent: string | undefined,
    more: Partial<OtelSpan> = {},
  ): OtelSpan => ({
    id,
    trace: 't',
    parent,
    name: `execute_tool ${id}`,
    start,
    end: start + 10,
    attributes: { 'gen_ai.operation.name': 'execute_tool' },
    ...more,
  });
  const texts = (blocks: readonly Block[]): readonly string[] =>
    blocks.map(one =>
      'text' in one ? one.text.text : one.type === 'toolUse' ? one.name : one.type,
    );

  it('has a run for each trace, sessions by chat, and the usage of its calls alone', async () => {
    const reader = await open([...agentTurn('a', start), ...agentTurn('b', start + 60_000)]);
    const { runs } = await reader.runs('f', all);
    assert.deepEqual(
      runs.map(run => [run.runId, run.name, run.sessionId, run.status, run.spans]),
      [
        ['b', 'invoke_agent copilot', 'session-1', 'ok', 10],
        ['a', 'invoke_agent copilot', 'session-1', 'ok', 10],
      ],
    );
    assert.deepEqual([runs[1]?.start, runs[1]?.end], [start, start + 20_000]);
    // 9,000 + 4,000 + 12,000 + 8,000 given, 10,000 of them from the cache; the agents' sums do not count.
    const usage = runs[1]?.usage;
    assert.deepEqual([usage?.input, usage?.cacheRead, usage?.output], [23_000, 10_000, 430]);
    assert.deepEqual([runs[1]?.failedSpans, runs[1]?.unpricedCalls], [2, 0]);
  });

  it('is searched a hit at a time without losing a root that is not written yet', async () => {
    const reader = await open(['a', 'b', 'c'].map(id => plain(id, 'root')));
    const found = async (most: number): Promise<readonly string[]> => {
      const hits: string[] = [];
      let from: SearchCursor | undefined;
      do {
        const page = await reader.search('f', { text: 'e', clock, from, most });
        hits.push(...page.hits.map(hit => hit.spanId));
        from = page.next;
      } while (from);
      return hits;
    };
    assert.deepEqual(await found(200), ['c', 'b', 'a', 'root']);
    assert.deepEqual(await found(1), ['c', 'b', 'a', 'root']);
  });

  it('has its tree, though parents are written last, with kinds, tools and models', async () => {
    const reader = await open(agentTurn('a', start));
    const { spans } = await reader.spans('f', 'a', { offset: 0, limit: 100 });
    assert.deepEqual(
      spans.map(one => `${'-'.repeat(one.depth)}${one.kind} ${one.toolName ?? one.name}`),
      [
        'agent invoke_agent copilot',
        '-llm chat claude-sonnet-4-5',
        '-tool read_file',
        '-tool runSubagent',
        '--agent invoke_agent Explore',
        '---llm chat claude-sonnet-4-5',
        '---tool grep_search',
        '-other execute_hook PostToolUse',
        '-llm chat claude-sonnet-4-5',
        '-llm chat claude-sonnet-4-5',
      ],
    );
    const grep = spans.find(one => one.toolName === 'grep_search');
    assert.equal(grep?.error, 'FileNotFoundError: no such folder: /src/lib');
    assert.equal(spans[1]?.start, start + 100.25);
    assert.equal(spans[4]?.model, 'claude-haiku-4-5');
  });

  it('shows the conversation of a call: instructions, tools, messages, thinking, results', async () => {
    const reader = await open(agentTurn('a', start));
    const first = await reader.span('f', 'a-chat-1', clock);
    assert.deepEqual(
      first.prompt?.messages.map(one => one.role),
      ['system', 'tools', 'user'],
    );
    assert.deepEqual(first.prompt?.settings, [
      ['model', 'claude-sonnet-4-5'],
      ['max_tokens', '16000'],
    ]);
    assert.deepEqual(texts(first.response?.messages[0]?.blocks ?? []), [
      'The cart is added up somewhere in src.',
      'I read the file that adds up the cart.',
      'read_file',
    ]);
    assert.equal(first.stopReason, 'tool_calls');
    assert.deepEqual([first.call?.index, first.call?.count], [1, 4]);
    const last = await reader.span('f', 'a-chat-4', clock);
    const asked = last.prompt?.messages[3]?.blocks[1];
    assert.ok(
      asked?.type === 'toolUse' && asked.result !== undefined,
      'the result stands at its call',
    );
    assert.match(texts(asked.result.blocks)[0] ?? '', /sumOf/);
    assert.deepEqual([last.since?.call, last.since?.changed], [1, []]);
    assert.equal(last.context?.tokens, 8000);
    const failed = await reader.span('f', 'a-chat-3', clock);
    assert.deepEqual(
      [failed.response, failed.error?.text],
      [undefined, 'RateLimitError: Rate limited'],
    );
  });

  it('shows what a tool was given and gave back, and leads to the call that asked for it', async () => {
    const reader = await open(agentTurn('a', start));
    const read = await reader.span('f', 'a-read', clock);
    assert.deepEqual(
      [read.tool.useId, JSON.parse(read.tool.input?.text ?? '')],
      ['a-call-1', { filePath: '/src/cart.ts' }],
    );
    assert.match(texts(read.tool.result ?? [])[0] ?? '', /export const total/);
    const grep = await reader.span('f', 'a-grep', clock);
    assert.deepEqual(
      [grep.cause?.span.spanId, grep.cause?.rule, grep.cause?.view.sameInput],
      ['a-chat-2', 'tool-use-id', true],
    );
    const place = await reader.nextFailure('f', undefined, 'next', clock);
    assert.equal(place, undefined, 'the run got over its failures');
    const hook = await reader.span('f', 'a-hook', clock);
    assert.match(hook.tool.input?.text ?? '', /runSubagent/);
  });

  it('shows attributes as metadata, events with their times, and the row as recorded', async () => {
    const reader = await open(agentTurn('a', start));
    const root = await reader.span('f', 'a-root', clock);
    const metadata = JSON.parse(root.metadata?.text ?? '') as Record<string, unknown>;
    assert.equal(metadata['copilot_chat.turn_count'], '3');
    assert.deepEqual(root.events, [
      { time: start + 100, name: 'user_message', attributes: '{"content":"The total…"}' },
    ]);
    assert.deepEqual(
      root.raw.find(([column]) => column === 'trace_id'),
      ['trace_id', 'a'],
    );
    assert.equal(
      texts(root.prompt?.messages[0]?.blocks ?? [])[0],
      'The total of the cart is wrong.',
    );
    const json = await reader.text('f', 'a-root', 'json', 0, 1e6);
    const whole = JSON.parse(json?.text ?? '') as { metadata: unknown };
    assert.deepEqual(whole.metadata, metadata);
    const waterfall = await reader.waterfall('f', 'a', clock);
    assert.equal(waterfall.total, 10);
  });

  it('says which setting records the content that is missing', async () => {
    const reader = await open([
      ...agentTurn('a', start, { content: false }),
      ...claudeTurn('c', start),
    ]);
    const chat = await reader.span('f', 'a-chat-1', clock);
    assert.deepEqual([chat.prompt, chat.response, chat.stopReason], [undefined, undefined, 'stop']);
    assert.equal(chat.contentSetting, 'github.copilot.chat.otel.captureContent');
    // Without the answers, the cause is inferred.
    assert.equal((await reader.cause('f', 'a-grep'))?.rule, 'preceding');
    const llm = await reader.span('f', 'c-llm', clock);
    assert.equal(llm.contentSetting, 'chat.agentHost.otel.captureContent');
  });

  it('has the runs of other agents in the agent host', async () => {
    const reader = await open(claudeTurn('c', start));
    const { spans } = await reader.spans('f', 'c', { offset: 0, limit: 10 });
    assert.deepEqual(
      spans.map(one => [one.kind, one.toolName, one.status, one.error, one.model]),
      [
        ['agent', undefined, 'ok', undefined, undefined],
        ['llm', undefined, 'ok', undefined, 'claude-opus-4-5'],
        ['tool', 'Bash', 'error', 'exit code 1', undefined],
      ],
    );
    const { usage } = spans[1] ?? {};
    assert.deepEqual(
      [usage?.input, usage?.cacheRead, usage?.cacheWrite5m, usage?.output],
      [20, 15_000, 700, 300],
    );
    const run = await reader.run('f', 'c', clock);
    assert.equal(run.sessionId, 'claude-session');
  });

  it('shows a turn that still runs below the root that is not written yet', async () => {
    const spans = [...agentTurn('a', start - 60_000), ...runningTurn('b', start)];
    const reader = await open(spans);
    const now = { now: start + 10_000, staleAfter: 600_000 };
    const run = await reader.run('f', 'b', now);
    assert.deepEqual(
      [run.name, run.rootSpanId, run.status, run.start, run.spans, run.sessionId],
      ['(root not written yet)', 'b-root', 'running', start + 100.25, 7, 'session-1'],
    );
    const later = await reader.run('f', 'b', { ...now, now: start + 1e9 });
    assert.deepEqual([later.status, later.judgement], ['ok', 'all-ended']);
    const root = await reader.span('f', 'b-root', now);
    assert.deepEqual([root.metadata, root.raw[0]], [undefined, ['span_id', 'b-root']]);
    assert.equal(root.span.kind, 'agent');
    const { spans: rows } = await reader.spans('f', 'b', { offset: 0, limit: 20 });
    assert.deepEqual(
      rows.slice(0, 3).map(one => [one.spanId, one.depth, one.flaw]),
      [
        ['b-root', 0, undefined],
        ['b-chat-1', 1, undefined],
        ['b-read', 1, undefined],
      ],
    );
    assert.deepEqual((await reader.locate('f', 'b-grep')).runId, 'b');
    assert.equal((await reader.runs('f', { ...all, clock: now, filter: 'running' })).matching, 1);
  });

  it('keeps spans whose parent is lost in a run that has a root', async () => {
    const reader = await open([plain('root', undefined), plain('x', 'gone')]);
    const { spans } = await reader.spans('f', 't', { offset: 0, limit: 10 });
    assert.deepEqual(
      spans.map(one => [one.spanId, one.flaw]),
      [
        ['root', undefined],
        ['x', 'orphan'],
      ],
    );
  });

  it('takes what no exporter writes: no end, odd codes, other types, missing tables', async () => {
    const odd = `
      UPDATE spans SET status_code = 7, status_message = 'odd' WHERE span_id = 'b';
      UPDATE spans SET input_tokens = 'many', start_time_ms = 'noon', cached_tokens = x'00' WHERE span_id = 'c';
      UPDATE span_attributes SET value = x'ff00' WHERE span_id = 'c';
      INSERT INTO span_attributes VALUES ('c', '__proto__', NULL);
      DROP TABLE span_events; DROP VIEW sessions; DROP TABLE schema_version;
      ALTER TABLE spans ADD COLUMN session_id TEXT;`;
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': '[{"role":"user"' };
    const reader = await open(
      [
        plain('a', undefined, { end: null }),
        plain('b', 'a'),
        plain('c', 'a', { name: 'chat', attributes: chat }),
        plain('d', 'a', { name: 'chat', attributes: chat }),
      ],
      { sql: odd },
    );
    const { spans } = await reader.spans('f', 't', { offset: 0, limit: 10 });
    const row = (id: string) => spans.find(one => one.spanId === id);
    assert.deepEqual([row('a')?.status, row('a')?.end], ['running', undefined]);
    assert.deepEqual(
      [row('b')?.status, row('b')?.recordedStatus, row('b')?.error],
      ['unknown', '7', 'odd'],
    );
    assert.deepEqual([row('c')?.start, row('c')?.usage], [undefined, {}]);
    const c = await reader.span('f', 'c', clock);
    assert.equal(
      Object.keys(JSON.parse(c.metadata?.text ?? '') as object).includes('__proto__'),
      true,
    );
    // Cut off by a limit of the recorder: what there is of the prompt is a text.
    const d = await reader.span('f', 'd', clock);
    assert.equal(texts(d.prompt?.messages[0]?.blocks ?? [])[0], '[{"role":"user"');
    assert.deepEqual([d.events, d.eventsTotal], [[], 0]);
  });

  it('is read while VS Code has it open, its spans still in the -wal', async () => {
    const file = path.join(folder, 'hot.db');
    const writer = writeCopilotDb(file, agentTurn('a', start), { open: true });
    try {
      assert.ok(fs.statSync(`${file}-wal`).size > 0);
      const reader = localReader(dist);
      const info = await reader.open('f', { kind: 'path', path: file, name: 'hot.db' });
      assert.deepEqual([info.dialect, info.staleness], ['copilot', undefined]);
      assert.equal((await reader.run('f', 'a', clock)).spans, 10);
      await reader.close('f');
    } finally {
      writer.close();
    }
  });

  it('gives a root that is written at last the place that was kept for it', async () => {
    const file = path.join(folder, 'late.db');
    const writer = writeCopilotDb(file, runningTurn('b', start), { open: true });
    try {
      const reader = localReader(dist);
      const open = () => reader.open('f', { kind: 'path', path: file, name: 'late.db' });
      await open();
      assert.equal((await reader.run('f', 'b', clock)).name, '(root not written yet)');
      writer.exec(`INSERT INTO spans (span_id, trace_id, name, start_time_ms, end_time_ms, status_code,
        operation_name) VALUES ('b-root', 'b', 'invoke_agent copilot', ${start}, ${start + 9}, 1,
        'invoke_agent')`);
      await open();
      const run = await reader.run('f', 'b', clock);
      assert.deepEqual(
        [run.name, run.rootSpanId, run.status, run.spans],
        ['invoke_agent copilot', 'b-root', 'ok', 7],
      );
      await reader.close('f');
    } finally {
      writer.close();
    }
  });

  it('finds an unwritten root wherever the rows are parted that are read at a time', async () => {
    const turn = runningTurn('b', start);
    const filler = (name: string, count: number, end: number): readonly OtelSpan[] =>
      Array.from({ length: count }, (_, i) => plain(`${name}-${i}`, undefined, { end }));
    // 4,000 rows are read first: the turn's first row is the first, the last one before, or within.
    for (const after of [3993, 3994, 3995]) {
      const spans = [...filler('old', 500, start), ...turn, ...filler('new', after, start + 1e6)];
      const reader = await open(spans);
      const run = await reader.run('f', 'b', clock);
      assert.deepEqual([run.rootSpanId, run.spans], ['b-root', 7], `${after} rows after it`);
      assert.equal((await reader.locate('f', 'b-root')).runId, 'b');
      assert.equal((await reader.spans('f', 'b', { offset: 0, limit: 20 })).total, 7);
    }
  });

  it('opens a span of tens of thousands of attributes', async () => {
    const many = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`key.${i}`, 'v']));
    const attributes = { ...many, 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5 };
    const reader = await open([plain('a', undefined, { attributes })]);
    const detail = await reader.span('f', 'a', clock);
    assert.equal(detail.span.usage.input, 5);
    assert.ok((detail.metadata?.chars ?? 0) > 450_000);
    assert.ok((detail.metadata?.text.length ?? 0) <= 20_000);
  });

  it('finds the cause in a run of thousands of spans, though its agents carry models', async () => {
    const agent = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.request.model': 'claude-haiku-4-5',
    };
    const spans = agentTurn('a', start);
    const more = Array.from({ length: 2500 }, (_, i) =>
      plain(`more-${i}`, 'a-root', {
        trace: 'a',
        name: 'invoke_agent x',
        start: start + 5,
        end: start + 9,
        attributes: agent,
      }),
    );
    const reader = await open([...spans, ...more]);
    assert.deepEqual(await reader.cause('f', 'a-grep'), {
      spanId: 'a-chat-2',
      rule: 'tool-use-id',
    });
    const { calls } = await reader.span('f', 'a-chat-2', clock);
    assert.deepEqual(calls, { previous: 'a-chat-1', next: 'a-chat-3' });
  });
});
