import { safeJson } from './safeJson.ts';
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
/** What a row takes beside its texts. */
const rowBytes = 160;

export type Attributes = Readonly<Record<string, unknown>>;
export type UnpackedSpan = Omit<SpanRow, 'metadata'> & { readonly metadata: Attributes };
export type UnpackedEvent = Omit<EventRow, 'attributes'> & { readonly attributes: Attributes };

/**
 * Collects rows. Objects are turned into JSON at once, since the agent may change them the next moment
 * (the list of messages grows with each call); strings cannot change, and their quoting can wait.
 */
export class RowPacker {
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
    const metadata = this.#object(row.metadata);
    const text = `S${row.spanId}${fieldEnd}${row.runId}${fieldEnd}${row.parentSpanId ?? ''}${fieldEnd}${field(row.name)}${fieldEnd}${row.status}${fieldEnd}${field(row.model)}${fieldEnd}${metadata}${fieldEnd}${row.error === undefined ? '' : field(row.error)}${rowEnd}`;
    this.#text += text;
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
    const attributes = this.#object(row.attributes);
    const text = `E${row.spanId}${fieldEnd}${row.runId}${fieldEnd}${field(row.name)}${fieldEnd}${attributes}${rowEnd}`;
    this.#text += text;
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

  #object(fields: Attributes): string {
    let text = '';
    for (const key of Object.keys(fields)) {
      const value = this.#value(fields[key]);
      if (value !== undefined) text += (text === '' ? '' : ',') + keyText(key) + value;
    }
    return `{${text}}`;
  }

  #value(value: unknown): string | undefined {
    switch (typeof value) {
      case 'string':
        if (value.length < longFrom) return quoted(value);
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
    const json = safeJson(value);
    if (json === undefined || json.length < longFrom) return json;
    this.#json.push(json);
    this.#bytes += json.length;
    return jsonMark;
  }
}

const field = (text: string): string =>
  notInFields.test(text) ? text.split(notInFields).join(' ') : text;

const quoted = (text: string): string => (escaped.test(text) ? JSON.stringify(text) : `"${text}"`);

const keyTexts = new Map<string, string>();
/** `"key":`, remembered: the same few keys come with every span. */
function keyText(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(key)}:`;
  if (keyTexts.size < 1000) keyTexts.set(key, text);
  return text;
}

/** The rows of a batch, in the order in which they were collected. */
export function* rowsOf(batch: Batch): Generator<SpanRow | EventRow> {
  let long = 0;
  let json = 0;
  let number = 0;
  const next = (): number => batch.numbers[number++] ?? Number.NaN;
  const orUndefined = (value: number): number | undefined =>
    Number.isNaN(value) ? undefined : value;
  const whole = (text: string): string =>
    text.replace(marks, mark =>
      mark === longMark ? JSON.stringify(batch.long[long++]) : (batch.json[json++] ?? 'null'),
    );
  let at = 0;
  for (;;) {
    const end = batch.text.indexOf(rowEnd, at);
    if (end < 0) return;
    const fields = batch.text.slice(at + 1, end).split(fieldEnd);
    const [spanId = '', runId = ''] = fields;
    if (batch.text[at] === 'E') {
      const [, , name = '', attributes = '{}'] = fields;
      yield { type: 'event', spanId, runId, time: next(), name, attributes: whole(attributes) };
    } else {
      const [, , parent, name = '', status, model = '', metadata = '{}', error] = fields;
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
