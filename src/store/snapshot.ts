import { stalenessTexts } from '../core/errors.ts';
import type { Staleness } from '../protocol/reader.ts';
import type { FileFacts, FileSet } from './byteSource.ts';
import { headerSize, readHeader } from './dbHeader.ts';
import { type FileLook, lookAt } from './fileLook.ts';
import { HotJournal, journalKey } from './journal.ts';
import { superJournalOf } from './superJournal.ts';
import { frameHeaderSize, type Wal } from './wal.ts';

/**
 * One committed state of a database: what SQLite would show, were it to recover the file now. Committed
 * frames of a WAL lie over the images of a journal, and those over the file itself.
 *
 * Nothing is locked, so a writer may end it at any time; `intact` says whether one did.
 */
export interface Snapshot {
  readonly main: FileFacts;
  /** Undefined where no WAL has committed frames. */
  readonly wal: Wal | undefined;
  /** Undefined where nothing is to be rolled back. */
  readonly journal: HotJournal | undefined;
  /** The first 100 bytes of the database, fewer where it is shorter. */
  readonly header: Uint8Array;
  /** 0 where the header is that of no database. */
  readonly pageSize: number;
  readonly pages: number;
  /** The header says that there are more pages than the file holds. */
  readonly cutOff: boolean;
  /** Equal for two snapshots of the same content. */
  readonly stamp: string;
  readonly staleness: Staleness | undefined;
  /** Is to be told which pages were read from the file itself while a journal lies over it. */
  readFromMain(page: number): void;
  /** Nothing that was read of it so far is of another state. */
  intact(): boolean;
  /**
   * Takes in the images that a writer has added to the journal. Returns their pages: what was read of them
   * from the file may be what it has made of them. Undefined where its transaction has ended.
   */
  catchUp(): readonly number[] | undefined;
}

/**
 * @param wal is brought up to date; a snapshot that was taken with it before is gone where that has changed it
 * @returns undefined where there is no file, or a writer was faster
 */
export function takeSnapshot(files: FileSet, wal: Wal): Snapshot | undefined {
  const look = lookAt(files);
  const { main } = look;
  if (!main) return undefined;
  if (look.unreadable?.beside !== 'wal') wal.update(files.wal);
  const journal = journalAt(files, look);
  const base = mainHeader(files);
  const own = readHeader(base);
  const applied = walAt(look, wal, own?.pageSize);
  const fits = !applied.wal || journal.hot?.pageSize === applied.wal.pageSize;
  const layers = { wal: applied.wal, journal: fits ? journal.hot : undefined };
  const header = topHeader(files, layers, base);
  const pageSize =
    layers.wal?.pageSize ?? layers.journal?.pageSize ?? readHeader(header)?.pageSize ?? 0;
  const inFile = pageSize === 0 ? 0 : Math.ceil(main.size / pageSize);
  const pages = layers.wal?.pages ?? layers.journal?.pages ?? own?.pages ?? inFile;
  const frames = layers.wal?.frames ?? 0;
  const fromMain = new Set(header === base ? [1] : []);
  const catchUp = (): readonly number[] | undefined =>
    layers.journal ? addedTo(layers.journal, files, look) : [];
  const staleness = look.unreadable ?? applied.stale ?? journal.stale;
  // Once it is, it stays so: others may go on asking it.
  let isTorn = false;
  const snapshot = {
    ...layers,
    main,
    header,
    pageSize,
    pages,
    cutOff: !layers.wal && !layers.journal && pages > inFile,
    stamp: `${stampOf(look, layers)} ${staleness?.why ?? ''}`,
    staleness,
    readFromMain: (page: number) => layers.journal && fromMain.add(page),
    intact() {
      if (isTorn || !isIntact(look, lookAt(files), layers, frames)) return false;
      isTorn = catchUp()?.some(page => fromMain.has(page)) ?? true;
      // No image of these is in the journal yet: they were read before any change.
      if (!isTorn) fromMain.clear();
      return !isTorn;
    },
    catchUp,
  };
  return snapshot.intact() ? snapshot : undefined;
}

interface Layers {
  readonly wal: Wal | undefined;
  readonly journal: HotJournal | undefined;
}

function isIntact(then: FileLook, now: FileLook, { wal, journal }: Layers, frames: number) {
  if (now.main?.identity !== then.main?.identity || now.journal !== then.journal) return false;
  const untouched = now.main?.version === then.main?.version && now.counter === then.counter;
  if (wal) {
    if (now.walKey !== wal.key || now.wal?.identity !== then.wal?.identity) return false;
    // A checkpoint writes to the file, which does no harm up to the frames that lie over it.
    if (now.shm?.salts === wal.salts) return wal.frames === frames && now.shm.attempted <= frames;
    return untouched && now.shm?.salts === then.shm?.salts;
  }
  // A writer in the middle of its transaction changes only pages whose images it has put in the journal.
  if (journal) return true;
  const sameShm = now.shm?.salts === then.shm?.salts && now.shm?.attempted === then.shm?.attempted;
  return untouched && sameShm;
}

function addedTo(journal: HotJournal, files: FileSet, { journal: key }: FileLook) {
  const facts = files.journal.facts();
  const added = facts && journal.update(files.journal, facts);
  // Not before now is it known that what was read is of the same transaction.
  return journalKey(files.journal, facts) === key ? added : undefined;
}

function stampOf({ main, counter, journal: key }: FileLook, { wal, journal }: Layers): string {
  // A journal that is not laid over says nothing of what is shown.
  const under = journal ? key : '';
  if (wal) return [main?.identity, wal.key, wal.frames, wal.sum, under].join(' ');
  return [main?.identity, under || `${main?.version} ${counter}`].join(' ');
}

function journalAt(
  files: FileSet,
  look: FileLook,
): { readonly hot: HotJournal | undefined; readonly stale: Staleness | undefined } {
  const none = { hot: undefined, stale: undefined };
  const { main, journalFacts } = look;
  // SQLite throws a journal away that lies beside an empty file.
  if (look.journal === '' || !journalFacts || main?.size === 0) return none;
  const above = superJournalOf(files.journal, journalFacts.size);
  const pending = above === undefined || files.beside(above);
  // Committed in all of its databases: the journals are only left over.
  if (pending === false) return none;
  if (pending === undefined) {
    const why = stalenessTexts.severalFolders;
    return { hot: undefined, stale: { beside: 'journal', why } };
  }
  return { hot: HotJournal.read(files.journal, journalFacts), stale: undefined };
}

function walAt(
  look: FileLook,
  wal: Wal,
  pageSize: number | undefined,
): { readonly wal: Wal | undefined; readonly stale: Staleness | undefined } {
  // SQLite throws a WAL away that lies beside an empty file.
  if (wal.frames === 0 || look.walKey === '' || look.main?.size === 0) {
    return { wal: undefined, stale: undefined };
  }
  if (pageSize !== undefined && pageSize !== wal.pageSize) {
    const why = stalenessTexts.otherPages;
    return { wal: undefined, stale: { beside: 'wal', why } };
  }
  return { wal, stale: undefined };
}

function mainHeader(files: FileSet): Uint8Array {
  const bytes = new Uint8Array(headerSize);
  return bytes.subarray(0, files.main.read(bytes, 0));
}

/** The header as the layers show it: most writers change it with every commit. */
function topHeader(files: FileSet, { wal, journal }: Layers, base: Uint8Array): Uint8Array {
  const frame = wal?.frameOf(1);
  const record = journal?.recordOf(1);
  const header = new Uint8Array(headerSize);
  if (frame !== undefined) files.wal.read(header, frame + frameHeaderSize);
  else if (record !== undefined) files.journal.read(header, record + 4);
  else return base;
  return header;
}
