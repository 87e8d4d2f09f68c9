/** Where a text stops being JSON. */
export interface BrokenJson {
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
  /** What is there is right, and the rest is missing. */
  readonly isCutOff: boolean;
}

const space = /[ \t\r\n]*/y;
const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const begunPlain = /^(?:t(?:ru?)?|f(?:al?s?)?|n(?:ul?)?|-|-?\d+(?:\.|\.?\d*[eE][+-]?))$/;

/** Of one JSON value, or of several one after another; undefined where nothing is wrong. */
export function brokenJson(text: string): BrokenJson | undefined {
  const at = new Scan(text).run();
  if (at === undefined) return undefined;
  const isCutOff = at === text.length;
  const place = isCutOff ? text.trimEnd().length : at;
  const before = text.slice(0, place);
  const line = before.split('\n').length;
  return { line, column: place - before.lastIndexOf('\n'), isCutOff };
}

/** Without a stack of calls and without patterns over texts: both have ends that a file may go beyond. */
class Scan {
  readonly #text: string;
  #at = 0;
  /** What ends each list and object that is open. */
  readonly #open: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** @returns where it is broken, which is the end where it is cut off */
  run(): number | undefined {
    for (let next = this.#next(); next !== ''; next = this.#next()) {
      if (!this.#value(next)) return this.#at;
    }
    return this.#open.length > 0 ? this.#text.length : undefined;
  }

  #next(): string {
    space.lastIndex = this.#at;
    space.exec(this.#text);
    this.#at = space.lastIndex;
    return this.#text.charAt(this.#at);
  }

  /** A value and what may stand behind it: then another one is next, or nothing is. */
  #value(first: string): boolean {
    if (first === '{' || first === '[') {
      const end = first === '{' ? '}' : ']';
      this.#at++;
      this.#open.push(end);
      return this.#next() === end ? this.#behind() : end === ']' || this.#name();
    }
    return (first === '"' ? this.#string() : this.#plain()) && this.#behind();
  }

  #behind(): boolean {
    for (;;) {
      const end = this.#open.at(-1);
      if (end === undefined) return true;
      const next = this.#next();
      if (next === ',') {
        this.#at++;
        // Nothing may end behind it.
        const other = this.#next();
        return end === '}' ? this.#name() : other !== ']';
      }
      if (next !== end) return false;
      this.#at++;
      this.#open.pop();
    }
  }

  #name(): boolean {
    if (this.#next() !== '"' || !this.#string() || this.#next() !== ':') return false;
    this.#at++;
    return this.#next() !== '';
  }

  #string(): boolean {
    const start = this.#at;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) {
        this.#at++;
        return isText(this.#text.slice(start, this.#at));
      }
      // Nothing below a space stands in a text as it is, an end of the line neither.
      if (code < 0x20) return false;
      if (code === 0x5c) this.#at++;
    }
    this.#at = this.#text.length;
    return false;
  }

  #plain(): boolean {
    plain.lastIndex = this.#at;
    const found = plain.exec(this.#text);
    if (found) this.#at += found[0].length;
    else if (begunPlain.test(this.#text.slice(this.#at, this.#at + 40))) {
      this.#at = this.#text.length;
    }
    return found !== null;
  }
}

function isText(quoted: string): boolean {
  if (!quoted.includes('\\')) return true;
  try {
    JSON.parse(quoted);
    return true;
  } catch {
    // Something behind a backslash that JSON does not have there.
    return false;
  }
}
