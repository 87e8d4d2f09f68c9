import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { SavedIndex } from '../../src/store/savedIndex.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { all, type Cells, clock, dist, readAll, spansDb } from '../unit/support/traceDb.ts';

const { prices } = readPriceOverrides({ acme: { input: 2, output: 8 } });
const others = readPriceOverrides({ acme: { input: 3, output: 8 } }).prices;

const call = (id: string, run: string, more: Cells = {}): Cells => ({
  span_id: id,
  run_id: run,
  input_tokens: 1000,
  output_tokens: 100,
  model: 'acme',
  ...more,
});

describe("the user's own prices", () => {
  const folder = temporaryFolder('prices');
  after(() => folder.remove());

  async function fileOf(spans: Iterable<Cells>): Promise<string> {
    const file = path.join(fs.mkdtempSync(path.join(folder.path, 'f-')), 'a.db');
    fs.writeFileSync(file, await spansDb(spans));
    return file;
  }
  const sourceOf = (file: string, own: typeof prices | undefined) =>
    ({ kind: 'path', path: file, name: 'a.db', prices: own }) as const;

  it('price what has no recorded cost, and are told with the span', async () => {
    const reader = localReader(dist);
    const file = await fileOf([call('s', 'r'), call('t', 'q', { cost_usd: 0.5 })]);
    await reader.open('f', sourceOf(file, prices));
    const run = await reader.run('f', 'r', clock);
    assert.deepEqual([run.cost, run.unpricedCalls], [(1000 * 2 + 100 * 8) / 1e6, 0]);
    assert.equal((await reader.run('f', 'q', clock)).cost, 0.5, 'what is recorded stays');
    const { span, ownPrices } = await reader.span('f', 's', clock);
    assert.deepEqual([span.costSource, ownPrices], ['computed', prices]);
  });

  it('are not charged for a call that failed and says that it cost 0', async () => {
    const reader = localReader(dist);
    const free = { cost_usd: 0, status: 'error' };
    const file = await fileOf([
      call('s', 'r', { ...free, error: '429', end_time: 2 }),
      call('t', 'q', { cost_usd: 0, status: 'running', end_time: 2 }),
    ]);
    await reader.open('f', sourceOf(file, prices));
    assert.equal((await reader.run('f', 'r', clock)).cost, 0);
    assert.equal((await reader.span('f', 's', clock)).span.costSource, 'recorded');
    assert.equal(
      (await reader.run('f', 'q', clock)).cost,
      0.0028,
      'what was interrupted is not free',
    );
  });

  it('are others once the file is opened with others, also where it was not changed', async () => {
    const reader = localReader(dist);
    const file = await fileOf([call('s', 'r')]);
    const costs: (number | undefined)[] = [];
    const stamps = new Set<string | undefined>();
    for (const own of [undefined, prices, others, undefined]) {
      stamps.add((await reader.open('f', sourceOf(file, own))).stamp);
      costs.push((await reader.run('f', 'r', clock)).cost);
    }
    assert.deepEqual(costs, [undefined, 0.0028, 0.0038, undefined]);
    assert.equal(stamps.size, 3, 'each with a stamp of its own');
  });

  it('belong to what is kept of a large file: with others it is read anew', async () => {
    const kept = new Map<string, SavedIndex>();
    const loaded: string[] = [];
    const keeper = {
      load: (key: string) => {
        const found = kept.get(key);
        if (found) loaded.push(key);
        return found && structuredClone(found);
      },
      save: (key: string, index: SavedIndex) => void kept.set(key, structuredClone(index)),
    };
    const file = await fileOf(
      Array.from({ length: 31_000 }, (_, i) => call(`s${i}`, `r${i >> 6}`, { start_time: i })),
    );
    const costWith = async (own: typeof prices | undefined) => {
      const reader = localReader(dist, () => keeper);
      await reader.open('f', sourceOf(file, own));
      await readAll(reader, 'f');
      const [run] = (await reader.runs('f', { ...all, offset: 5, limit: 1 })).runs;
      await reader.close('f');
      return Number(run?.cost?.toFixed(6));
    };
    assert.equal(await costWith(prices), 64 * 0.0028);
    assert.equal(await costWith(others), 64 * 0.0038);
    assert.deepEqual([kept.size, loaded.length], [2, 0]);
    assert.equal(await costWith(prices), 64 * 0.0028);
    assert.equal(loaded.length, 1);
  });
});
