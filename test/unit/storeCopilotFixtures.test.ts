import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../../src/core/errors.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { all, clock, dist } from './support/traceDb.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../shared/fixtures/sqlite');

describe('the fixtures of ../shared', () => {
  before(function () {
    if (fs.existsSync(fixtures)) return;
    console.log('  skipped: ../shared/fixtures is not here');
    this.skip();
  });

  const open = async (name: string): Promise<ReaderApi> => {
    const reader = localReader(dist);
    const file = path.join(fixtures, name);
    await reader.open('f', { kind: 'path', path: file, name: path.basename(file) });
    return reader;
  };
  const dialect = async (name: string): Promise<string> => {
    const reader = localReader(dist);
    const file = path.join(fixtures, name);
    return (await reader.open('f', { kind: 'path', path: file, name })).dialect;
  };
  const trace = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
  const session = '9d2f1c1e-7c1c-4d57-9d0e-3b1f5a2c0001';

  it('are told apart by their tables', async () => {
    assert.equal(await dialect('article-agent_traces.db'), 'native');
    assert.equal(await dialect('copilot-agent-traces-v1.db'), 'copilot');
    assert.equal(await dialect('copilot-agent-traces-v2-unmerged-pr.db'), 'copilot');
  });

  for (const name of [
    'copilot-agent-traces-v1.db',
    'copilot-agent-traces-v1-content.db',
    'copilot-agent-traces-v2-unmerged-pr.db',
  ]) {
    it(`${name}: one run, its session, its usage, its tree`, async () => {
      const reader = await open(name);
      const { runs } = await reader.runs('f', all);
      assert.deepEqual(
        runs.map(run => [run.runId, run.sessionId, run.status, run.spans, run.failedSpans]),
        [[trace, session, 'ok', 10, 2]],
      );
      const run = runs[0];
      assert.deepEqual([run?.start, run?.end], [1789000000000.25, 1789000015230.75]);
      // 9,800 + 4,100 + 12,000 + 13,000 given to calls, of which 0 + 2,048 + 9,000 + 9,000 were cached.
      assert.deepEqual(
        [run?.usage.input, run?.usage.cacheRead, run?.usage.output],
        [38_900 - 20_048, 20_048, 930],
      );
      const { spans } = await reader.spans('f', trace, { offset: 0, limit: 100 });
      assert.deepEqual(
        spans.map(one => `${'-'.repeat(one.depth)}${one.kind} ${one.toolName ?? one.name}`),
        [
          'agent invoke_agent copilot',
          '-llm chat claude-sonnet-5',
          '-tool read_file',
          '-tool runSubagent',
          '--agent invoke_agent Explore',
          '---llm chat claude-sonnet-5',
          '---tool grep_search',
          '-other execute_hook PostToolUse',
          '-llm chat claude-sonnet-5',
          '-llm chat claude-sonnet-5',
        ],
      );
      assert.equal(spans[6]?.error, 'FileNotFoundError: ENOENT: no such file');
      assert.equal(spans[8]?.error, 'RateLimitError: Rate limited');
    });
  }

  it('copilot-wal-hot: what stands in the -wal alone', async () => {
    const reader = await open('copilot-wal-hot/agent-traces.db');
    const { runs } = await reader.runs('f', all);
    assert.deepEqual(
      runs.map(run => [run.runId, run.sessionId, run.spans, run.usage.output]),
      [[trace, session, 10, 930]],
    );
  });

  it('with content: the conversation, the tool and its cause', async () => {
    const reader = await open('copilot-agent-traces-v1-content.db');
    const chat = await reader.span('f', '0000000000000002', clock);
    assert.deepEqual(
      chat.prompt?.messages.map(one => [one.role, one.blocks[0]?.type]),
      [
        ['system', 'text'],
        ['user', 'text'],
      ],
    );
    assert.equal(chat.response?.messages[0]?.blocks[0]?.type, 'toolUse');
    const read = await reader.span('f', '0000000000000003', clock);
    assert.equal(read.tool.useId, 'toolu_1');
    assert.match(read.tool.input?.text ?? '', /a\.test\.ts/);
    const root = await reader.span('f', '0000000000000001', clock);
    assert.deepEqual(
      root.events.map(event => [event.name, event.time]),
      [['user_message', 1789000000001.75]],
    );
    assert.equal((await reader.cause('f', '0000000000000003'))?.rule, 'tool-use-id');
  });

  it('without content: the setting that is missing', async () => {
    const reader = await open('copilot-agent-traces-v1.db');
    const chat = await reader.span('f', '0000000000000002', clock);
    assert.equal(chat.prompt, undefined);
    assert.equal(chat.contentSetting, 'github.copilot.chat.otel.captureContent');
  });

  it('of other tools: which tables there are, and what was looked for', async () => {
    for (const [name, table] of [
      ['phoenix-like.db', 'projects'],
      ['opencode-like.db', 'session'],
    ] as const) {
      await assert.rejects(open(name), (error: unknown) => {
        assert.ok(error instanceof TraceError);
        assert.match(error.message, new RegExp(`Its tables: .*\\b${table}\\b`));
        assert.match(error.message, /agent tracer \(.+\); GitHub Copilot Chat \(.+\)/);
        return true;
      });
    }
  });
});
