import { fieldsOf, nameOf } from '../fields.ts';
import { unwrapped } from '../unwrapped.ts';
import { isHollow, saysNothing } from './emptiness.ts';
import { keptNames, type ResultFacts, type ResultShape } from './facts.ts';
import { saysFailed } from './failureWords.ts';
import { beginOf, parsedText, written } from './jsonWriter.ts';
import { steadyFields, steadyText } from './steady.ts';

/** What a call gave back, short. Undefined where it was not recorded. */
export function resultFacts(
  recorded: unknown,
  recordedLength: number | undefined,
): ResultFacts | undefined {
  if (recorded === undefined)
    return recordedLength === undefined ? undefined : ofLength(recordedLength);
  const content = unwrapped(recorded);
  const value = typeof content === 'string' ? parsedText(content) : content;
  const shape = shapeOf(value);
  const how = { sorted: true, text: steadyText, without: steadyFields(value) };
  const plain = typeof content === 'string' ? content : undefined;
  const json = plain === undefined ? written(content, { sorted: false }) : undefined;
  return {
    shape,
    keys: keysOf(Array.isArray(value) ? value[0] : value),
    chars: plain?.length ?? json?.chars ?? 0,
    begin: plain === undefined ? (json?.begin ?? '') : beginOf(plain),
    hash: written(value, how).hash,
    saysFailed: saysFailed(recorded) ?? (value === recorded ? undefined : saysFailed(value)),
  };
}

const ofLength = (chars: number): ResultFacts => ({
  shape: chars === 0 ? 'nothing' : 'unknown',
  keys: [],
  chars,
  begin: '',
  hash: `${chars} characters`,
  saysFailed: undefined,
});

function shapeOf(value: unknown): ResultShape {
  if (typeof value === 'string') {
    if (saysNothing(value)) return 'nothing';
    if (html.test(value)) return 'html';
    // What its recorder cut is JSON no more.
    if (/^\s*\{\s*"/.test(value)) return 'object';
    return /^\s*\[\s*[[{"]/.test(value) ? 'list' : 'text';
  }
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (isHollow(value)) return 'nothing';
  return Array.isArray(value) ? 'list' : 'object';
}

const html =
  /^\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html[\s>])/i;

function keysOf(value: unknown): readonly string[] {
  return Object.keys(fieldsOf(value))
    .slice(0, keptNames)
    .flatMap(key => nameOf(key) ?? [])
    .sort();
}
