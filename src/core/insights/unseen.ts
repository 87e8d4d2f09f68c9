import { type Fields, fieldsOf } from '../fields.ts';
import type { UnseenFacts } from './facts.ts';
import { messagesOf } from './promptFacts.ts';

/** Values looked for in a prompt: each is a search through all of it. */
const mostLookedFor = 20;
const deepest = 12;

interface Use {
  readonly id: string | undefined;
  readonly name: string;
  readonly input: unknown;
}

/**
 * Arguments of the tools that an answer asks for which are specific, such as ids and paths, and appear
 * nowhere in the request. None where the request does not hold all that the model was given.
 */
export function unseenArguments(request: unknown, uses: readonly Use[]): readonly UnseenFacts[] {
  const looked: { readonly found: UnseenFacts; readonly pieces: Set<string> }[] = [];
  for (const use of uses) {
    if (makesNew(use.name)) continue;
    for (const [argument, value] of argumentsOf(use.input)) {
      const kind = kindOf(argument, value);
      if (!kind || looked.length >= mostLookedFor) continue;
      const found = { useId: use.id, tool: use.name, argument, value, kind };
      looked.push({ found, pieces: piecesOf(value) });
    }
  }
  if (looked.length === 0 || messagesOf(request).length === 0) return [];
  let whole = holdsAll(fieldsOf(request));
  forEachText(request, (text, holder) => {
    if (isPicture(text, holder) || isCut(text)) whole = false;
    const lower = text.toLowerCase();
    let joined: string | undefined;
    for (const { pieces } of looked) {
      for (const piece of pieces) {
        if (lower.includes(piece)) pieces.delete(piece);
        else if (longNumber.test(piece)) {
          joined ??= lower.replace(/(\d)[ ()./-]{1,3}(?=\d)/g, '$1');
          // Who calls from abroad dials the country in the place of a 0.
          if (joined.includes(piece.slice(-9))) pieces.delete(piece);
        }
      }
    }
  });
  if (!whole) return [];
  return looked.flatMap(({ found, pieces }) => {
    if (pieces.size === 0) return [];
    const isSpokenOf = found.kind === 'page' && !hostOf(found.value).some(one => pieces.has(one));
    return isSpokenOf ? { ...found, kind: 'path' } : found;
  });
}

/** Tools that make something, whose name or id is made up with it, or work something out. */
const making =
  /^(?:create|write|new|add|insert|generate|register|upload|save|put|mkdir|touch|edit|patch|commit|calc|calculate|calculator|math|eval|exec|execute|bash|shell|python|sql|code|remember|log|emit|print|assign)$/;

const makesNew = (tool: string): boolean => wordsOf(tool).some(word => making.test(word));

/** The words of a tool's name, however it joins them. */
const wordsOf = (tool: string): readonly string[] =>
  tool
    .slice(0, 200)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/);

function argumentsOf(input: unknown): readonly (readonly [name: string, value: string])[] {
  const found: (readonly [string, string])[] = [];
  const visit = (name: string, value: unknown, depth: number): void => {
    if (found.length >= 100 || depth > 4) return;
    if (typeof value === 'string') found.push([name, value.trim()]);
    else if (typeof value === 'number') found.push([name, String(value)]);
    else if (Array.isArray(value)) for (const one of value) visit(name, one, depth + 1);
    else for (const [key, one] of Object.entries(fieldsOf(value))) visit(key, one, depth + 1);
  };
  visit('', input, 0);
  return found;
}

const namesId =
  /(?:^|[_-]|[a-z])(?:ids?|uuid|guid|sku|ref|reference|number|no|num|ticket|order|account|customer|invoice|user|email|phone)$|(?:Id|ID|Ids|Number|Ref)$/i;
const namesPlace = /line|page|port|row|column|chunk|step|offset|limit|max|min/i;
const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
// Its parts are without what divides them: else there would be 2^n ways to divide `_a_a…`.
const ticket = /^[A-Za-z]{2,8}[-_#]\d{3,}(?:[-_][A-Za-z\d]+)*$/;
const email = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;
const date = /^\d{4}-\d\d(?:-\d\d)?(?:[T ]|$)|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/;
const path = /^(?:[\w.@~-]+)?(?:[/\\][\w.@~ -]+)+\.\w{1,8}$/;

/** What a value is so specific as that nobody hits upon it by chance; undefined for all others. */
function kindOf(argument: string, value: string): UnseenFacts['kind'] | undefined {
  if (value.length < 4 || value.length > 200 || date.test(value)) return undefined;
  if (uuid.test(value) || ticket.test(value) || email.test(value)) return 'id';
  if (path.test(value)) return 'path';
  if (/\s/.test(value)) return undefined;
  if (/^https?:/i.test(value)) return /^https?:\/\/[^/]+\/[^/]/i.test(value) ? 'page' : undefined;
  const digits = value.match(/\d/g)?.length ?? 0;
  if (!namesId.test(argument) || namesPlace.test(argument)) return undefined;
  return digits >= 5 || (digits >= 3 && /[a-z]/i.test(value) && value.length >= 6)
    ? 'id'
    : undefined;
}

/** What must all be known for a value to be put together: `ORD` and `4711` give `ORD-4711`. */
function piecesOf(value: string): Set<string> {
  const pieces = value
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .split(/[^\p{L}\d]+/u);
  const telling = pieces.filter(piece => piece.length >= 3);
  return new Set(telling.length > 0 ? telling : [value.toLowerCase()]);
}

/** Of a phone, an account or a day; written with spaces and dashes, or without: +49 451 12 34 56. */
const longNumber = /^\d{8,}$/;

const hostOf = (url: string): readonly string[] =>
  url
    .toLowerCase()
    .split('/')[2]
    ?.split(/[^\p{L}\d]+/u) ?? [];

/** Earlier turns and templates that the server keeps are no part of the request. */
const holdsAll = (body: Fields): boolean =>
  ['previous_response_id', 'conversation', 'prompt'].every(
    name => body[name] === undefined || body[name] === null,
  );

function forEachText(value: unknown, look: (text: string, holder: Fields) => void): void {
  const stack: { readonly value: unknown; readonly holder: Fields; readonly depth: number }[] = [
    { value, holder: {}, depth: 0 },
  ];
  for (let one = stack.pop(); one; one = stack.pop()) {
    const { value: at, holder, depth } = one;
    if (typeof at === 'string') look(at, holder);
    else if (typeof at === 'number') look(String(at), holder);
    else if (typeof at === 'object' && at !== null && depth < deepest) {
      const fields = fieldsOf(at);
      for (const below of Object.values(at)) {
        stack.push({ value: below, holder: fields, depth: depth + 1 });
      }
    }
  }
}

/** Recorders cut long texts, and most of them say so at the end. */
const isCut = (text: string): boolean =>
  text.length >= 200 &&
  /(?:…|\.{3}|\b(?:truncated|omitted|cut)\b[^\n]{0,30})["')\]>}\s]*$/i.test(text.slice(-80));

/** What stands in a picture or a document, no text says. */
const isPicture = (text: string, holder: Fields): boolean =>
  text.length <= 20 &&
  holder.type === text &&
  /^(?:image|document|input_image|image_url|input_file|file|blob)$/.test(text);
