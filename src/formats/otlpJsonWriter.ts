import { toBase64 } from './base64.ts';
import {
  isMap,
  type OtlpAttribute,
  type OtlpEvent,
  type OtlpLink,
  type OtlpResourceSpans,
  type OtlpScopeSpans,
  type OtlpSpan,
  type OtlpTraces,
  type OtlpValue,
} from './otlp.ts';
import { type Repairs, wellFormed } from './utf8.ts';

export interface EncodedText {
  /** One line. */
  readonly text: string;
  /** How many texts held half a pair of surrogates, which became U+FFFD, as in protobuf. */
  readonly repairedTexts: number;
}

/**
 * As `ExportTraceServiceRequest` in JSON by the rules of OTLP: ids in hexadecimal digits, 64 bits in quotes.
 */
export function encodeTracesJson(traces: OtlpTraces): EncodedText {
  const repairs: Repairs = { texts: 0 };
  const to = new JsonWriter(repairs);
  const text = `{"resourceSpans":${to.list(traces.resourceSpans, to.resourceSpans)}}`;
  return { text, repairedTexts: repairs.texts };
}

/** Written piece by piece, and not by `JSON.stringify`, which has no 64 bits, no -0 and no infinity. */
class JsonWriter {
  readonly #repairs: Repairs;

  constructor(repairs: Repairs) {
    this.#repairs = repairs;
  }

  list<T>(all: readonly T[], write: (one: T) => string): string {
    let text = '[';
    for (const one of all) text += text === '[' ? write(one) : `,${write(one)}`;
    return `${text}]`;
  }

  readonly resourceSpans = ({ resource, scopeSpans, schemaUrl }: OtlpResourceSpans): string =>
    `{"resource":{${this.#attributes(resource)}},"scopeSpans":${this.list(scopeSpans, this.#scopeSpans)}${this.#text('schemaUrl', schemaUrl)}}`;

  readonly #scopeSpans = ({ scope, spans, schemaUrl }: OtlpScopeSpans): string => {
    const head = `"name":${this.#quoted(scope.name)}${this.#text('version', scope.version)}`;
    const told = scope.attributes.length + scope.droppedAttributesCount > 0;
    const inner = told ? `{${head},${this.#attributes(scope)}}` : `{${head}}`;
    return `{"scope":${inner},"spans":${this.list(spans, this.#span)}${this.#text('schemaUrl', schemaUrl)}}`;
  };

  readonly #span = (span: OtlpSpan): string => {
    const { status } = span;
    let text = `{"traceId":"${span.traceId}","spanId":"${span.spanId}"`;
    text += this.#text('traceState', span.traceState);
    if (span.parentSpanId !== '') text += `,"parentSpanId":"${span.parentSpanId}"`;
    text += `${this.#number('flags', span.flags)},"name":${this.#quoted(span.name)},"kind":${span.kind}`;
    text += `,"startTimeUnixNano":"${span.startNanos}","endTimeUnixNano":"${span.endNanos}"`;
    text += `,${this.#attributes(span)}`;
    if (span.events.length > 0) text += `,"events":${this.list(span.events, this.#event)}`;
    text += this.#number('droppedEventsCount', span.droppedEventsCount);
    if (span.links.length > 0) text += `,"links":${this.list(span.links, this.#link)}`;
    text += this.#number('droppedLinksCount', span.droppedLinksCount);
    return `${text},"status":{"code":${status.code}${this.#text('message', status.message)}}}`;
  };

  readonly #event = (event: OtlpEvent): string =>
    `{"timeUnixNano":"${event.timeNanos}","name":${this.#quoted(event.name)},${this.#attributes(event)}}`;

  readonly #link = (link: OtlpLink): string => {
    const ids = `"traceId":"${link.traceId}","spanId":"${link.spanId}"`;
    const state = this.#text('traceState', link.traceState);
    return `{${ids}${state},${this.#attributes(link)}${this.#number('flags', link.flags)}}`;
  };

  #attributes(holder: {
    readonly attributes: readonly OtlpAttribute[];
    readonly droppedAttributesCount: number;
  }): string {
    const dropped = this.#number('droppedAttributesCount', holder.droppedAttributesCount);
    return `"attributes":${this.list(holder.attributes, this.#attribute)}${dropped}`;
  }

  readonly #attribute = ({ key, value }: OtlpAttribute): string =>
    `{"key":${this.#quoted(key)},"value":${this.#value(value)}}`;

  readonly #value = (value: OtlpValue): string => {
    switch (typeof value) {
      case 'undefined':
        return '{}';
      case 'string':
        return `{"stringValue":${this.#quoted(value)}}`;
      case 'boolean':
        return `{"boolValue":${value}}`;
      case 'bigint':
        return BigInt.asIntN(64, value) === value
          ? `{"intValue":"${value}"}`
          : `{"stringValue":"${value}"}`;
      case 'number':
        return `{"doubleValue":${double(value)}}`;
    }
    if (value instanceof Uint8Array) return `{"bytesValue":"${toBase64(value)}"}`;
    return isMap(value)
      ? `{"kvlistValue":{"values":${this.list(value.entries, this.#attribute)}}}`
      : `{"arrayValue":{"values":${this.list(value, this.#value)}}}`;
  };

  /** A field that is left out where it is empty. */
  #text(name: string, value: string): string {
    return value === '' ? '' : `,"${name}":${this.#quoted(value)}`;
  }

  #number(name: string, value: number): string {
    return value === 0 ? '' : `,"${name}":${value}`;
  }

  #quoted(text: string): string {
    return JSON.stringify(wellFormed(text, this.#repairs));
  }
}

function double(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}
