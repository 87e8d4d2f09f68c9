import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { timeOf } from './times.ts';

/** One line of a transcript, as far as it is looked at. */
export interface ClaudeLine {
  /** All of it. */
  readonly fields: Fields;
  readonly type: string;
  /** Milliseconds since 1970; undefined where it says none, or one that cannot be read. */
  readonly time: number | undefined;
  readonly uuid: string | undefined;
  readonly message: Fields;
  readonly blocks: readonly Fields[];
  /** Its texts together, results of tools left out. */
  readonly text: string;
}

export function readLine(fields: Fields): ClaudeLine {
  const message = fieldsOf(fields.message);
  const { content } = message;
  const blocks = Array.isArray(content)
    ? content.map(one => (typeof one === 'string' ? { type: 'text', text: one } : fieldsOf(one)))
    : typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : [];
  const texts = blocks.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' ? [text] : [],
  );
  return {
    fields,
    type: textOf(fields.type) ?? '',
    time: timeOf(fields.timestamp),
    uuid: textOf(fields.uuid),
    message,
    blocks,
    text: texts.join('\n'),
  };
}

/** What is the same on most lines of a session; kept once, on the root of a run. */
const envelopeKeys = [
  'cwd',
  'gitBranch',
  'version',
  'userType',
  'entrypoint',
  'slug',
  'permissionMode',
  'isSidechain',
  'sessionId',
] as const;

export const envelopeOf = (fields: Fields): Fields =>
  Object.fromEntries(
    envelopeKeys.flatMap(key => (fields[key] === undefined ? [] : [[key, fields[key]]])),
  );

/** All of a line but what has a place of its own, and what its run says already. */
export const restOf = (fields: Fields, envelope: Fields, placed: readonly string[]): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) => !placed.includes(key) && (value !== envelope[key] || value === undefined),
    ),
  );
