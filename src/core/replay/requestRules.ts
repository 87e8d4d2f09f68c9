import { fillIn } from '../errors.ts';
import { type Fields, fieldsOf } from '../fields.ts';
import type { CallWords } from './callWords.ts';
import { pathText } from './jsonDifference.ts';
import type { JsonStep } from './jsonPlaces.ts';

/** What is wrong with a part of a request. */
export interface RequestFlaw {
  readonly path: readonly JsonStep[];
  /** `warning`: the API has the last word. */
  readonly severity: 'error' | 'warning';
  readonly words: string;
}

type Check = (value: unknown) => boolean;
type WordKey = keyof CallWords;

const isText: Check = value => typeof value === 'string';
const isList: Check = Array.isArray;
const isObject: Check = value => typeof value === 'object' && value !== null && !isList(value);
const isTyped: Check = value => isText(fieldsOf(value).type);
const whole =
  (from: number): Check =>
  value =>
    Number.isInteger(value) && (value as number) >= from;
const between =
  (from: number, to: number): Check =>
  value =>
    typeof value === 'number' && value >= from && value <= to;

/** Fields of a block without which the API takes none of its type. */
const blockFields: Readonly<Record<string, readonly (readonly [string, Check, WordKey])[]>> = {
  text: [['text', isText, 'isText']],
  image: [['source', isObject, 'isObject']],
  document: [['source', isObject, 'isObject']],
  tool_use: [
    ['id', isText, 'isText'],
    ['name', isText, 'isName'],
    ['input', isObject, 'isObject'],
  ],
  tool_result: [['tool_use_id', isText, 'isText']],
  thinking: [
    ['thinking', isText, 'isText'],
    ['signature', isText, 'isSignature'],
  ],
  redacted_thinking: [['data', isText, 'isText']],
};

const roles: readonly unknown[] = ['user', 'assistant', 'system'];
const mostFlaws = 50;

/**
 * What the Messages API would refuse for certain: fields that are missing, and types that are wrong. What is
 * not known here is left to the API, which has new fields more often than this list.
 */
export function requestFlaws(request: unknown, words: CallWords): readonly RequestFlaw[] {
  const found: RequestFlaw[] = [];
  const say = (
    path: readonly JsonStep[],
    text: string,
    severity: RequestFlaw['severity'],
  ): void => {
    if (found.length < mostFlaws) found.push({ path, severity, words: text });
  };
  const wrong = (path: readonly JsonStep[], what: string): void =>
    say(path, fillIn(words.docType, [pathText(path), what]), 'error');
  const missing = (path: readonly JsonStep[], what: string): void =>
    say(path, fillIn(words.docMissing, [pathText(path), what]), 'error');
  const need = (path: readonly JsonStep[], value: unknown, check: Check, what: string): boolean => {
    if (value === undefined) missing(path, what);
    else if (!check(value)) wrong(path, what);
    else return true;
    return false;
  };
  const may = (path: readonly JsonStep[], value: unknown, check: Check, what: string): void => {
    if (value !== undefined && value !== null && !check(value)) wrong(path, what);
  };

  if (!isObject(request)) {
    say([], words.docNotObject, 'error');
    return found;
  }
  const it = request as Fields;
  if (it.model === '') missing(['model'], words.isModel);
  else need(['model'], it.model, isText, words.isModel);
  if (it.max_tokens === undefined) missing(['max_tokens'], words.isMaxTokens);
  else may(['max_tokens'], it.max_tokens ?? '', whole(0), fillIn(words.isWhole, [0]));
  may(['system'], it.system, value => isText(value) || isList(value), words.isTextOrBlocks);
  may(['stream'], it.stream, value => typeof value === 'boolean', words.isBoolean);
  may(['temperature'], it.temperature, between(0, 1), fillIn(words.isBetween, [0, 1]));
  may(['top_p'], it.top_p, between(0, 1), fillIn(words.isBetween, [0, 1]));
  may(['top_k'], it.top_k, whole(0), fillIn(words.isWhole, [0]));
  may(['stop_sequences'], it.stop_sequences, areTexts, words.isTexts);
  may(['metadata'], it.metadata, isObject, words.isObject);
  may(['thinking'], it.thinking, isTyped, words.isTyped);
  may(['tool_choice'], it.tool_choice, isTyped, words.isTyped);
  may(['tools'], it.tools, isList, words.isList);
  for (const [at, tool] of listOf(it.tools)) {
    if (!isObject(tool)) wrong(['tools', at], words.isObject);
    else toolFlaws(at, fieldsOf(tool), need, words);
  }
  for (const [at, block] of listOf(it.system)) {
    if (!isTyped(block)) wrong(['system', at], words.isTyped);
  }
  if (need(['messages'], it.messages, isList, words.isMessages)) {
    if (listOf(it.messages).length === 0) say(['messages'], words.docEmptyMessages, 'error');
  }
  for (const [at, message] of listOf(it.messages)) {
    const path = ['messages', at];
    if (!isObject(message)) wrong(path, words.isObject);
    else {
      const { role, content } = fieldsOf(message);
      need([...path, 'role'], role, value => roles.includes(value), words.isRole);
      const isContent: Check = value => isText(value) || isList(value);
      need([...path, 'content'], content, isContent, words.isTextOrBlocks);
      for (const [place, block] of listOf(content)) {
        const here = [...path, 'content', place];
        if (!isTyped(block)) wrong(here, words.isTyped);
        else {
          const fields = fieldsOf(block);
          const needed = Object.hasOwn(blockFields, String(fields.type))
            ? (blockFields[String(fields.type)] ?? [])
            : [];
          for (const [name, check, key] of needed) {
            need([...here, name], fields[name], check, words[key]);
          }
        }
      }
    }
  }
  const { type, budget_tokens: budget } = fieldsOf(it.thinking);
  const { max_tokens: most } = it;
  const isLess = typeof budget !== 'number' || typeof most !== 'number' || budget < most;
  if (type === 'enabled' && !isLess) {
    const text = fillIn(words.docBudget, [most]);
    say(['thinking', 'budget_tokens'], text, 'warning');
  }
  for (const { path, key, id } of unpairedTools(it.messages)) {
    say(path, fillIn(words[key], [id]), 'warning');
  }
  return found;
}

function toolFlaws(
  at: number,
  tool: Fields,
  need: (path: readonly JsonStep[], value: unknown, check: Check, what: string) => boolean,
  words: CallWords,
): void {
  // Tools that the API runs are known by their type, and toolsets have no name.
  if (tool.type !== undefined && tool.type !== 'custom') return;
  need(['tools', at, 'name'], tool.name, isText, words.isName);
  need(['tools', at, 'input_schema'], tool.input_schema, isObject, words.isObject);
}

interface Unpaired {
  readonly path: readonly JsonStep[];
  readonly key: 'docNoSuchUse' | 'docNoResult';
  readonly id: string;
}

/** Results without a call in the message before, and calls without a result in the one after. */
function unpairedTools(messages: unknown): readonly Unpaired[] {
  const found: Unpaired[] = [];
  const all = listOf(messages).map(([, one]) => listOf(fieldsOf(one).content));
  for (const [at, blocks] of all.entries()) {
    const uses = idsOf(all[at - 1] ?? [], 'tool_use', 'id');
    const results = idsOf(all[at + 1] ?? [], 'tool_result', 'tool_use_id');
    for (const [place, block] of blocks) {
      const { type, id, tool_use_id: of } = fieldsOf(block);
      const path = ['messages', at, 'content', place];
      if (type === 'tool_result' && isText(of) && !uses.has(of)) {
        found.push({ path, key: 'docNoSuchUse', id: String(of) });
      }
      if (type === 'tool_use' && isText(id) && !results.has(id)) {
        found.push({ path, key: 'docNoResult', id: String(id) });
      }
    }
  }
  return found;
}

const idsOf = (
  blocks: readonly (readonly [number, unknown])[],
  type: string,
  key: string,
): ReadonlySet<unknown> =>
  new Set(
    blocks.flatMap(([, block]) => {
      const fields = fieldsOf(block);
      return fields.type === type ? [fields[key]] : [];
    }),
  );

const areTexts: Check = value => Array.isArray(value) && value.every(isText);

function listOf(value: unknown): readonly (readonly [number, unknown])[] {
  return Array.isArray(value) ? [...value.entries()] : [];
}
