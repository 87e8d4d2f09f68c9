import { asJson, asText, type Cut, cut } from './content.ts';
import { fieldsOf, nameOf } from './fields.ts';
import type { Fields } from './metadata.ts';

/** What a retrieval found: one document, in the order in which it was recorded. */
export interface RetrievedDocument {
  readonly id: string | undefined;
  /** As recorded: what is good differs from one store to the next. */
  readonly score: string | undefined;
  readonly source: string | undefined;
  readonly text: Cut | undefined;
  /** What else was recorded of it, JSON text. */
  readonly rest: Cut | undefined;
}

export interface Documents {
  readonly documents: readonly RetrievedDocument[];
  readonly total: number;
}

const documentLimit = 200;
const textLimit = 8_000;

const listKeys = ['documents', 'retrieval.documents', 'gen_ai.retrieval.documents'] as const;

/** The documents that a span retrieved; undefined where it recorded none. */
export function readDocuments(fields: Fields): Documents | undefined {
  for (const key of listKeys) {
    const list = asList(fields[key]);
    if (list) return read(list);
  }
  const indexed = flattened(fields);
  if (indexed.length > 0) return read(indexed);
  // LangChain's retrievers return their documents; other results hold lists of anything.
  for (const key of ['output', 'tool_result'] as const) {
    const list = asList(fields[key]);
    if (list?.length && list.every(one => typeof fieldsOf(one).page_content === 'string')) {
      return read(list);
    }
  }
  return undefined;
}

function read(list: readonly unknown[]): Documents | undefined {
  if (list.length === 0) return undefined;
  return { documents: list.slice(0, documentLimit).map(documentOf), total: list.length };
}

/** A list, also one that was recorded as a JSON string, as attributes hold it. */
function asList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // Truncated by its recorder; the Metadata tab has what there is.
    return undefined;
  }
}

const indexedKey = /^retrieval\.documents\.(\d{1,6})\.document\.(.+)$/;

/** OpenInference's attributes: `retrieval.documents.0.document.content`. */
function flattened(fields: Fields): readonly Fields[] {
  const found = new Map<number, Record<string, unknown>>();
  for (const [key, value] of Object.entries(fields)) {
    const [, index, name] = indexedKey.exec(key) ?? [];
    if (index === undefined || name === undefined) continue;
    const at = Number(index);
    const one = found.get(at) ?? {};
    one[name] = value;
    found.set(at, one);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, one]) => one);
}

const scoreKeys = ['score', 'relevance_score', 'similarity', 'distance'] as const;
const sourceKeys = ['source', 'url', 'uri', 'path', 'file', 'title', 'name'] as const;
const textKeys = ['page_content', 'pageContent', 'content', 'text'] as const;

function documentOf(value: unknown): RetrievedDocument {
  // A pair of a document and its score, as similarity searches return it.
  if (Array.isArray(value) && value.length === 2 && typeof value[1] === 'number') {
    return { ...documentOf(value[0]), score: String(value[1]) };
  }
  const outer = fieldsOf(value);
  const it = typeof outer.document === 'object' ? { ...outer, ...fieldsOf(outer.document) } : outer;
  if (Object.keys(it).length === 0) {
    return {
      id: undefined,
      score: undefined,
      source: undefined,
      text: textOf(value),
      rest: undefined,
    };
  }
  const about = fieldsOf(typeof it.metadata === 'string' ? parsed(it.metadata) : it.metadata);
  const textKey = textKeys.find(key => it[key] !== undefined && it[key] !== null);
  const scoreKey = scoreKeys.find(key => isPlain(it[key]));
  const sourceKey = sourceKeys.find(key => isPlain(it[key]));
  const source = plain(sourceKey && it[sourceKey]) ?? first(about, sourceKeys);
  const used: readonly (string | undefined)[] = [
    textKey,
    scoreKey,
    sourceKey,
    'id',
    'metadata',
    'document',
  ];
  const rest = {
    ...Object.fromEntries(Object.entries(it).filter(([key]) => !used.includes(key))),
    ...Object.fromEntries(Object.entries(about).filter(([, one]) => plain(one) !== source)),
  };
  return {
    id: plain(it.id),
    score: plain(scoreKey && it[scoreKey]) ?? first(about, scoreKeys),
    source,
    text: textKey === undefined ? undefined : textOf(it[textKey]),
    rest: Object.keys(rest).length === 0 ? undefined : cut(asJson(rest), textLimit),
  };
}

const textOf = (value: unknown): Cut => cut(asText(value), textLimit);
const isPlain = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');
const plain = (value: unknown): string | undefined =>
  isPlain(value) ? nameOf(String(value)) : undefined;
const first = (fields: Fields, keys: readonly string[]): string | undefined =>
  keys.map(key => plain(fields[key])).find(one => one !== undefined);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { metadata: text };
  }
}
