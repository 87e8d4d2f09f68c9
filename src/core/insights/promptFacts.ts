import { fieldsOf, nameOf } from '../fields.ts';
import { writeJson } from '../jsonPieces.ts';
import { type CallFacts, keptParts, type PromptPart } from './facts.ts';
import { type Hasher, hasher } from './hash.ts';

type PromptFacts = Pick<CallFacts, 'prompt' | 'promptChars' | 'promptResultChars' | 'asksForCache'>;

/** A request's prompt, part by part, read once and in the order in which it was recorded. */
export function promptFacts(request: unknown): PromptFacts {
  const body = fieldsOf(request);
  const first: PromptPart[] = [];
  const last: PromptPart[] = [];
  const all = hasher();
  let [count, promptChars, promptResultChars] = [0, 0, 0];
  let asksForCache = isMark(body.cache_control);
  const add = (part: PromptPart['part'], value: unknown): void => {
    const own = hasher();
    const seen = sizeOf(value, own);
    const role = part === 'message' ? (nameOf(fieldsOf(value).role) ?? 'user') : undefined;
    const resultChars = part === 'message' ? charsOfResults(value, seen.chars) : 0;
    const kept = { part, role, at: count++, chars: seen.chars, resultChars };
    all.add(own.value());
    promptChars += seen.chars;
    promptResultChars += resultChars;
    asksForCache ||= seen.marks;
    const to = first.length < keptParts * 0.6 ? first : last;
    to.push({ ...kept, hash: own.value(), upTo: all.value() });
    if (last.length > keptParts * 0.8) last.splice(0, last.length - keptParts * 0.4);
  };
  if (Array.isArray(body.tools) && body.tools.length > 0) add('tools', body.tools);
  const system = body.system ?? body.instructions;
  if (system !== undefined && system !== null && system !== '') add('system', system);
  for (const message of messagesOf(request)) add('message', message);
  const prompt = [...first, ...last.slice(-keptParts * 0.4)];
  return { prompt, promptChars, promptResultChars, asksForCache };
}

export function messagesOf(request: unknown): readonly unknown[] {
  if (Array.isArray(request)) return request;
  if (typeof request === 'string') return request === '' ? [] : [request];
  const body = fieldsOf(request);
  for (const list of [body.messages, body.input, body.contents]) {
    if (Array.isArray(list)) return list;
    if (typeof list === 'string' && list !== '') return [list];
  }
  return [];
}

const isMark = (value: unknown): boolean => typeof value === 'object' && value !== null;

function sizeOf(value: unknown, hash?: Hasher): { chars: number; marks: boolean } {
  let [chars, marks] = [0, false];
  const without = (key: string): boolean => {
    if (key !== 'cache_control' && key !== 'cacheControl' && key !== 'cachePoint') return false;
    marks = true;
    return true;
  };
  writeJson(value, { sorted: false, without }, piece => {
    chars += piece.length;
    hash?.add(piece);
  });
  return { chars, marks };
}

function charsOfResults(message: unknown, chars: number): number {
  const it = fieldsOf(message);
  if (it.role === 'tool' || it.type === 'function_call_output') return chars;
  const content = it.content ?? it.parts;
  if (!Array.isArray(content)) return 0;
  let sum = 0;
  for (const block of content) {
    const type = fieldsOf(block).type;
    if (type === 'tool_result' || type === 'tool_call_response') sum += sizeOf(block).chars;
  }
  return sum;
}
