import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { localReader } from '../../src/node/localReader.ts';
import { leave, type Mode, type Scene, spill } from '../unit/support/leftFiles.ts';
import { all, clock, dist } from '../unit/support/traceDb.ts';
import { noCli, recovered, shown } from './liveFiles.ts';
import { tempFolder } from './python.ts';

type Layer = 'wal' | 'journal' | 'none';
const checkpoint = (how: string) => `PRAGMA wal_checkpoint(${how})`;
const committed = ({ db, add }: Scene, run: string): void => {
  db.exec('BEGIN');
  add(120, run);
  db.exec('COMMIT');
};

const wal: Record<string, [Layer, (scene: Scene) => void]> = {
  'not checkpointed': ['wal', scene => committed(scene, 'second')],
  'checkpointed, the log still there': [
    'wal',
    scene => {
      committed(scene, 'second');
      scene.db.exec(checkpoint('PASSIVE'));
    },
  ],
  'begun anew over frames of the last log': [
    'wal',
    scene => {
      committed(scene, 'second');
      scene.db.exec(checkpoint('RESTART'));
      scene.add(1, 'third');
    },
  ],
  'truncated by a checkpoint': [
    'none',
    scene => {
      committed(scene, 'second');
      scene.db.exec(checkpoint('TRUNCATE'));
    },
  ],
  'checkpointed in part, because of a reader': [
    'wal',
    scene => {
      const reader = scene.other();
      reader.exec('BEGIN; SELECT count(*) FROM spans');
      committed(scene, 'second');
      scene.db.exec(checkpoint('PASSIVE'));
    },
  ],
  'with frames of a transaction that was not committed': [
    'wal',
    scene => {
      committed(scene, 'second');
      spill(scene);
    },
  ],
  'with nothing but such frames': [
    'none',
    scene => {
      scene.db.exec(checkpoint('TRUNCATE'));
      spill(scene);
    },
  ],
  'deleted rows, rewritten and shrunk by VACUUM': [
    'wal',
    scene => {
      scene.db.exec('DELETE FROM spans WHERE rowid % 3 > 0; VACUUM');
    },
  ],
};

const rollback: Record<string, [Layer, (scene: Scene) => void]> = {
  'at rest': ['none', scene => committed(scene, 'second')],
  'in the middle of a transaction': ['journal', spill],
  'in the middle of one that does not wait for the disk': [
    'journal',
    scene => {
      scene.db.exec('PRAGMA synchronous = OFF');
      spill(scene);
    },
  ],
  'in one that was begun but has written nothing': [
    'none',
    scene => {
      scene.db.exec('BEGIN IMMEDIATE');
      scene.add(1, 'second');
    },
  ],
  'after a transaction was rolled back': [
    'none',
    scene => {
      spill(scene);
      scene.db.exec('ROLLBACK');
    },
  ],
  'in a transaction after a longer one': [
    'journal',
    scene => {
      spill(scene);
      scene.db.exec('ROLLBACK');
      scene.db.exec('BEGIN; UPDATE spans SET input_tokens = 5 WHERE rowid < 60');
    },
  ],
};

describe('what a writer left behind is shown as SQLite would recover it', () => {
  const folder = tempFolder();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  let count = 0;

  async function compare(mode: Mode, pageSize: number, play: (scene: Scene) => void) {
    const file = path.join(folder, `${count++}.db`);
    leave(file, mode, pageSize, play);
    const { rows, check, layer } = await shown(file);
    assert.equal(check, 'ok');
    const expected = recovered(file, 'node');
    assert.deepEqual(rows, expected);
    if (!noCli) assert.equal(recovered(file, 'cli').length, rows.length, 'the sqlite3 program');
    const reader = localReader(dist);
    const info = await reader.open('f', { kind: 'path', path: file, name: 'f.db' });
    assert.equal(info.staleness, undefined, 'all of it is shown');
    assert.equal((await reader.totals('f', clock)).spans, expected.length);
    return layer;
  }

  for (const pageSize of [512, 4096, 65_536]) {
    for (const [what, [layer, play]] of Object.entries(wal)) {
      it(`wal, pages of ${pageSize}: ${what}`, async () => {
        const found = await compare('wal', pageSize, play);
        // Pages of 65,536 bytes all fit into the writer's cache, and so nothing is spilled.
        if (pageSize < 65_536) assert.equal(found, layer);
      });
    }
    for (const mode of ['delete', 'truncate', 'persist'] as const) {
      for (const [what, [layer, play]] of Object.entries(rollback)) {
        it(`${mode}, pages of ${pageSize}: ${what}`, async () => {
          const found = await compare(mode, pageSize, play);
          if (pageSize === 512) assert.equal(found, layer);
        });
      }
    }
  }

  it('a transaction over two databases is undone as long as its own file is there', async () => {
    const file = path.join(folder, 'two.db');
    const second = path.join(folder, 'second.db');
    const rows: (readonly string[])[] = [];
    leave(file, 'delete', 4096, spill);
    const journal = `${file}-journal`;
    for (const there of [true, false]) {
      const name = path.join(fs.realpathSync(folder), 'two.db-mj0123ABCD');
      if (there) fs.writeFileSync(name, `${journal}\0${second}-journal\0`);
      else fs.rmSync(name);
      appendSuperJournal(journal, name);
      const now = (await shown(file)).rows;
      assert.deepEqual(now, recovered(file, 'node'), there ? 'not committed' : 'committed');
      rows.push(now);
    }
    assert.doesNotMatch(String(rows[0]), /spilled/);
    assert.match(String(rows[1]), /spilled/, 'the journal is only left over');
  });

  it('says so where such a transaction’s file lies elsewhere', async () => {
    const file = path.join(folder, 'elsewhere.db');
    leave(file, 'delete', 4096, spill);
    appendSuperJournal(`${file}-journal`, '/elsewhere/main.db-mj0123ABCD');
    const reader = localReader(dist);
    const { staleness } = await reader.open('f', { kind: 'path', path: file, name: 'f.db' });
    assert.equal(staleness?.beside, 'journal');
    assert.match(staleness.why, /several folders/);
  });

  it('a log that cannot be read is said, and what is in the file is shown', async () => {
    const file = path.join(folder, 'unreadable.db');
    leave(file, 'wal', 4096, scene => {
      scene.db.exec(checkpoint('TRUNCATE'));
      scene.add(5, 'second');
    });
    fs.rmSync(`${file}-wal`);
    fs.mkdirSync(`${file}-wal`);
    const reader = localReader(dist);
    const { staleness } = await reader.open('f', { kind: 'path', path: file, name: 'f.db' });
    assert.deepEqual(staleness, { beside: 'wal', why: 'it is a folder' });
    assert.equal((await reader.runs('f', all)).runs[0]?.spans, 100);
  });
});

/** Ends a journal as SQLite does before it commits a transaction over several databases. */
function appendSuperJournal(journal: string, name: string): void {
  const bytes = new TextEncoder().encode(name);
  const tail = Buffer.alloc(16);
  tail.writeUInt32BE(bytes.length, 0);
  tail.writeUInt32BE(
    bytes.reduce((sum, byte) => sum + byte, 0),
    4,
  );
  tail.write('d9d505f920a163d7', 8, 'hex');
  const lockPage = Buffer.from([0, 4, 0, 1]);
  fs.appendFileSync(journal, Buffer.concat([lockPage, bytes, tail]));
}
