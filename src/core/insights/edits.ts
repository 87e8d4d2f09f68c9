import { fieldsOf, nameOf } from '../fields.ts';
import type { EditFacts } from './facts.ts';
import { hashOf } from './hash.ts';

// Not `from` and `to`: a translation from German to English is no edit.
const pairs = [
  ['old_str', 'new_str'],
  ['old_string', 'new_string'],
  ['oldString', 'newString'],
  ['old_text', 'new_text'],
  ['oldText', 'newText'],
  ['old', 'new'],
  ['old_content', 'new_content'],
  ['old_value', 'new_value'],
  ['search', 'replace'],
  ['search', 'replacement'],
  ['find', 'replace'],
  ['before', 'after'],
  ['original', 'updated'],
  ['original', 'replacement'],
] as const;
const wholes = ['content', 'contents', 'file_text', 'text', 'new_content', 'value'] as const;
const targets = [
  'path',
  'file_path',
  'filePath',
  'file',
  'filename',
  'uri',
  'target',
  'document_id',
  'key',
  'id',
] as const;

/** What a write puts where. */
export function editOf(tool: string, input: unknown): EditFacts | undefined {
  const it = fieldsOf(input);
  const target = targets.map(name => nameOf(it[name])).find(name => name !== undefined) ?? '';
  for (const [before, after] of pairs) {
    const [old, now] = [it[before], it[after]];
    if (typeof old === 'string' && typeof now === 'string' && old !== now) {
      return { target, before: hashOf(old), after: hashOf(now) };
    }
  }
  if (target === '' || !/write|save|create|update|set|put|replace|overwrite/i.test(tool)) {
    return undefined;
  }
  const whole = wholes.map(name => it[name]).find(value => typeof value === 'string');
  return whole === undefined
    ? undefined
    : { target, before: undefined, after: hashOf(whole as string) };
}
