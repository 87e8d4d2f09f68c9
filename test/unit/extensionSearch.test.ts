import assert from 'node:assert/strict';
import { TraceError } from '../../src/core/errors.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import type { SearchHit } from '../../src/protocol/search.ts';
import { runOf } from './support/runs.ts';
import './support/vscode.ts';

const { findRuns } = await import('../../src/extension/findRuns.ts');
const { problemItem } = await import('../../src/extension/queryWords.ts');
const { hitItem, progressWords } = await import('../../src/extension/searchItems.ts');

describe('a query in a list', () => {
  it('is said to be wrong with a row that mends it, and else with where it is wrong', () => {
    const mistyped = problemItem('status:error cots>1');
    assert.match(mistyped?.label ?? '', /There is no field “cots”.* Did you mean cost\?$/);
    assert.match(mistyped?.detail ?? '', /^Possible: status, name, /);
    assert.equal(mistyped?.mended, 'status:error cost>1');
    const open = problemItem('a (b');
    assert.equal(open?.detail, 'a ▸(◂b');
    assert.equal(open?.mended, undefined);
    assert.equal(problemItem('status:error'), undefined);
  });

  it('has no signs that a list would draw as icons', () => {
    assert.doesNotMatch(problemItem('$(bug):1')?.label ?? '', /\$\(bug/);
  });
});

describe('a span that was found', () => {
  const hit: SearchHit = {
    run: runOf('r', { name: 'invoice', start: 0 }),
    spanId: 's',
    name: 'tool_execution',
    kind: 'tool',
    toolName: 'post_entry',
    status: 'error',
    recovered: false,
    start: 0,
    end: 1,
    where: 'toolResult',
    snippet: 'does not $(bug) balance',
    matches: [],
  };

  it('says what and where it is', () => {
    const item = hitItem(hit, 'f', 'a.db', 'balance', 60_000);
    assert.equal(item.label, 'tool_execution post_entry');
    assert.equal(item.description, 'tool result · invoice · 1m ago · a.db');
    assert.equal(item.detail, 'does not $\u2060(bug) balance');
  });

  it('is not sorted by what its label has of the text', () => {
    const item = hitItem({ ...hit, where: 'name' }, 'f', '', 'POST', 60_000);
    assert.equal(item.label, 'tool_execution p\u2060ost_entry');
    assert.ok(item.detail);
    const named = { ...hit, where: 'name', snippet: hit.name } as const;
    assert.equal(hitItem(named, 'f', '', 'tool', 60_000).detail, undefined, 'not said twice');
  });

  it('names its tool once, and its emoji are whole', () => {
    const label = (name: string, typed: string): string =>
      hitItem({ ...hit, name, toolName: 'read_file' }, 'f', '', typed, 60_000).label;
    assert.equal(label('execute_tool read_file', ''), 'execute_tool read_file');
    assert.equal(label('a 😀 b read_file', '😀 b'), 'a 😀\u2060 b read_file');
    assert.equal(label('👩\u200d💻 read_file', '👩\u200d💻'), '👩\u200d💻 read_file');
  });

  it('is counted', () => {
    assert.equal(progressWords('Search', 1, 0.428), 'Search · 1 found · 42 % searched');
    assert.equal(progressWords('Search', 1200, undefined), 'Search · 1,200 found');
  });
});

describe('finding out which runs match', () => {
  function working(parts: number) {
    let asked = 0;
    const reader = {
      findRuns: async () => ({ done: ++asked, of: parts }),
    } as unknown as ReaderApi;
    const files = {
      use: async <T>(_: string, ask: (reader: ReaderApi) => Promise<T>) => ask(reader),
    };
    return { files, asked: () => asked };
  }

  const clock = { now: 0, staleAfter: 1 };

  it('goes on until all is known, and asks nothing where there is no text', async () => {
    const { files, asked } = working(3);
    await findRuns(files, 'f', { text: ' ', clock });
    assert.equal(asked(), 0);
    await findRuns(files, 'f', { text: 'word', clock });
    assert.equal(asked(), 3);
  });

  it('ends between two parts when nobody waits any more', async () => {
    const { files, asked } = working(3);
    const waiting = new AbortController();
    const done = findRuns(files, 'f', { text: 'word', clock }, waiting.signal);
    waiting.abort();
    await assert.rejects(done, (error: unknown) => TraceError.from(error).code === 'cancelled');
    assert.ok(asked() < 3);
  });
});
