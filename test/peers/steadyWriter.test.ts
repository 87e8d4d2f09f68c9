import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { TraceError } from '../../src/core/errors.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { type Mode, modes } from '../unit/support/leftFiles.ts';
import { clock, dist } from '../unit/support/traceDb.ts';
import { kill, startWriter, times } from './liveFiles.ts';
import { tempFolder } from './python.ts';

const seconds = 0.6 * times;

/** Looks again and again at a file that is being written, and counts what came of it. */
async function read(file: string) {
  const counts = { good: 0, busy: 0, answers: new Set<number>() };
  const reader = localReader(dist);
  let last = 0;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    try {
      await reader.open('f', { kind: 'path', path: file, name: 'f.db' });
      const { spans, runs, usage } = await reader.totals('f', clock);
      // Every transaction gives all spans the same number, which only grows.
      const state = (usage.input ?? 0) / spans;
      assert.ok(Number.isInteger(state), `spans of several states: ${usage.input} / ${spans}`);
      assert.ok(state >= last, `state ${state} after ${last}`);
      assert.equal(runs, 5);
      last = state;
      counts.answers.add(state);
      counts.good++;
      if (counts.good % 4 === 1) await readCosts(reader);
    } catch (error) {
      if (!(error instanceof TraceError && error.code === 'fileBusy')) throw error;
      counts.busy++;
    }
  }
  await reader.close('f');
  return counts;
}

/** In each committed state every span is a call without a price, and each run is there once. */
async function readCosts(reader: ReaderApi): Promise<void> {
  const request = { filter: 'all', zone: 0, clock } as const;
  const model = await reader.costs('f', { ...request, by: 'model' });
  const [only] = model.rows;
  assert.equal(model.rows.length, 1);
  assert.ok(only && only.calls > 0 && only.calls === only.unpricedCalls, JSON.stringify(only));
  const name = await reader.costs('f', { ...request, by: 'name' });
  assert.deepEqual(
    name.rows.map(({ key, calls }) => [key, calls]),
    [['span', 5]],
  );
  const asked = { of: { newest: 5 }, thresholds: defaultThresholds, clock };
  const page = await reader.insights('f', asked);
  assert.ok(page.done <= page.of && page.of === 5);
}

describe('under a steady writer, no answer mixes two states', function () {
  this.timeout(60_000 + 3000 * seconds);
  const folder = tempFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const cases: [Mode, number, string][] = modes.flatMap(mode => [
    [mode, 4096, 'steady'],
    [mode, 1024, 'fast'],
  ]);
  for (const [mode, pageSize, what] of cases) {
    it(`${mode}, ${what}`, async () => {
      const file = path.join(folder, `${mode}-${what}.db`);
      const writer = await startWriter('node', [file, mode, pageSize, what]);
      try {
        const { good, busy, answers } = await read(file);
        console.log(`      ${good} answers of ${answers.size} states, ${busy} times busy`);
        assert.ok(good > 0);
      } finally {
        await kill(writer);
      }
    });
  }
});
