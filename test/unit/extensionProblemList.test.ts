import assert from 'node:assert/strict';
import type { Insights } from '../../src/extension/insights.ts';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import type { TextDocuments } from '../../src/extension/textDocuments.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { runOf } from './support/runs.ts';
import { EventEmitter, problemsAt, Uri } from './support/vscode.ts';

const { Problems } = await import('../../src/extension/problems.ts');
const { TraceFiles } = await import('../../src/extension/traceFiles.ts');

/** A listed file with a run that failed, of which insights are not known yet. */
function listed() {
  const log = { info: () => undefined, error: () => undefined } as unknown as Log;
  let share: number | undefined;
  const asked: string[] = [];
  const reader = {
    open: async (file: string) => ({ file, stamp: undefined }),
    totals: async () => ({ runs: 1, running: 0, share }),
    runs: async () => {
      asked.push('runs');
      return { runs: [runOf('a', { status: 'error', failingSpanId: 'a-tool' })], matching: 1 };
    },
    span: async () => ({ span: { name: 'save' }, error: { text: 'disk full' } }),
  } as unknown as ReaderApi;
  const files = new TraceFiles({ reader, readsPaths: true } as unknown as Platform, log);
  const looks = new EventEmitter<string>();
  const found: { type: 'loop'; severity: 'warning'; spanIds: string[]; said: object }[] = [];
  const insights = { onDidLook: looks.event, ofRun: () => found } as unknown as Insights;
  const documents = { spanUri: () => Uri.file('/span') } as unknown as TextDocuments;
  const problems = new Problems(files, insights, documents, log);
  const uri = Uri.file('/a.db');
  const { id } = files.add(uri as unknown as Parameters<typeof files.add>[0], true);
  return {
    ...{ files, id, asked, looks, found, problems },
    setShare: (of: number | undefined) => {
      share = of;
    },
    shown: () => problemsAt.get(uri.toString())?.map(({ message }) => message) ?? [],
  };
}

const turns = () => new Promise(resolve => setTimeout(resolve, 20));

describe('the list of problems', () => {
  it('has what failed once the file is read, and its insights when it was looked at for them', async () => {
    const { files, id, asked, looks, found, problems, shown } = listed();
    await turns();
    assert.deepEqual(asked, [], 'nothing is read for it alone');
    await files.open(id);
    await turns();
    assert.deepEqual(shown(), ['save failed in agent: disk full']);
    const said = { word: 'insightOrphanOne', values: ['x'] };
    found.push({ type: 'loop', severity: 'warning', spanIds: ['a-tool'], said });
    looks.fire(id);
    await turns();
    assert.equal(shown().length, 2);
    problems.dispose();
  });

  it('asks once while a large file is read on, and again when all of it was', async () => {
    const test = listed();
    const { files, id, asked, problems } = test;
    test.setShare(0.2);
    await files.open(id);
    await turns();
    await files.recount(id);
    await turns();
    assert.equal(asked.length, 1);
    test.setShare(undefined);
    await files.recount(id);
    await turns();
    assert.equal(asked.length, 2);
    problems.dispose();
  });
});
