import type { FileId } from '../protocol/reader.ts';
import type { FileRow, Row } from './rows.ts';

/**
 * Tells VS Code which rows to ask for again, but never before it has taken in what it asked for last: the
 * window keeps an answer that arrives together with the call to ask again, while the extension host has
 * forgotten its rows. Such rows are drawn, but selecting or unfolding them does nothing (VS Code 1.139).
 */
export class TreeRefreshes {
  private readonly fire: (row: Row | undefined) => void;
  private readonly takenIn: () => PromiseLike<unknown>;
  private readonly reading = new Map<FileId, number>();
  private readonly held = new Map<FileId, Set<Row>>();
  /** Files whose children VS Code has asked for; of the others it shows only the row. */
  private readonly unfolded = new Set<FileId>();
  private listing = 0;
  private listHeld = false;

  /** @param takenIn ends once the window has taken in all that was sent to it before */
  constructor(fire: (row: Row | undefined) => void, takenIn: () => PromiseLike<unknown>) {
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

  private release(): void {
    if (this.listing > 0) return;
    if (this.listHeld) {
      this.listHeld = false;
      this.fire(undefined);
    }
    for (const [file, rows] of [...this.held]) {
      if ((this.reading.get(file) ?? 0) > 0) continue;
      this.held.delete(file);
      for (const row of rows) this.fire(row);
    }
  }
}
