import assert from 'node:assert/strict';
import type { Log } from '../../src/extension/log.ts';
import type { Row } from '../../src/extension/rows.ts';
import type { RunTree } from '../../src/extension/runTree.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { RunFilter } from '../../src/protocol/reader.ts';
import { contextKeys, EventEmitter, views } from './support/vscode.ts';

const { RunsView } = await import('../../src/extension/runsView.ts');

const log = { error: () => undefined } as unknown as Log;
const row = (spanId: string) => ({ type: 'span', id: spanId, file: 'f', span: { spanId } });
const ref = (spanId: string): SpanRef => ({ file: 'f', spanId });

const turn = () => new Promise(resolve => setTimeout(resolve, 0));

/** The view of a tree that finds rows when the test says so. */
function runsView() {
  const filters = new EventEmitter<void>();
  const changes = new EventEmitter<void>();
  const finding = new Map<string, PromiseWithResolvers<Row>>();
  const tree = {
    filter: 'all',
    text: '',
    get filtered() {
      return tree.filter !== 'all' || tree.text !== '';
    },
    onDidFilter: filters.event,
    onDidChangeTreeData: changes.event,
    counts: async () => ({ matching: 1, runs: 3 }),
    setFilter: (filter: RunFilter, text = '') => {
      Object.assign(tree, { filter, text });
      filters.fire();
    },
    whileRevealing: (_: Row, reveal: () => Promise<unknown>) => reveal(),
    rowOf: ({ spanId }: SpanRef) => {
      const found = Promise.withResolvers<Row>();
      finding.set(spanId, found);
      return found.promise;
    },
  };
  const view = new RunsView(tree as unknown as RunTree, log);
  const fake = views.at(-1);
  assert.ok(fake);
  const find = (spanId: string) => finding.get(spanId)?.resolve(row(spanId) as unknown as Row);
  const revealed = () => fake.revealed.map(one => (one as ReturnType<typeof row>).span.spanId);
  return { view, tree, fake, find, revealed, finding };
}

describe('revealing in the tree', () => {
  it('brings up a hidden view also where the row is selected already', async () => {
    const { view, fake, find, revealed } = runsView();
    fake.select(row('a'));
    fake.visible = false;
    const done = view.reveal(ref('a'), true);
    find('a');
    await done;
    assert.deepEqual(revealed(), ['a']);
    assert.ok(fake.visible);
  });

  it('does nothing unasked where the view is hidden or the row is selected', async () => {
    const { view, fake, finding } = runsView();
    fake.select(row('a'));
    await view.reveal(ref('a'), false);
    fake.visible = false;
    await view.reveal(ref('b'), false);
    assert.equal(finding.size, 0);
  });

  it('ends with the latest wish, however long the rows take to find', async () => {
    const { view, find, revealed } = runsView();
    const first = view.reveal(ref('a'), false);
    const second = view.reveal(ref('b'), false);
    find('b');
    await second;
    find('a');
    await first;
    assert.deepEqual(revealed(), ['b']);
  });

  it('does not take a row away from a person who selected one meanwhile', async () => {
    const { view, fake, find, revealed } = runsView();
    const done = view.reveal(ref('a'), false);
    fake.select(row('c'));
    find('a');
    await done;
    assert.deepEqual(revealed(), []);
    view.dispose();
  });

  it('is done again where the window selected nothing, yet neither for ever nor against a person', async () => {
    const { view, tree, fake, revealed } = runsView();
    tree.rowOf = async ({ spanId }) => row(spanId) as unknown as Row;
    fake.overtaken = true;
    await view.reveal(ref('a'), false);
    assert.deepEqual(revealed(), ['a', 'a', 'a']);
    const undisturbed = tree.whileRevealing;
    tree.whileRevealing = async (of, reveal) => {
      const done = await undisturbed(of, reveal);
      fake.overtaken = false;
      return done;
    };
    await view.reveal(ref('b'), false);
    assert.equal(view.selection?.spanId, 'b');
    assert.deepEqual(revealed().slice(3), ['b', 'b']);
    fake.overtaken = true;
    tree.whileRevealing = async (of, reveal) => {
      const done = await undisturbed(of, reveal);
      fake.select(row('c'));
      return done;
    };
    await view.reveal(ref('d'), false);
    assert.equal(view.selection?.spanId, 'c');
    view.dispose();
  });
});

describe('selecting in the tree', () => {
  it('is news where a person does it, not where rows were revealed, however late it is told', async () => {
    const { view, fake, find } = runsView();
    const news: string[] = [];
    fake.late = true;
    view.onDidSelect(({ spanId }) => news.push(spanId));
    for (const id of ['a', 'b']) {
      const done = view.reveal(ref(id), false);
      find(id);
      await done;
    }
    for (const id of ['a', 'b', 'b']) fake.select(row(id));
    assert.deepEqual(news, []);
    fake.select(row('a'));
    fake.select(row('c'));
    await new Promise(resolve => setTimeout(resolve, 100));
    assert.deepEqual(news, ['a', 'c']);
    view.dispose();
  });
});

describe('the filter line', () => {
  it('says what the tree filters by, also where it was taken off and then no row was found', async () => {
    const { view, tree, fake, finding } = runsView();
    view.setFilter('failed');
    assert.equal(fake.message, 'Failed runs only');
    await turn();
    assert.equal(fake.message, 'Failed runs only: 1 of 3');
    assert.equal(contextKeys.get('agentTraces.filtered'), true);
    const done = view.reveal(ref('a'), false);
    tree.setFilter('all');
    finding.get('a')?.reject(new Error('gone'));
    await assert.rejects(done, /gone/);
    assert.equal(fake.message, undefined);
    assert.equal(contextKeys.get('agentTraces.filtered'), false);
  });
});
