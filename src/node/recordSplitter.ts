import type { FileReader } from '../formats/importFormat.ts';

/** Takes bytes and gives the JSON texts in them. */
export interface Splitter {
  bytes(chunk: Buffer): void;
  end(): void;
  /** What was taken as it came and not given yet. */
  readonly waiting: number;
}

export interface SplitTo {
  record(text: string, line: number): void;
  /** It is longer than may be held, and is passed over. */
  tooLong(line: number): void;
}

const newline = 0x0a;

/** A line each. */
export class LineSplitter implements Splitter {
  #pieces: Buffer[] = [];
  #length = 0;
  #isTooLong = false;
  #line = 1;
  readonly #to: SplitTo;
  readonly #most: number;

  constructor(to: SplitTo, most: number) {
    this.#to = to;
    this.#most = most;
  }

  get waiting(): number {
    return this.#length;
  }

  bytes(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, at));
      this.#give();
      from = at + 1;
    }
    this.#add(chunk.subarray(from), true);
  }

  end(): void {
    if (this.#length > 0 || this.#isTooLong) this.#give();
  }

  /** @param isKept beyond this chunk, whose memory is used again */
  #add(piece: Buffer, isKept = false): void {
    if (piece.length === 0 || this.#isTooLong) return;
    if (this.#length + piece.length > this.#most) {
      this.#isTooLong = true;
      this.#pieces = [];
      this.#length = 0;
      return;
    }
    this.#pieces.push(isKept ? Buffer.from(piece) : piece);
    this.#length += piece.length;
  }

  #give(): void {
    const line = this.#line++;
    if (this.#isTooLong) this.#to.tooLong(line);
    else if (this.#length > 0) {
      const [only, ...more] = this.#pieces;
      const whole = more.length === 0 && only ? only : Buffer.concat(this.#pieces);
      const text = whole.toString('utf8');
      if (text.trim() !== '') this.#to.record(text, line);
    }
    this.#pieces = [];
    this.#length = 0;
    this.#isTooLong = false;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A value each, over however many lines it goes; of a list, each of its elements. */
export class ValueSplitter implements Splitter {
  #pieces: Buffer[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isTooLong = false;
  /** The whole is a list, whose elements are the values. */
  #inList = false;
  #line = 1;
  #startLine = 1;
  readonly #to: SplitTo;
  readonly #most: number;

  constructor(to: SplitTo, most: number) {
    this.#to = to;
    this.#most = most;
  }

  get waiting(): number {
    return this.#length;
  }

  bytes(chunk: Buffer): void {
    let from = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === newline) {
        this.#line++;
        // JSON has no such thing: this value was cut off, and what comes now is the next line.
        if (this.#inString) {
          if (from >= 0) this.#add(chunk.subarray(from, at));
          this.#give();
          from = -1;
        }
      } else if (this.#escaped) this.#escaped = false;
      else if (this.#inString) {
        if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) this.#inString = this.#depth > 0;
      else if (byte === openObject || byte === openList) {
        if (this.#depth === 0) {
          if (byte === openList && !this.#inList) {
            this.#inList = true;
            continue;
          }
          from = at;
          this.#startLine = this.#line;
        }
        this.#depth++;
      } else if (byte === closeObject || byte === closeList) {
        if (this.#depth === 0) this.#inList = false;
        else if (--this.#depth === 0) {
          this.#add(chunk.subarray(Math.max(from, 0), at + 1));
          this.#give();
          from = -1;
        }
      }
    }
    if (from >= 0) this.#add(chunk.subarray(from), true);
  }

  end(): void {
    if (this.#length > 0 || this.#isTooLong) this.#give();
  }

  #add(piece: Buffer, isKept = false): void {
    if (piece.length === 0 || this.#isTooLong) return;
    if (this.#length + piece.length > this.#most) {
      this.#isTooLong = true;
      this.#pieces = [];
      this.#length = 0;
      return;
    }
    this.#pieces.push(isKept ? Buffer.from(piece) : piece);
    this.#length += piece.length;
  }

  #give(): void {
    if (this.#isTooLong) this.#to.tooLong(this.#startLine);
    else if (this.#length > 0) {
      this.#to.record(Buffer.concat(this.#pieces).toString('utf8'), this.#startLine);
    }
    this.#pieces = [];
    this.#length = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#isTooLong = false;
  }
}

/** @param shape how the records of a file stand in it */
export function splitterOf(
  shape: 'lines' | 'values' | 'none' | 'bytes',
  to: FileReader,
  limits: { readonly most: number; tooLong(line: number): void },
): Splitter {
  if (shape === 'bytes') {
    return { bytes: chunk => to.bytes?.(chunk), end: () => undefined, waiting: 0 };
  }
  const taken: SplitTo = {
    record: (text, line) => to.record?.(text, line),
    tooLong: line => limits.tooLong(line),
  };
  return shape === 'lines'
    ? new LineSplitter(taken, limits.most)
    : new ValueSplitter(taken, limits.most);
}
