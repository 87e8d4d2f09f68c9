import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Mode, modes } from '../unit/support/leftFiles.ts';
import { freeze, kill, noProc, recovered, shown, startWriter, times } from './liveFiles.ts';
import { noPython, tempFolder } from './python.ts';

const stops = 12 * times;

describe('a database in the middle of being written is what SQLite would recover', function () {
  this.timeout(60_000 * times);
  const folder = tempFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const cases: [Mode, number, string][] = modes.flatMap((mode, index) => [
    [mode, [512, 4096, 1024, 65_536][index] ?? 4096, 'steady'],
    [mode, 4096, 'no-sync'],
  ]);
  for (const by of ['node', 'python'] as const) {
    for (const [mode, pageSize, what] of cases) {
      it(`${by}, ${mode}, pages of ${pageSize}, ${what}: stopped ${stops} times, then killed`, async function () {
        const missing = noProc ?? (by === 'python' ? noPython : undefined);
        if (missing) return this.skip();
        const file = path.join(folder, `${by}-${mode}-${pageSize}-${what}.db`);
        const writer = await startWriter(by, [file, mode, pageSize, what]);
        const layers = new Map<string, number>();
        const compare = async (when: string) => {
          const { rows, check, layer } = await shown(file);
          assert.equal(check, 'ok', when);
          assert.deepEqual(rows, recovered(file, 'node'), when);
          layers.set(layer, (layers.get(layer) ?? 0) + 1);
        };
        try {
          for (let i = 0; i < stops; i++) {
            await wait(Math.random() * 12);
            freeze(writer);
            await compare(`stop ${i}`);
            writer.kill('SIGCONT');
          }
        } finally {
          await kill(writer);
        }
        await compare('killed');
        console.log(`      ${[...layers].map(([layer, count]) => `${layer} ${count}`).join(', ')}`);
      });
    }
  }
});
