import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FileSet, memorySource } from '../../src/store/byteSource.ts';
import { lazyBytes } from '../../src/store/lazyBytes.ts';
import { PageView } from '../../src/store/pageView.ts';
import { PathFile } from '../../src/store/pathFile.ts';
import { type Snapshot, takeSnapshot } from '../../src/store/snapshot.ts';
import { Db, loadSqlite } from '../../src/store/sqlite.ts';
import type { OpenFile } from '../../src/store/traceFile.ts';
import { Wal } from '../../src/store/wal.ts';
import { leave, type Mode, type Scene, spill } from './support/leftFiles.ts';
import { dist } from './support/traceDb.ts';

const sqlite = loadSqlite(new Uint8Array(fs.readFileSync(path.join(dist, 'sql-wasm.wasm'))));
const ends = ['', '-wal', '-journal', '-shm'] as const;
type State = Partial<Record<(typeof ends)[number], Uint8Array>>;

/** The files of a database at several moments. */
function film(mode: Mode, play: (scene: Scene, shoot: () => void) => void): readonly State[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-film-'));
  const states: State[] = [];
  try {
    leave(path.join(folder, 'a.db'), mode, 512, scene => {
      const shoot = (): void => {
        const state: State = {};
        for (const end of ends) {
          const file = scene.file + end;
          if (!fs.existsSync(file)) continue;
          const bytes = fs.readFileSync(file);
          // What was not written to is the same array: to a source in memory, that is the file's time.
          const before = states.at(-1)?.[end];
          state[end] = before && bytes.equals(before) ? before : new Uint8Array(bytes);
        }
        states.push(state);
      };
      play(scene, shoot);
      if (scene.db.isTransaction) scene.db.exec('ROLLBACK');
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return states;
}

/** Shows these moments one after the other, as a disk does. */
class Player {
  at = 0;
  onRead: (() => void) | undefined;
  readonly view: PageView;
  readonly files: FileSet;
  readonly wal = new Wal();
  private readonly states: readonly State[];

  constructor(states: readonly State[]) {
    this.states = states;
    const source = (end: (typeof ends)[number]) => memorySource(() => this.states[this.at]?.[end]);
    const main = source('');
    this.files = {
      main: {
        ...main,
        read: (into, position) => {
          this.onRead?.();
          return main.read(into, position);
        },
      },
      wal: source('-wal'),
      journal: source('-journal'),
      shm: source('-shm'),
      beside: () => undefined,
    };
    this.view = new PageView(this.files, 'a.db');
  }

  show(): Snapshot {
    const snapshot = takeSnapshot(this.files, this.wal);
    assert.ok(snapshot);
    this.view.show(snapshot);
    return snapshot;
  }

  /** Whether all spans are those that were committed first. */
  async isFirst(): Promise<boolean> {
    const db = new Db(await sqlite, lazyBytes(this.view, 512), 'a.db');
    try {
      const rows = [
        ...db.rows('SELECT run_id, input_tokens, count(*) FROM spans GROUP BY 1, 2 ORDER BY 1'),
      ];
      return JSON.stringify(rows) === '[["first",1,100]]';
    } finally {
      db.close();
    }
  }
}

describe('a snapshot, while its writer goes on', () => {
  const growing = film('delete', (scene, shoot) => {
    scene.db.exec("PRAGMA cache_size = 5; BEGIN; UPDATE spans SET run_id = 'x' WHERE rowid < 20");
    scene.add(50, 'x');
    shoot();
    scene.db.exec("UPDATE spans SET run_id = 'y' WHERE rowid < 80");
    scene.add(50, 'y');
    shoot();
    scene.db.exec('COMMIT');
    shoot();
  });

  it('stays as it is as long as the writer only adds to its journal', async () => {
    const player = new Player(growing);
    const { journal } = player.show();
    assert.ok(journal);
    player.at = 1;
    assert.equal(player.view.isIntact(), true);
    assert.equal(await player.isFirst(), true);
    assert.equal(player.view.isIntact(), true);
    player.at = 2;
    assert.equal(player.view.isIntact(), false, 'committed');
  });

  it('is lost where the writer changes what was read already', async () => {
    const player = new Player(growing);
    player.show();
    assert.equal(await player.isFirst(), true);
    player.at = 1;
    assert.equal(player.view.isIntact(), false);
    assert.equal(player.view.isIntact(), false, 'for good');
  });

  it('stays where what was read is known to be older than the change', async () => {
    const player = new Player(growing);
    player.show();
    assert.equal(await player.isFirst(), true);
    assert.equal(player.view.isIntact(), true);
    player.at = 1;
    assert.equal(player.view.isIntact(), true);
    assert.equal(await player.isFirst(), true);
  });

  it('of which too late pages were read is no answer, though other questions go on', async () => {
    const player = new Player(growing);
    const file = new PathFile(await sqlite, player.files, { file: 'f', name: 'a.db' });
    await file.look();
    const runs = (open: OpenFile) => [
      ...new Set(Array.from(open.source.rows({ first: 0, last: 1e9 }), row => row.runId)),
    ];
    const answer = await file.use(async open => {
      player.at = 1;
      const found = runs(open);
      await file.use(async other => runs(other));
      return found;
    });
    assert.deepEqual(answer, ['first']);
    file.close();
  });

  it('is taken into memory whole all the same', async () => {
    const player = new Player(growing);
    player.show();
    let reads = 0;
    player.onRead = () => {
      if (++reads === 3) player.at = 1;
    };
    player.view.keepWhole();
    assert.ok(reads > 3);
    player.onRead = undefined;
    player.at = 2;
    assert.equal(player.view.isIntact(), true);
    assert.equal(await player.isFirst(), true);
  });

  it('is not taken into memory over a commit', () => {
    const player = new Player(growing);
    player.show();
    let reads = 0;
    player.onRead = () => {
      if (++reads === 3) player.at = 2;
    };
    assert.throws(() => player.view.keepWhole(), { name: 'SnapshotLost' });
  });

  const log = film('wal', (scene, shoot) => {
    shoot();
    scene.db.exec("UPDATE spans SET run_id = 'second'");
    shoot();
    scene.db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    shoot();
    scene.add(1, 'third');
    shoot();
  });

  it('stays as a log grows, until what it does not have is copied into the file', async () => {
    const player = new Player(log);
    player.show();
    player.at = 1;
    assert.equal(await player.isFirst(), true, 'it does not look at what came later');
    assert.equal(player.view.isIntact(), true);
    player.at = 2;
    assert.equal(player.view.isIntact(), false);
  });

  it('stays while what it has is copied into the file, until the log is begun anew', () => {
    const player = new Player(log);
    player.at = 1;
    const { stamp } = player.show();
    player.at = 2;
    assert.equal(player.view.isIntact(), true);
    assert.equal(takeSnapshot(player.files, player.wal)?.stamp, stamp, 'nothing new');
    player.at = 3;
    assert.equal(player.view.isIntact(), false);
  });

  it('without the file that writers share, is lost with any write to the database', () => {
    const player = new Player(log.map(({ '-shm': _, ...rest }) => rest));
    player.at = 1;
    player.show();
    player.at = 2;
    assert.equal(player.view.isIntact(), false);
  });

  it('has another stamp for each state beside a journal that is not laid over it', () => {
    const [left] = film('delete', (scene, shoot) => {
      spill(scene);
      shoot();
    });
    assert.ok(left?.[''] && left['-journal']);
    // It belongs to a transaction over several databases, whose other files are not known.
    const name = new TextEncoder().encode('/elsewhere/x-mj0');
    const tail = new Uint8Array(name.length + 16);
    tail.set(name);
    const view = new DataView(tail.buffer);
    view.setUint32(name.length, name.length);
    view.setUint32(
      name.length + 4,
      name.reduce((sum, byte) => sum + byte, 0),
    );
    tail.set([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7], name.length + 8);
    const first = { ...left, '-journal': new Uint8Array([...left['-journal'], ...tail]) };
    const player = new Player([first, { ...first, '': left[''].slice() }]);
    const { stamp, journal } = player.show();
    assert.equal(journal, undefined);
    assert.equal(player.show().stamp, stamp);
    player.at = 1;
    assert.notEqual(player.show().stamp, stamp);
  });

  it('has another stamp where a log was put back and went on otherwise, by as many frames', () => {
    const [before] = film('wal', (_, shoot) => shoot());
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-log-'));
    try {
      const goneOn = ['one', 'two'].map(run => {
        const file = path.join(folder, `${run}.db`);
        for (const end of ['', '-wal'] as const) {
          fs.writeFileSync(file + end, before?.[end] ?? new Uint8Array());
        }
        const db = new DatabaseSync(file);
        db.exec(`UPDATE spans SET run_id = '${run}' WHERE rowid = 1`);
        const read = (end: string) => new Uint8Array(fs.readFileSync(file + end));
        const state: State = { '': read(''), '-wal': read('-wal') };
        db.close();
        return state;
      });
      const [one, two] = goneOn.map(state => new Player([state]).show());
      assert.deepEqual([one?.wal?.key, one?.wal?.frames], [two?.wal?.key, two?.wal?.frames]);
      assert.notEqual(one?.stamp, two?.stamp);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const mode of ['delete', 'truncate', 'persist'] as const) {
    it(`${mode}: is told from the next one, and the same again after a rollback`, async () => {
      const player = new Player(
        film(mode, (scene, shoot) => {
          shoot();
          scene.db.exec('BEGIN IMMEDIATE');
          scene.add(1, 'x');
          shoot();
          scene.db.exec('ROLLBACK');
          spill(scene);
          shoot();
          scene.db.exec('ROLLBACK');
          shoot();
          scene.db.exec("UPDATE spans SET run_id = 'second'");
          shoot();
        }),
      );
      const first = player.show();
      player.at = 1;
      assert.equal(first.intact(), true, 'nothing was written to the file');
      player.at = 2;
      assert.equal(first.intact(), false);
      player.show();
      assert.equal(await player.isFirst(), true);
      player.at = 3;
      player.show();
      assert.equal(await player.isFirst(), true);
      player.at = 4;
      assert.equal(player.view.isIntact(), false);
      player.show();
      assert.equal(await player.isFirst(), false);
    });
  }
});
