import type { FileId } from '../protocol/reader.ts';
import type { FileRow, Row } from './rows.ts';

/** Milliseconds for which a window that does not answer can keep rows from being drawn again. */
const longestReveal = 10_000;

/**
 * Tells VS Code which rows to ask for again, but never before it has taken in what it asked for last: the
 * window keeps an answer that arrives together with the call to ask again, while the extension host has
 * forgotten its rows. Such rows are drawn, but selecting or unfolding them does nothing (VS Code 1.139).
 */
export class TreeRefreshes {
  private readonly fire: (rows: Row[] | undefined) => void;
  private readonly takenIn: () => PromiseLike<unknown>;
  private readonly reading = new Map<FileId, number>();
  private readonly held = new Map<FileId, Set<Row>>();
  /** Files whose children VS Code has asked for; of the others it shows only the row. */
  private readonly unfolded = new Set<FileId>();
  private listing = 0;
  private listHeld = false;
  private revealing = 0;
  /** Called after each release. */
  private waiting: (() => void)[] = [];

  /** @param takenIn ends once the window has taken in all that was sent to it before */
  constructor(fire: (rows: Row[] | undefined) => void, takenIn: () => PromiseLike<unknown>) {
    this.fire = fire;
    this.takenIn = takenIn;
  }

  /** @param list gives the list as it is at the end of waiting */
  async whileListing<T>(wait: () => Promise<void>, list: () => T): Promise<T> {
    this.listing++;
    try {
      await wait();
      // What is held by now is in the list, save the rows below its own.
      this.listHeld = false;
      for (const file of [...this.held.keys()]) {
        if (!this.unfolded.has(file)) this.held.delete(file);
      }
      return list();
    } finally {
      this.afterwards(() => this.listing--);
    }
  }

  async whileReading<T>(file: FileId, ask: () => Promise<T>): Promise<T> {
    this.unfolded.add(file);
    this.reading.set(file, (this.reading.get(file) ?? 0) + 1);
    try {
      return await ask();
    } finally {
      this.afterwards(() => this.reading.set(file, (this.reading.get(file) ?? 1) - 1));
    }
  }

  /**
   * Reveals a row of a file. The extension host asks for the rows on the way first, and then answers the window
   * by itself: of that answer nothing is heard here before the reveal has ended. Rows that wait to be asked for
   * again go first, since a row that was read just now is only known after that.
   */
  async whileRevealing<T>(file: FileId, reveal: () => PromiseLike<T>): Promise<T> {
    while (this.isBusy(file)) await new Promise<void>(resolve => this.waiting.push(resolve));
    this.revealing++;
    let open = true;
    const end = (): void => {
      if (open) this.revealing--;
      open = false;
      this.release();
    };
    const timer = setTimeout(end, longestReveal);
    try {
      return await reveal();
    } finally {
      clearTimeout(timer);
      end();
    }
  }

  /** The list of files has changed. */
  list(): void {
    this.listHeld = true;
    this.release();
  }

  file(row: FileRow): void {
    this.hold(row.file, row);
  }

  row(row: Row): void {
    this.hold(row.type === 'more' || row.type === 'note' ? row.parent.file : row.file, row);
  }

  private hold(file: FileId, row: Row): void {
    const rows = this.held.get(file) ?? new Set();
    this.held.set(file, rows.add(row));
    this.release();
  }

  /** The timer lets the answer be sent first: what is asked of the window now would overtake it. */
  private afterwards(end: () => void): void {
    const ended = (): void => {
      end();
      this.release();
    };
    setTimeout(() => this.takenIn().then(ended, ended), 0);
  }

  private isReading(file: FileId): boolean {
    return (this.reading.get(file) ?? 0) > 0;
  }

  private isBusy(file: FileId): boolean {
    return this.listing > 0 || this.listHeld || this.isReading(file) || this.held.has(file);
  }

  private release(): void {
    if (this.listing === 0 && this.revealing === 0) this.fireHeld();
    for (const go of this.waiting.splice(0)) go();
  }

  /** All at once: of rows that are told one by one the window draws the first, and the others later. */
  private fireHeld(): void {
    if (this.listHeld) {
      this.listHeld = false;
      this.fire(undefined);
    }
    const due: Row[] = [];
    for (const [file, rows] of [...this.held]) {
      if (this.isReading(file)) continue;
      this.held.delete(file);
      due.push(...rows);
    }
    if (due.length > 0) this.fire(due);
  }
}
