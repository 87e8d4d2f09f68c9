import { type Fields, fieldsOf } from '../core/fields.ts';
import { fromBase64 } from './base64.ts';
import {
  deepestOtlpValue,
  hexOf,
  MalformedOtlp,
  type OtlpAttribute,
  type OtlpResource,
  type OtlpScope,
  type OtlpValue,
} from './otlp.ts';
import { type Repairs, wellFormed } from './utf8.ts';

/** Reads what `JSON.parse` made of OTLP, also in the forms that stray from its specification. */
export class JsonReader {
  readonly repairs: Repairs = { texts: 0 };
  readonly skipped: string[] = [];

  /** A list of which one bad part is left out, and said; what is wrong around it is wrong with all of it. */
  parts<T>(value: unknown, at: string, read: (fields: Fields, at: string) => T): readonly T[] {
    const parts: T[] = [];
    for (const [index, one] of list(value, at).entries()) {
      try {
        parts.push(read(fieldsOf(one), `${at}[${index}]`));
      } catch (error) {
        if (!(error instanceof MalformedOtlp)) throw error;
        this.skipped.push(error.message);
      }
    }
    return parts;
  }

  text(value: unknown): string {
    return typeof value === 'string' ? wellFormed(value, this.repairs) : '';
  }

  resource(value: unknown, at: string): OtlpResource {
    const fields = fieldsOf(value);
    return {
      attributes: this.attributes(fields.attributes, at),
      droppedAttributesCount: count(field(fields, 'droppedAttributesCount')),
    };
  }

  scope(value: unknown, at: string): OtlpScope {
    const fields = fieldsOf(value);
    return {
      name: this.text(fields.name),
      version: this.text(fields.version),
      ...this.resource(fields, at),
    };
  }

  attributes(value: unknown, at: string, depth = 1): readonly OtlpAttribute[] {
    return list(value, `${at}.attributes`).map(one => {
      const pair = fieldsOf(one);
      return { key: this.text(pair.key), value: this.value(pair.value, at, depth) };
    });
  }

  value(value: unknown, at: string, depth: number): OtlpValue {
    if (depth > deepestOtlpValue) throw new MalformedOtlp(`${at}: a value nests too deeply`);
    // One of these is there; which one is known after looking at its key alone.
    for (const key in fieldsOf(value)) {
      const given = (value as Fields)[key];
      if (given === null || given === undefined) continue;
      switch (key) {
        case 'stringValue':
        case 'string_value':
          return this.text(given);
        case 'boolValue':
        case 'bool_value':
          return given === true || given === 'true';
        case 'intValue':
        case 'int_value':
          return whole(given, at);
        case 'doubleValue':
        case 'double_value':
          return double(given, at);
        case 'arrayValue':
        case 'array_value':
          return list(fieldsOf(given).values, at).map(one => this.value(one, at, depth + 1));
        case 'kvlistValue':
        case 'kvlist_value':
          return { entries: this.attributes(fieldsOf(given).values, at, depth + 1) };
        case 'bytesValue':
        case 'bytes_value':
          return bytes(given, at);
      }
    }
    return undefined;
  }
}

/** A field under its name, or under the one that it has in the definitions: `trace_id`. */
export function field(fields: Fields, name: string): unknown {
  const found = fields[name];
  if (found !== undefined) return found === null ? undefined : found;
  const other = fields[snake(name)];
  return other === null ? undefined : other;
}

const snakes = new Map<string, string>();
function snake(name: string): string {
  const known = snakes.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  snakes.set(name, made);
  return made;
}

/** Nothing is an empty list. */
export function list(value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedOtlp(`${at} is no list`);
  return value;
}

export function count(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number >>> 0 : 0;
}

/** Nanoseconds, as a text of digits or as a number, which is exact only where it was written in digits. */
export function nanos(value: unknown, at: string): bigint {
  if (value === undefined || value === '') return 0n;
  const time = whole(value, at);
  if (typeof time !== 'bigint' || time < 0n || BigInt.asUintN(64, time) !== time) {
    throw new MalformedOtlp(`${at} is no time in nanoseconds`);
  }
  return time;
}

/** A number of an enumeration, or its name without what all its names begin with. */
export function enumerated(value: unknown, names: readonly string[]): number {
  if (typeof value !== 'string' || /^-?\d+$/.test(value)) return Number(value ?? 0) | 0;
  const last = value.slice(value.lastIndexOf('_') + 1).toUpperCase();
  return Math.max(0, names.indexOf(last));
}

const idForms = /^(?:0x)?([0-9a-f]+)$/i;

/**
 * An id as lower-case hexadecimal digits. Protobuf's own rule for JSON, which OTLP overrules, writes bytes as
 * base64: 22 to 24 characters for a trace and 11 or 12 for a span, where digits take 32 and 16.
 */
export function id(value: unknown, length: 32 | 16, at: string): string {
  if (value === undefined || value === '') return '';
  if (typeof value === 'string') {
    const digits = idForms.exec(value)?.[1];
    if (digits?.length === length) return digits.toLowerCase();
    const bytes = fromBase64(value);
    if (bytes?.length === length / 2) return hexOf(bytes);
    // Of another length, but digits: whoever takes it says what is wrong with it.
    if (digits !== undefined && digits.length % 2 === 0) return digits.toLowerCase();
  }
  throw new MalformedOtlp(`${at} is no id`);
}

function whole(value: unknown, at: string): bigint | number {
  if (typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value)) return BigInt(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw new MalformedOtlp(`${at} holds a whole number that is none`);
  }
  return Number.isInteger(number) ? BigInt(number) : number;
}

function double(value: unknown, at: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && (value === 'NaN' || !Number.isNaN(number))) return number;
  throw new MalformedOtlp(`${at} holds a number that is none`);
}

function bytes(value: unknown, at: string): Uint8Array {
  const read = typeof value === 'string' ? fromBase64(value) : undefined;
  if (!read) throw new MalformedOtlp(`${at} holds bytes that are no base64`);
  return read;
}
