import { setField } from './attributes.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { isMap, type OtlpAttribute, type OtlpMap, type OtlpValue } from './otlp.ts';

/** How deep values may stand in one another; deeper ones stay the text that they are. */
const mostDeep = 90;

/**
 * JSON as OTLP's values, number by number: `1` is whole and `1.0` is a double, and nothing is rounded. What JSON
 * has no word for, `exactJson` writes as OTLP does, and it is read so.
 *
 * @returns undefined where it is no JSON, or nests too deeply
 */
export function parseExact(text: string): { readonly value: OtlpValue } | undefined {
  try {
    const parser = new Parser(text);
    const value = parser.value(0);
    return parser.atEnd() ? { value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const numbers = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const spaces = /[ \t\n\r]*/y;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skip();
    return this.#at === this.#text.length;
  }

  value(depth: number): OtlpValue {
    if (depth > mostDeep) throw new SyntaxError('too deep');
    this.#skip();
    switch (this.#text[this.#at]) {
      case '{':
        return special(this.#map(depth));
      case '[':
        return this.#list(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', undefined);
      default:
        return this.#number();
    }
  }

  #map(depth: number): OtlpMap {
    const entries: OtlpAttribute[] = [];
    for (let open = this.#opened('}'); open; open = this.#goesOn('}')) {
      this.#skip();
      const key = this.#string();
      this.#expect(':');
      entries.push({ key, value: this.value(depth + 1) });
    }
    return { entries };
  }

  #list(depth: number): readonly OtlpValue[] {
    const values: OtlpValue[] = [];
    for (let open = this.#opened(']'); open; open = this.#goesOn(']')) {
      values.push(this.value(depth + 1));
    }
    return values;
  }

  #opened(end: string): boolean {
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] !== end) return true;
    this.#at++;
    return false;
  }

  #goesOn(end: string): boolean {
    this.#skip();
    const next = this.#text[this.#at++];
    if (next !== ',' && next !== end) throw new SyntaxError('no comma');
    return next === ',';
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw new SyntaxError('no text');
    for (let end = this.#text.indexOf('"', this.#at + 1); end >= 0; ) {
      let slashes = 0;
      while (this.#text[end - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) {
        const quoted = this.#text.slice(this.#at, end + 1);
        this.#at = end + 1;
        return JSON.parse(quoted) as string;
      }
      end = this.#text.indexOf('"', end + 1);
    }
    throw new SyntaxError('no end');
  }

  #number(): OtlpValue {
    numbers.lastIndex = this.#at;
    const found = numbers.exec(this.#text);
    if (!found) throw new SyntaxError('no value');
    const [text, fraction, exponent] = found;
    this.#at += text.length;
    if (fraction !== undefined || exponent !== undefined || text === '-0') return Number(text);
    const whole = BigInt(text);
    return BigInt.asIntN(64, whole) === whole ? whole : Number(text);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw new SyntaxError('no value');
    this.#at += word.length;
    return value;
  }

  #expect(sign: string): void {
    this.#skip();
    if (this.#text[this.#at++] !== sign) throw new SyntaxError(`no ${sign}`);
  }

  #skip(): void {
    spaces.lastIndex = this.#at;
    spaces.test(this.#text);
    this.#at = spaces.lastIndex;
  }
}

/** OTLP's values as JSON that `parseExact` reads as the same ones. */
export function exactJson(value: OtlpValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    case 'bigint':
      return String(value);
    case 'number':
      return doubleJson(value);
  }
  if (value instanceof Uint8Array) return `{"bytesValue":"${toBase64(value)}"}`;
  if (!isMap(value)) return `[${value.map(exactJson).join(',')}]`;
  const own = value.entries.map(
    ({ key, value: one }) => `${JSON.stringify(key)}:${exactJson(one)}`,
  );
  const json = `{${own.join(',')}}`;
  // One that looks like a value of ours is said to be none.
  if (special(value) === value) return json;
  const pairs = value.entries.map(
    ({ key, value: one }) => `{"key":${JSON.stringify(key)},"value":${exactJson(one)}}`,
  );
  return `{"kvlistValue":{"values":[${pairs.join(',')}]}}`;
}

function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return `{"doubleValue":"${value}"}`;
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function special(map: OtlpMap): OtlpValue {
  const [first, ...more] = map.entries;
  if (!first || more.length > 0) return map;
  const { key, value } = first;
  if (key === 'bytesValue' && typeof value === 'string') return fromBase64(value) ?? map;
  if (key === 'doubleValue' && typeof value === 'string' && /^(?:NaN|-?Infinity)$/.test(value)) {
    return Number(value);
  }
  return key === 'kvlistValue' ? (pairsOf(value) ?? map) : map;
}

function pairsOf(value: OtlpValue): OtlpMap | undefined {
  const list = entriesOf(value);
  const pairs = list?.length === 1 && list[0]?.key === 'values' ? list[0].value : undefined;
  if (!Array.isArray(pairs)) return undefined;
  const entries: OtlpAttribute[] = [];
  for (const one of pairs as readonly OtlpValue[]) {
    const [name, held] = entriesOf(one) ?? [];
    if (name?.key !== 'key' || typeof name.value !== 'string' || held?.key !== 'value') {
      return undefined;
    }
    entries.push({ key: name.value, value: held.value });
  }
  return { entries };
}

function entriesOf(value: OtlpValue): readonly OtlpAttribute[] | undefined {
  if (typeof value !== 'object' || value instanceof Uint8Array) return undefined;
  return isMap(value) ? value.entries : undefined;
}

/** JSON of what JavaScript has, for others to read: whole numbers that it cannot hold are texts of digits. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ??
  'null';

/** The value as JavaScript has it: doubles and small whole numbers are the same, larger ones stay exact. */
export function plainOf(value: OtlpValue): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value === undefined) return null;
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (!isMap(value)) return value.map(plainOf);
  const fields: Record<string, unknown> = {};
  for (const { key, value: one } of value.entries) {
    setField(fields, key, plainOf(one));
  }
  return fields;
}

/** Something of JavaScript as OTLP has it; whole numbers are whole. */
export function otlpOf(value: unknown, depth = 0): OtlpValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Uint8Array) return value;
  if (depth > mostDeep) return '[too deep]';
  if (Array.isArray(value)) return value.map(one => otlpOf(one, depth + 1));
  return {
    entries: Object.entries(value).map(([key, one]) => ({ key, value: otlpOf(one, depth + 1) })),
  };
}
