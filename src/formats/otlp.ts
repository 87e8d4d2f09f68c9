import { integer } from '../core/format.ts';

/**
 * What OTLP sends, exactly: nothing is rounded, reordered or put into another type on the way through.
 * Ids are lower-case hexadecimal digits of any length, empty where there is none: who takes them judges them.
 */
export interface OtlpTraces {
  readonly resourceSpans: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource: OtlpResource;
  readonly scopeSpans: readonly OtlpScopeSpans[];
  readonly schemaUrl: string;
}

export interface OtlpResource {
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
}

export interface OtlpScopeSpans {
  readonly scope: OtlpScope;
  readonly spans: readonly OtlpSpan[];
  readonly schemaUrl: string;
}

/** The library that recorded. */
export interface OtlpScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  /** Empty for a root; some senders write zeros. */
  readonly parentSpanId: string;
  /** The lowest byte is that of W3C; 0x100 says that 0x200 (the parent is remote) is known. */
  readonly flags: number;
  readonly name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Nanoseconds since 1970; 0 where it is not known. */
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
  readonly events: readonly OtlpEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly OtlpLink[];
  readonly droppedLinksCount: number;
  readonly status: OtlpStatus;
}

export interface OtlpEvent {
  readonly timeNanos: bigint;
  readonly name: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
}

export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
}

export interface OtlpStatus {
  /** 0 unset, 1 ok, 2 error. */
  readonly code: number;
  readonly message: string;
}

export interface OtlpLogs {
  readonly resourceLogs: readonly OtlpResourceLogs[];
}

export interface OtlpResourceLogs {
  readonly resource: OtlpResource;
  readonly scopeLogs: readonly OtlpScopeLogs[];
  readonly schemaUrl: string;
}

export interface OtlpScopeLogs {
  readonly scope: OtlpScope;
  readonly logRecords: readonly OtlpLogRecord[];
  readonly schemaUrl: string;
}

export interface OtlpLogRecord {
  /** 0 where it is not known; then `observedNanos` has to do. */
  readonly timeNanos: bigint;
  readonly observedNanos: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
}

/** In the order in which they were sent; senders should not, but can, send a key twice. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** Whole numbers are `bigint`, doubles are `number`: 1 and 1.0 are two values. Undefined: sent without a value. */
export type OtlpValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly OtlpValue[]
  | OtlpMap
  | undefined;

export interface OtlpMap {
  readonly entries: readonly OtlpAttribute[];
}

export const isMap = (value: readonly OtlpValue[] | OtlpMap): value is OtlpMap =>
  !Array.isArray(value);

/** How deep values may stand in one another. Protobuf itself allows messages of a depth of 100. */
export const deepestOtlpValue = 100;

/** In memory, what was given would take far more than its bytes, and more than the one who reads it has for it. */
export class TooManyOtlpParts extends Error {
  constructor(most: number) {
    super(
      `It has more than the ${integer(most)} values that are taken in one request: send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
    );
    this.name = 'TooManyOtlpParts';
  }
}

/** What was given is no OTLP. The message says where; it repeats nothing of what was sent. */
export class MalformedOtlp extends Error {
  /** In protobuf the byte, in JSON the character; undefined where a place in the tree says it better. */
  readonly offset: number | undefined;

  constructor(what: string, offset?: number) {
    super(offset === undefined ? what : `${what} at offset ${offset}`);
    this.name = 'MalformedOtlp';
    this.offset = offset;
  }
}

const digits = '0123456789abcdef';
const pairs = Array.from(
  { length: 256 },
  (_, byte) => digits.charAt(byte >> 4) + digits.charAt(byte & 15),
);

export function hexOf(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let at = from; at < to; at++) text += pairs[bytes[at] ?? 0];
  return text;
}

/** The value of a hexadecimal digit; -1 for any other character. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
