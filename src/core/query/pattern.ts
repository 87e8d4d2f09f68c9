import type { SoughtText } from './ast.ts';

/** A range of a text that holds what is sought. */
export interface Found {
  readonly at: number;
  readonly end: number;
}

/** The first place from an index on; undefined where there is none. */
export type Finder = (text: string, from?: number) => Found | undefined;

// What an asterisk stands for within a long text is bounded: else each of its places might have to be
// searched up to the end.
const anything = 300;
const special = /[\\^$.*+?()[\]{}|/-]/g;
const literal = (text: string): string => text.replace(special, '\\$&');

const piecesOf = ({ text, quoted }: SoughtText): readonly string[] =>
  quoted ? [text] : text.split('*');

/** Whether a short text holds what is sought, in any case; with an asterisk, the whole must be like it. */
export function like(sought: SoughtText, whole: boolean): (text: string) => boolean {
  const [first = '', ...rest] = piecesOf({ ...sought, text: sought.text.toLowerCase() });
  const last = rest.pop();
  if (last === undefined) {
    return whole
      ? text => text.toLowerCase() === first
      : text => text.toLowerCase().includes(first);
  }
  return text => {
    const lower = text.toLowerCase();
    if (!lower.startsWith(first) || !lower.endsWith(last)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = lower.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= lower.length - last.length;
  };
}

/** Finds what is sought within texts that are shown as they are. */
export const plainFinder = (sought: SoughtText): Finder =>
  finderOf(
    sought,
    piece => literal(piece),
    () => false,
  );

/**
 * Finds what is sought within JSON as it is recorded: escaped as `\"`, `\n` or `\u00e9`, and that again
 * where JSON stands in a string of JSON.
 */
export const recordedFinder = (sought: SoughtText): Finder =>
  finderOf(sought, recordedPattern, beginsInEscape);

// How often letters are in texts, the rarest first.
const rarity = 'zqxjkvbp7894653ygfwmuc201 ldrhsnioate';

/**
 * Letters and digits that stand in every text that holds what is sought, however it is recorded. They begin
 * with the rarest, for which a search has to stop least.
 */
export function lettersOf(sought: SoughtText): string | undefined {
  const runs = sought.text.toLowerCase().match(/[a-z0-9](?:[a-z0-9 ]*[a-z0-9])?/g) ?? [];
  const run = runs.reduce((best, one) => (one.length > best.length ? one : best), '');
  if (run === '') return undefined;
  const begins = [...run.slice(0, Math.max(1, run.length - 2))];
  const ranks = begins.map(letter => rarity.indexOf(letter));
  return run.slice(ranks.indexOf(Math.min(...ranks))).trim();
}

function finderOf(
  sought: SoughtText,
  patternOf: (piece: string) => string,
  isNone: (text: string, at: number) => boolean,
): Finder {
  const [first, ...rest] = piecesOf(sought)
    .filter(Boolean)
    .map(piece => new RegExp(patternOf(piece), 'gi'));
  if (!first) return () => ({ at: 0, end: 0 });
  return (text, from = 0) => {
    first.lastIndex = from;
    for (let found = first.exec(text); found; found = first.exec(text)) {
      const at = found.index;
      const end = isNone(text, at) ? undefined : endOf(text, at + found[0].length, rest);
      if (end !== undefined) return { at, end };
      first.lastIndex = at + 1;
    }
    return undefined;
  };
}

/** Where the other pieces end, each close behind the one before; undefined where one is missing. */
function endOf(text: string, from: number, pieces: readonly RegExp[]): number | undefined {
  let end = from;
  for (const piece of pieces) {
    piece.lastIndex = 0;
    const near = text.slice(end, end + anything + 1000);
    const found = piece.exec(near);
    if (!found || found.index > anything) return undefined;
    end += found.index + found[0].length;
  }
  return end;
}

const letters: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
};

// JSON within JSON, five times: each time a backslash becomes two, and a sign gets one more before it.
const slashesOfOne = 32;
const slashesOfSign = 31;

/** A piece in all the ways in which it is recorded. */
function recordedPattern(piece: string): string {
  // Backslashes and the sign behind them are one part: side by side, patterns for each would have countless
  // ways of sharing the backslashes that are recorded.
  const parts = piece.matchAll(/(\\*)([^\\]?)/g);
  return Array.from(parts, ({ 1: run = '', 2: sign = '', index }) => {
    const pattern = signPattern(sign, run.length, index === 0);
    if (run === '') return pattern;
    const named = `(?:${slashes(1, slashesOfSign)}u005c){${run.length}}`;
    return `(?:${pattern}|${named}${signPattern(sign, 0, false)})`;
  }).join('');
}

/** One UTF-16 unit, or none, behind so many sought backslashes. */
function signPattern(sign: string, behind: number, begins: boolean): string {
  const most = behind * slashesOfOne;
  const run = (least: number, more: number): string =>
    begins && behind > 0 ? wholeRun(least) : slashes(least, most + more);
  const bare = run(behind, 0) + literal(sign);
  if (/^[a-z0-9 ]?$/i.test(sign)) return bare;
  const escaped = [...new Set([sign, sign.toLowerCase(), sign.toUpperCase()])]
    // Some letters become two.
    .filter(one => one.length === 1)
    .map(one => `u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const named = letters[sign];
  if (named !== undefined) escaped.push(named);
  // Encoders put a backslash before quotes, and some before slashes.
  const plain = sign === '"' || sign === '/' ? run(behind, slashesOfSign) + sign : bare;
  return `(?:${plain}|${run(behind + 1, slashesOfSign)}(?:${escaped.join('|')}))`;
}

const slashes = (least: number, most: number): string =>
  most === 0 ? '' : `\\\\{${least},${most}}`;

/** Backslashes from the first of them on: tried from each, a long run would be read as often as it is long. */
const wholeRun = (least: number): string => `(?<!\\\\)(?=\\\\{${least}})\\\\*`;

/** Whether a match begins with the letter of an escape: the `n` of `\n` is no `n`. */
function beginsInEscape(text: string, at: number): boolean {
  if (!/[bfnrtu]/.test(text[at] ?? '')) return false;
  let count = 0;
  while (count < 64 && text[at - 1 - count] === '\\') count++;
  return count % 2 === 1;
}
