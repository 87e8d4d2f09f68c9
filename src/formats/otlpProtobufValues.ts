import {
  deepestOtlpValue,
  type OtlpAttribute,
  type OtlpMap,
  type OtlpResource,
  type OtlpScope,
  type OtlpValue,
} from './otlp.ts';
import { type ReadField, WireReader } from './wireReader.ts';

/** As it is while it is read. */
export type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};

/** What was read, and how many texts of it were no UTF-8 and got U+FFFD in place of what was not. */
export interface Decoded<T> {
  readonly value: T;
  readonly repairedTexts: number;
}

export function decoded<T>(
  bytes: Uint8Array,
  value: Mutable<T>,
  read: ReadField<Mutable<T>>,
  mostParts?: number,
): Decoded<T> {
  const reader = new WireReader(bytes, mostParts);
  reader.fields(value, read);
  return { value: value as T, repairedTexts: reader.repairs.texts };
}

// The numbers are those of the fields in the published definitions. What is sent twice counts as protobuf has
// it: of values the last, of messages all fields together.

export const resource = (): Mutable<OtlpResource> => ({
  attributes: [],
  droppedAttributesCount: 0,
});
export const scope = (): Mutable<OtlpScope> => ({
  name: '',
  version: '',
  attributes: [],
  droppedAttributesCount: 0,
});
export const readResource: ReadField<Mutable<OtlpResource>> = (reader, tag, into) => {
  if (tag >>> 3 === 1) into.attributes.push(attribute(reader, tag));
  else if (tag >>> 3 === 2) into.droppedAttributesCount = reader.count(tag);
  else reader.skip(tag);
};

export const readScope: ReadField<Mutable<OtlpScope>> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.name = reader.text(tag);
      break;
    case 2:
      into.version = reader.text(tag);
      break;
    case 3:
      into.attributes.push(attribute(reader, tag));
      break;
    case 4:
      into.droppedAttributesCount = reader.count(tag);
      break;
    default:
      reader.skip(tag);
  }
};

/** While an attribute is read; `depth` is that of its value. */
interface Pair {
  key: string;
  value: OtlpValue;
  readonly depth: number;
}

export function attribute(reader: WireReader, tag: number, depth = 1): OtlpAttribute {
  const { key, value } = reader.message<Pair>(tag, { key: '', value: undefined, depth }, readPair);
  return { key, value };
}

const readPair: ReadField<Pair> = (reader, tag, into) => {
  if (tag >>> 3 === 1) into.key = reader.text(tag);
  else if (tag >>> 3 === 2) into.value = anyValue(reader, tag, into.depth);
  else reader.skip(tag);
};

interface Held {
  value: OtlpValue;
  readonly depth: number;
}

export function anyValue(reader: WireReader, tag: number, depth: number): OtlpValue {
  if (depth > deepestOtlpValue) reader.tooDeep();
  return reader.message<Held>(tag, { value: undefined, depth }, readHeld).value;
}

const readHeld: ReadField<Held> = (reader, tag, into) => {
  switch (tag >>> 3) {
    case 1:
      into.value = reader.text(tag);
      break;
    case 2:
      into.value = reader.bool(tag);
      break;
    case 3:
      into.value = reader.int64(tag);
      break;
    case 4:
      into.value = reader.double(tag);
      break;
    case 5:
      into.value = reader.message<List>(tag, { values: [], depth: into.depth }, readList).values;
      break;
    case 6:
      into.value = map(reader, tag, into.depth);
      break;
    case 7:
      into.value = reader.bytes(tag);
      break;
    default:
      reader.skip(tag);
  }
};

interface List {
  readonly values: OtlpValue[];
  readonly depth: number;
}

const readList: ReadField<List> = (reader, tag, into) => {
  if (tag >>> 3 === 1) into.values.push(anyValue(reader, tag, into.depth + 1));
  else reader.skip(tag);
};

interface Entries {
  readonly entries: OtlpAttribute[];
  readonly depth: number;
}

function map(reader: WireReader, tag: number, depth: number): OtlpMap {
  const { entries } = reader.message<Entries>(tag, { entries: [], depth }, readEntries);
  return { entries };
}

const readEntries: ReadField<Entries> = (reader, tag, into) => {
  if (tag >>> 3 === 1) into.entries.push(attribute(reader, tag, into.depth + 1));
  else reader.skip(tag);
};
