import assert from 'node:assert/strict';
import type { RunSummary } from '../../src/core/model.ts';
import type { FileRow, Row, RunRow } from '../../src/extension/rows.ts';
import type { TraceFiles } from '../../src/extension/traceFiles.ts';
import { noInsights } from './support/noInsights.ts';
import { noReplays } from './support/noReplays.ts';
import { decorators } from './support/vscode.ts';

const { decorateRows, rowUri } = await import('../../src/extension/decorations.ts');
const { treeItem } = await import('../../src/extension/treeItems.ts');

const files = { get: () => undefined, list: () => [] } as unknown as TraceFiles;
const item = (row: Row) =>
  treeItem(row, { files, insights: noInsights, replays: noReplays, filtered: false, now: 0 });

function runRow(failedSpans: number): RunRow {
  const run = {
    name: 'invoice',
    status: 'error',
    spans: 200,
    failedSpans,
    usage: {},
    pricedCost: 0,
  } as unknown as RunSummary;
  const parent = { type: 'file', id: 'f', file: 'f', loaded: undefined } as const;
  return { type: 'run', id: 'r', file: 'f', parent, run, mark: '', loaded: undefined };
}

describe('a row of a failed run', () => {
  it('counts its failed spans in words', () => {
    for (const [count, words] of [
      [1, /, 1 failed span$/],
      [150, /, 150 failed spans$/],
    ] as const) {
      assert.match(item(runRow(count)).accessibilityInformation?.label ?? '', words);
    }
  });

  it('counts them on its badge as far as two characters go, and fully beside it', () => {
    decorateRows();
    const decorated = (count: number) => {
      const uri = rowUri(true, count);
      return decorators[0]?.provideFileDecoration(uri as never);
    };
    assert.deepEqual({ ...decorated(1) }, { badge: '1', tooltip: '1 failed span' });
    assert.deepEqual({ ...decorated(99) }, { badge: '99', tooltip: '99 failed spans' });
    assert.deepEqual({ ...decorated(1500) }, { badge: '9+', tooltip: '1,500 failed spans' });
    assert.deepEqual({ ...decorated(0) }, { badge: undefined, tooltip: undefined });
  });
});

describe('a row of a run whose name counts within a session', () => {
  it('says its session where another one has the same name', () => {
    const parent: FileRow = { type: 'file', id: 'f', file: 'f', loaded: undefined };
    const rows = [
      ['shop #1', '7d48cbd2-6615-4dd8'],
      ['shop #1', 'ae4a77f8-aedd-4bc1'],
      ['shop #2', 'ae4a77f8-aedd-4bc1'],
      ['helper', 'one'],
      ['helper', 'two'],
    ].map(([name, sessionId], index) => {
      const row = runRow(0);
      return {
        ...row,
        id: `r${index}`,
        parent,
        run: { ...row.run, name, sessionId } as RunSummary,
      };
    });
    parent.loaded = { rows, total: rows.length } as unknown as FileRow['loaded'];
    const said = rows.map(
      row => /7d48\w*|ae4a\w*|one|two/.exec(String(item(row).description))?.[0],
    );
    assert.deepEqual(said, ['7d48cbd2', 'ae4a77f8', undefined, undefined, undefined]);
    assert.match(item(rows[0] as Row).accessibilityInformation?.label ?? '', /session .?7d48cbd2/);
  });
});

describe('a row of a file', () => {
  it('is named by its file also when that was closed just now', () => {
    const row = { type: 'file', id: 'f', file: 'file:///w/a.db', loaded: undefined } as const;
    assert.equal(item(row).label, 'a.db');
    assert.equal(item(row).accessibilityInformation?.label, 'trace file, a.db');
  });
});
