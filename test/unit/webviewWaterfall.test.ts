import assert from 'node:assert/strict';
import { callTokens } from '../../src/core/callTokens.ts';
import { criticalPath } from '../../src/core/criticalPath.ts';
import { foldedBelow } from '../../src/core/foldedRows.ts';
import { idleGaps } from '../../src/core/idleGaps.ts';
import { spanFlags } from '../../src/core/spanColumns.ts';
import { englishWords as words } from '../../src/core/words.ts';
import { workingSpans } from '../../src/core/workingSpans.ts';
import type { Waterfall } from '../../src/protocol/reader.ts';
import {
  barOf,
  gapSide,
  indentOf,
  isOutside,
  labelSide,
} from '../../webview/waterfall/geometry.ts';
import { keptOf, stateOf } from '../../webview/waterfall/keptPlot.ts';
import { placeAfter, pressKey } from '../../webview/waterfall/keys.ts';
import { figuresOf, type Model, modelOf, rowsOfSpans } from '../../webview/waterfall/model.ts';
import { costAt, countInWords, rowInWords } from '../../webview/waterfall/rowWords.ts';
import { stripOf } from '../../webview/waterfall/strip.ts';
import { isMoved } from '../../webview/waterfall/useInView.ts';
import type { Plot } from '../../webview/waterfall/usePlot.ts';
import { sideOf } from '../../webview/waterfall/useSides.ts';
import { columns } from './support/columns.ts';

const picture = `
run agent 0-10000
  ask llm 0-4000
  sub agent 5000-9000
    post tool 5000-7000
    look retrieval 7000-9000
`;

function model(part: Partial<Waterfall> = {}): Model {
  const drawn = columns(picture);
  const working = workingSpans(drawn);
  const flags = new Uint16Array(5);
  flags[3] = spanFlags.failed;
  flags[4] = spanFlags.unpriced;
  return modelOf({
    ...drawn,
    flags,
    tokens: Float64Array.of(Number.NaN, 1200, Number.NaN, 30, 20),
    cost: Float64Array.of(Number.NaN, 0.5, Number.NaN, 0.25, Number.NaN),
    run: { runId: 'r' } as Waterfall['run'],
    total: 5,
    path: criticalPath(drawn, working),
    gaps: idleGaps(drawn, working),
    calls: callTokens([]),
    window: undefined,
    failing: 3,
    cause: { row: 1, rule: 'preceding' },
    ...part,
  });
}

describe('the row of the keys', () => {
  it('is brought into view when a person moves it, not when a file does', () => {
    const before = model();
    const ids = ['run', 'ask', 'sub', 'post', 'look'];
    const after = model(columns(picture.replace('  sub', '  new tool 4100-4200\n  sub')));
    const rowIn = (one: Model, id: string): number => rowsOfSpans(one.data, new Set([id]))[0] ?? -1;
    const at = (one: Model, id: string, jumps = 0) => {
      const current = rowIn(one, id);
      return { model: one, current, at: current, jumps };
    };
    assert.deepEqual(
      ids.map(id => rowIn(after, id) - rowIn(before, id)),
      [0, 0, 1, 1, 1],
    );
    assert.equal(isMoved(at(before, 'post'), at(after, 'post')), false, 'written to');
    assert.equal(isMoved(at(before, 'post'), at(after, 'post', 1)), true, 'a jump');
    assert.equal(isMoved(at(before, 'post'), at(before, 'post', 1)), true, 'a jump to itself');
    assert.equal(isMoved(at(before, 'post'), at(after, 'look')), true, 'another one');
    assert.equal(isMoved(at(before, 'post'), { ...at(before, 'post'), at: 1 }), true, 'a fold');
    assert.equal(isMoved(at(before, 'post'), at(before, 'post')), false);
  });
});

describe('the waterfall', () => {
  it('says a row in words, with what it holds where it is folded', () => {
    assert.equal(
      rowInWords(model(), 3, false, words),
      'post, tool, failed, 2.00 s, starts at 5.00 s, waited 1.00 s before it, 30 tokens, $0.2500, on the critical path',
    );
    assert.match(
      rowInWords(model(), 1, false, words),
      /^ask, LLM, OK, cause, 4\.00 s, starts at 0 ms/,
    );
    assert.match(
      rowInWords(model(), 2, true, words),
      /50 tokens, \$0\.2500, unpriced, with all below it, 2 spans folded/,
    );
    assert.match(rowInWords(model(), 0, false, words), /waited 1\.00 s at its end/);
  });

  it('says of a span that has not ended how long it is open, where anything came after it', () => {
    const open = (from: number) => {
      const drawn = columns(picture);
      const [start, end] = [Float64Array.from(drawn.start), Float64Array.from(drawn.end)];
      start[4] = from;
      end[4] = Number.NaN;
      return rowInWords(model({ start, end }), 4, false, words);
    };
    assert.match(open(7000), /look, retrieval, OK, 3\.00 s…, starts at 7\.00 s/);
    assert.match(open(10_000), /look, retrieval, OK, not ended, starts at 10\.00 s/);
  });

  it('sums what a folded span stands for; the root always stands for its run', () => {
    assert.deepEqual(figuresOf(model(), 2, false), { tokens: 0, cost: 0, unpriced: 0 });
    assert.deepEqual(figuresOf(model(), 2, true), { tokens: 50, cost: 0.25, unpriced: 1 });
    assert.equal(figuresOf(model(), 0, false).tokens, 1250);
    assert.equal(costAt(model(), 0, false, words), '$0.7500+', 'a call is unpriced');
    assert.equal(costAt(model(), 4, false, words), 'unpriced');
  });

  it('says of how many spans it shows some', () => {
    assert.equal(countInWords(model(), 5, words), '5 spans, all shown');
    assert.equal(countInWords(model(), 3, words), '3 of 5 spans shown');
    const cut = model({ total: 900_000 });
    assert.equal(countInWords(cut, 5, words), 'The first 5 of 900,000 spans');
    assert.equal(countInWords(cut, 2, words), '2 shown of the first 5 of 900,000 spans');
  });

  it('cuts bars to the view, and knows those outside of it', () => {
    const bar = barOf(model(), 1, { from: 2000, to: 6000 });
    assert.deepEqual(bar, { from: 0, to: 0.5, cutLeft: true, cutRight: false });
    const gone = barOf(model(), 1, { from: 5000, to: 6000 });
    assert.ok(gone && isOutside(gone));
  });

  it('puts a label where there is room', () => {
    const bar = (from: number, to: number) => ({ from, to, cutLeft: false, cutRight: false });
    assert.equal(labelSide(bar(0, 0.5), 0, '3.02 s', 700), 'right');
    assert.equal(labelSide(bar(0.5, 1), 0.5, '3.02 s', 700), 'left');
    assert.equal(labelSide(bar(0, 1), 0, '3.02 s', 700), 'inside');
    const waited = (from: number, to: number) => gapSide(bar(from, to), 'waited 500 ms', 700);
    assert.equal(waited(0.5, 0.6), 'left');
    assert.equal(waited(0, 0.3), 'inside', 'left of it are the columns');
    assert.equal(waited(0.05, 0.1), undefined);
  });

  it('indents deep spans less and less, so that their names can be read', () => {
    assert.deepEqual([0, 1, 6].map(indentOf), [0, 14, 84]);
    assert.ok(indentOf(100_000) <= 140);
  });

  it('draws the whole run as a strip with its failures', () => {
    const { paths, failed } = stripOf(model());
    assert.equal(paths.llm, 'M0 5H400v4H0z');
    assert.equal(paths.failed, 'M500 10H700v3H500z');
    assert.equal(paths.tool, '', 'the only tool failed');
    assert.deepEqual(failed, [{ at: 0.7, recovered: false }]);
  });

  it('finds spans again by their ids', () => {
    assert.deepEqual(rowsOfSpans(model().data, new Set(['look', 'ask', 'gone'])), [1, 4]);
  });

  it('is kept with its folds, zoom and row, and comes back over a file that grew', () => {
    const state = {
      folded: Uint8Array.of(0, 0, 1, 0, 0),
      zoom: { from: 10, to: 2000 },
      current: 2,
    };
    const kept = keptOf('f', model(), state);
    assert.deepEqual(kept.folded, ['sub']);
    assert.deepEqual(stateOf(kept, 'f', model()), state);
    const asAtFirst = { folded: new Uint8Array(5), zoom: undefined, current: 0 };
    assert.deepEqual(stateOf(undefined, 'f', model()), asAtFirst);
    assert.deepEqual(stateOf(kept, 'g', model()), asAtFirst, 'another file');
    const other = model({ run: { runId: 'x' } as Waterfall['run'] });
    assert.deepEqual(stateOf(kept, 'f', other), asAtFirst, 'another run');
    const grown = modelOf({
      ...model().data,
      ...columns(picture.replace('  ask', '  new tool 0-1\n  ask')),
    });
    assert.deepEqual([...stateOf(kept, 'f', grown).folded], [0, 0, 0, 1, 0, 0]);
  });

  it('is kept in little, however many spans are folded', () => {
    const agents = Array.from(
      { length: 2000 },
      (_, at) => `  a${at} agent 0-1\n    t${at} tool 0-1`,
    );
    const drawn = columns(['run agent 0-10', ...agents].join('\n'));
    const many = modelOf({ ...model().data, ...drawn });
    const levels = foldedBelow(drawn, 2);
    const kept = keptOf('f', many, { folded: levels, zoom: undefined, current: 0 });
    assert.equal(kept.folded, 2);
    assert.deepEqual(stateOf(kept, 'f', many).folded, levels);
    const odd = levels.slice();
    odd[1] = 0;
    const cut = keptOf('f', many, { folded: odd, zoom: undefined, current: 0 });
    assert.equal(typeof cut.folded !== 'number' && cut.folded.length, 500);
  });

  it('knows where a row is of what is in view', () => {
    const of = (place: number) => sideOf(place, 220, 110);
    assert.deepEqual([0, 9, 10, 14, 15, 99].map(of), [
      ...['above', 'above', 'here', 'here', 'below', 'below'],
    ]);
  });

  it('knows its keys, and leaves the others alone', () => {
    const done: string[] = [];
    const told =
      (what: string) =>
      (...args: unknown[]): void =>
        void done.push([what, ...args.filter(one => typeof one !== 'function')].join(' '));
    const plot = {
      model: model(),
      rows: Int32Array.of(0, 1, 2, 3, 4),
      folded: new Uint8Array(5),
      view: { from: 0, to: 10_000 },
      current: 2,
      setCurrent: told('current'),
      fold: told('fold'),
      showLevels: told('levels'),
      unfoldAll: told('all'),
      setView: told('view'),
    } as unknown as Plot;
    const actions = { page: 2, show: told('show'), goToCause: told('cause') };
    const press = (key: string, more = {}): boolean => {
      const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
      return pressKey(plot, { ...plain, key, ...more }, actions);
    };
    for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'Home', 'ArrowLeft', 'ArrowRight']) {
      assert.ok(press(key), key);
    }
    for (const key of ['3', '0', '+', '-', 'f', 'Enter', ' ']) assert.ok(press(key), key);
    assert.ok(press('c', { altKey: true }) && press('ArrowLeft', { shiftKey: true }));
    assert.deepEqual(done, [
      ...['current 3', 'current 1', 'current 4', 'current 0', 'fold 2 true', 'current 3'],
      ...['levels 3', 'all', 'view', 'view', 'view', 'show 2', 'show 2', 'cause', 'view'],
    ]);
    assert.ok(!press('a') && !press('f', { ctrlKey: true }) && !press('F8', { altKey: true }));
  });
});

describe('the keys of a chart of calls', () => {
  it('lead from call to call, and no further than the last', () => {
    const led = (key: string, at: number) => placeAfter(key, at, 30);
    assert.deepEqual(
      ['ArrowRight', 'ArrowLeft', 'PageUp', 'PageDown', 'Home', 'End'].map(key => led(key, 5)),
      [6, 4, 15, 0, 0, 29],
    );
    assert.deepEqual([led('ArrowRight', 29), led('ArrowLeft', 0)], [29, 0]);
    assert.equal(led('Enter', 5), undefined);
  });
});
