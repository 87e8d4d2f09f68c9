import type { FileReader } from '../formats/importFormat.ts';

/** Takes bytes and gives the JSON texts in them. */
export interface Splitter {
  bytes(chunk: Buffer): void;
  end(): void;
}

export interface SplitTo {
  record(text: string, line: number): void;
  /** It is longer than may be held, and is passed over. */
  tooLong(line: number): void;
}

const newline = 0x0a;

/** A line each. */
export class LineSplitter implements Splitter {
  readonly #held: Held;
  #line = 1;
  readonly #to: SplitTo;

  constructor(to: SplitTo, most: number) {
    this.#to = to;
    this.#held = new Held(most);
  }

  bytes(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#held.add(chunk.subarray(from, at));
      this.#give();
      from = at + 1;
    }
    this.#held.add(chunk.subarray(from), true);
  }

  end(): void {
    if (!this.#held.isEmpty) this.#give();
  }

  #give(): void {
    const line = this.#line++;
    const text = this.#held.take();
    if (text === undefined) this.#to.tooLong(line);
    else if (text.trim() !== '') this.#to.record(text, line);
  }
}

const quote = 0x22;
const backslash = 0x5c;
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A value each, over however many lines it goes; of a list, each of its elements. */
export class ValueSplitter implements Splitter {
  readonly #held: Held;
  readonly #lists: ReadonlySet<string>;
  #depth = 0;
  /** Values begin here: within a list that is the whole, or within one that is cut. */
  #base = 0;
  /** The name of the list that is cut, and the depth of the object that it is in. */
  #list: string | undefined;
  #objectDepth = 0;
  /** The last text of the outermost object: the name of what comes next. */
  #name = '';
  #inString = false;
  #escaped = false;
  #line = 1;
  #startLine = 1;
  readonly #to: SplitTo;

  /** @param lists names of lists in an object, whose elements are given one by one, as if they were alone in it */
  constructor(to: SplitTo, most: number, lists: readonly string[] = []) {
    this.#to = to;
    this.#held = new Held(most);
    this.#lists = new Set(lists);
  }

  bytes(chunk: Buffer): void {
    let from = this.#held.isOpen ? 0 : -1;
    const names = this.#lists.size > 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === newline) {
        this.#line++;
        // JSON has no such thing: this value was cut off, and what comes now is the next line.
        if (this.#inString) {
          if (from >= 0) this.#held.add(chunk.subarray(from, at));
          this.#give();
          this.#restart();
          from = -1;
        }
      } else if (this.#escaped) this.#escaped = false;
      else if (this.#inString) {
        if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
        else if (names && this.#depth === this.#objectDepth + 1 && this.#name.length < 64) {
          this.#name += String.fromCharCode(byte);
        }
      } else if (byte === quote) {
        this.#inString = this.#depth > 0;
        this.#name = '';
      } else if (byte === openObject || byte === openList) {
        if (byte === openList && this.#isCut()) {
          this.#held.clear();
          from = -1;
        } else if (this.#depth === this.#base && !this.#held.isOpen && !this.#isAround(byte)) {
          from = at;
          this.#startLine = this.#line;
          this.#held.isOpen = true;
        }
        this.#depth++;
      } else if (byte === closeObject || byte === closeList) {
        this.#depth = Math.max(0, this.#depth - 1);
        if (this.#depth < this.#base) this.#leave();
        else if (this.#depth === this.#base && this.#held.isOpen) {
          this.#held.add(chunk.subarray(Math.max(from, 0), at + 1));
          this.#give();
          from = -1;
        }
      }
    }
    if (from >= 0) this.#held.add(chunk.subarray(from), true);
  }

  end(): void {
    if (this.#held.isOpen) this.#give();
  }

  /** A list of the outermost object whose elements are values. */
  #isCut(): boolean {
    if (this.#list !== undefined || this.#depth !== this.#objectDepth + 1) return false;
    if (!this.#lists.has(this.#name)) return false;
    this.#list = this.#name;
    this.#base = this.#depth + 1;
    return true;
  }

  /** The list that the whole is, whose elements are values; no list in it is another one. */
  #isAround(byte: number): boolean {
    if (byte !== openList || this.#depth > 0) return false;
    this.#base = this.#objectDepth = 1;
    return true;
  }

  #leave(): void {
    if (this.#list === undefined) this.#restart();
    else {
      this.#list = undefined;
      this.#base = this.#objectDepth;
      // What is left of the object is none of its lists, or another one to be cut.
      this.#held.isOpen = false;
    }
  }

  #restart(): void {
    this.#depth = this.#base = this.#objectDepth = 0;
    this.#list = undefined;
    this.#inString = this.#escaped = false;
  }

  #give(): void {
    const text = this.#held.take();
    if (text === undefined) this.#to.tooLong(this.#startLine);
    else if (this.#list === undefined) this.#to.record(text, this.#startLine);
    else this.#to.record(`{${JSON.stringify(this.#list)}:[${text}]}`, this.#startLine);
  }
}

/** What was read of a value, up to a length. */
class Held {
  isOpen = false;
  #pieces: Buffer[] = [];
  #length = 0;
  #isTooLong = false;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param isKept beyond this chunk, whose memory is used again */
  add(piece: Buffer, isKept = false): void {
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

  get isEmpty(): boolean {
    return this.#length === 0 && !this.#isTooLong;
  }

  /** Undefined where it was too long. */
  take(): string | undefined {
    const [only, ...more] = this.#pieces;
    const whole = more.length === 0 && only ? only : Buffer.concat(this.#pieces);
    const text = this.#isTooLong ? undefined : whole.toString('utf8');
    this.clear();
    return text;
  }

  clear(): void {
    this.isOpen = false;
    this.#pieces = [];
    this.#length = 0;
    this.#isTooLong = false;
  }
}

/** @param shape how the records of a file stand in it */
export function splitterOf(
  shape: 'lines' | 'values' | 'none' | 'bytes',
  to: FileReader,
  limits: {
    readonly most: number;
    readonly lists?: readonly string[];
    tooLong(line: number): void;
  },
): Splitter {
  if (shape === 'bytes') {
    return { bytes: chunk => to.bytes?.(chunk), end: () => undefined };
  }
  const taken: SplitTo = {
    record: (text, line) => to.record?.(text, line),
    tooLong: line => limits.tooLong(line),
  };
  return shape === 'lines'
    ? new LineSplitter(taken, limits.most)
    : new ValueSplitter(taken, limits.most, limits.lists);
}
