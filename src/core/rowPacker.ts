import { PackedJson } from './packedJson.ts';
import { keysOf, readField } from './plainCopy.ts';
import { safeJson } from './safeJson.ts';
import { isSecretHeader } from './secretPatterns.ts';
import type { Batch, EventRow, SpanRow } from './traceRows.ts';

// Control characters stand in no JSON text, and are taken out of the other fields.
const fieldEnd = '\u001f';
const rowEnd = '\u001e';
/** Stand in a JSON text for the next long string, and for the next JSON text. */
const longMark = '\u0002';
const jsonMark = '\u0003';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
const marks = /[\u0002\u0003]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks
const notInFields = /[\u0002\u0003\u001e\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what JSON must escape
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** From this length on, a string goes along by reference. */
const longFrom = 128;
const noErrorEnd = fieldEnd + rowEnd;
/** What a row takes beside its texts. */
const rowBytes = 160;

/** What spans one after another have in common more often than not. */
interface Head
  extends Partial<Pick<SpanRow, 'runId' | 'parentSpanId' | 'name' | 'status' | 'model'>> {
  readonly text: string;
}

/** @internal */
export type Attributes = Readonly<Record<string, unknown>>;
/** A span as it is looked through before it is kept: its metadata are objects still. */
export type UnpackedSpan = Omit<SpanRow, 'metadata'> & {
  /** The agent's own objects: not to be changed. */
  readonly metadata: Attributes;
};
/** An event as it is looked through before it is kept. */
export type UnpackedEvent = Omit<EventRow, 'attributes'> & {
  /** The agent's own objects: not to be changed. */
  readonly attributes: Attributes;
};

/**
 * @internal Collects rows. Objects are turned into JSON at once, since the agent may change them the next moment
 * (the list of messages grows with each call); strings cannot change, and their quoting can wait.
 */
export class RowPacker {
  #head: Head = { text: '' };
  #text = '';
  #long: string[] = [];
  #json: string[] = [];
  #numbers: number[] = [];
  #spans = 0;
  #events = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get rows(): number {
    return this.#spans + this.#events;
  }

  span(row: UnpackedSpan): void {
    const { error } = row;
    const end = error === undefined ? noErrorEnd : fieldEnd + field(error) + rowEnd;
    const head = `S${row.spanId}${this.#headOf(row)}`;
    // Last: what throws before must not leave behind long texts of a row that is not there.
    const text = head + this.#fields(row.metadata) + end;
    this.#text += inOnePiece(text);
    this.#numbers.push(
      row.startTime,
      row.endTime ?? Number.NaN,
      row.inputTokens,
      row.outputTokens,
      row.costUsd ?? Number.NaN,
    );
    this.#spans++;
    this.#bytes += text.length + rowBytes;
  }

  event(row: UnpackedEvent): void {
    const head = `E${row.spanId}${fieldEnd}${row.runId}${fieldEnd}${field(row.name)}${fieldEnd}`;
    const text = head + this.#fields(row.attributes) + rowEnd;
    this.#text += inOnePiece(text);
    this.#numbers.push(row.time);
    this.#events++;
    this.#bytes += text.length + rowBytes;
  }

  /** All that was collected; begins anew. */
  take(): Batch {
    const batch = {
      text: this.#text,
      long: this.#long,
      json: this.#json,
      numbers: this.#numbers,
      spans: this.#spans,
      events: this.#events,
      bytes: this.#bytes,
    };
    this.#text = '';
    this.#long = [];
    this.#json = [];
    this.#numbers = [];
    this.#spans = this.#events = this.#bytes = 0;
    return batch;
  }

  /** What comes between the ids and the metadata. */
  #headOf(row: UnpackedSpan): string {
    const { runId, parentSpanId, name, status, model } = row;
    const last = this.#head;
    if (
      last.runId === runId &&
      last.parentSpanId === parentSpanId &&
      last.name === name &&
      last.status === status &&
      last.model === model
    ) {
      return last.text;
    }
    const text = `${fieldEnd}${runId}${fieldEnd}${parentSpanId ?? ''}${fieldEnd}${field(name)}${fieldEnd}${status}${fieldEnd}${field(model)}${fieldEnd}`;
    this.#head = { runId, parentSpanId, name, status, model, text };
    return text;
  }

  /** The inside of a JSON object, with a comma before each field: fewer pieces are joined faster. Never throws. */
  #fields(fields: Attributes): string {
    let text = '';
    for (const key of keysOf(fields)) {
      const last = lastOf(key);
      if (last.secret) continue;
      const value = readField(fields, key);
      if (typeof value === 'string' && value.length < longFrom) {
        if (last.value !== value) {
          last.value = value;
          last.text = last.key + quoted(value);
        }
        text += last.text;
      } else {
        const json = this.#value(value);
        if (json !== undefined) text += last.key + json;
      }
    }
    return text;
  }

  #value(value: unknown): string | undefined {
    switch (typeof value) {
      case 'string':
        this.#long.push(value);
        this.#bytes += value.length;
        return longMark;
      case 'number':
        return Number.isFinite(value) ? `${value}` : 'null';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'undefined':
        return undefined;
    }
    if (value === null) return 'null';
    const json = value instanceof PackedJson ? value.json : safeJson(value);
    if (json === undefined || json.length < longFrom) return json;
    this.#json.push(json);
    this.#bytes += json.length;
    return jsonMark;
  }
}

const field = (text: string): string =>
  notInFields.test(text) ? text.split(notInFields).join(' ') : text;

const rowStart = /^[SE]/;
/**
 * A text that was joined is many pieces until someone reads it; a regular expression makes it one. Done while
 * the pieces are in the cache: for a whole batch at once, some milliseconds later, it takes several times as long.
 */
function inOnePiece(text: string): string {
  rowStart.test(text);
  return text;
}

const quoted = (text: string): string => (escaped.test(text) ? JSON.stringify(text) : `"${text}"`);

/** The same few keys come with every span, and often with the value that they had in the one before. */
interface LastField {
  /** `,"key":` */
  readonly key: string;
  /** A header that carries a key: never kept. */
  readonly secret: boolean;
  /** A short string, and it with its key. */
  value: string | undefined;
  text: string;
}

const lastFields = new Map<string, LastField>();
function lastOf(key: string): LastField {
  const known = lastFields.get(key);
  if (known !== undefined) return known;
  const secret = isSecretHeader(key);
  const last = { key: `,${JSON.stringify(key)}:`, secret, value: undefined, text: '' };
  if (lastFields.size < 1000) lastFields.set(key, last);
  return last;
}

/**
 * The rows of a batch, in the order in which they were collected.
 *
 * @example
 * for (const row of rowsOf(batch)) if (row.type === 'span') send(row.name, row.metadata);
 */
export function* rowsOf(batch: Batch): Generator<SpanRow | EventRow> {
  let long = 0;
  let json = 0;
  let number = 0;
  const next = (): number => batch.numbers[number++] ?? Number.NaN;
  const orUndefined = (value: number): number | undefined =>
    Number.isNaN(value) ? undefined : value;
  const whole = (fields: string): string => {
    const inside = fields
      .slice(1)
      .replace(marks, mark =>
        mark === longMark ? JSON.stringify(batch.long[long++]) : (batch.json[json++] ?? 'null'),
      );
    return `{${inside}}`;
  };
  let at = 0;
  for (;;) {
    const end = batch.text.indexOf(rowEnd, at);
    if (end < 0) return;
    const fields = batch.text.slice(at + 1, end).split(fieldEnd);
    const [spanId = '', runId = ''] = fields;
    if (batch.text[at] === 'E') {
      const [, , name = '', attributes = ''] = fields;
      yield { type: 'event', spanId, runId, time: next(), name, attributes: whole(attributes) };
    } else {
      const [, , parent, name = '', status, model = '', metadata = '', error] = fields;
      yield {
        type: 'span',
        spanId,
        runId,
        parentSpanId: parent || undefined,
        name,
        startTime: next(),
        endTime: orUndefined(next()),
        status: status as SpanRow['status'],
        inputTokens: next(),
        outputTokens: next(),
        costUsd: orUndefined(next()),
        model,
        metadata: whole(metadata),
        error: error || undefined,
      };
    }
    at = end + 1;
  }
}
