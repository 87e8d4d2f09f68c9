import { jsonTokens } from './jsonTokens.ts';

const longest = 60_000;

/** JSON on one line where it fits, with nothing but its white space changed. */
export function collapse(json: string, limit = 76): string {
  if (json.length > limit * 3) return json;
  const flat = jsonTokens(json)
    .map(({ kind, text }) => (kind === 'plain' ? text.replace(/\s+/g, ' ') : text))
    .join('')
    .trim();
  return flat.length <= limit ? flat : json;
}

/** JSON that was recorded on one line, with line ends and indentation added; values stay as they were written. */
export function indent(json: string): string {
  // Only so much is taken apart, and each level's white space would make a deep text many times as long.
  if (json.length > longest) return json;
  let depth = 0;
  const newLine = (): string => `\n${'  '.repeat(Math.min(depth, 40))}`;
  const structure = (text: string): string =>
    text.replace(/\s+/g, '').replace(/\{\}|\[\]|[[{}\],:]/g, sign => {
      if (sign === '{' || sign === '[') {
        depth++;
        return `${sign}${newLine()}`;
      }
      if (sign === '}' || sign === ']') {
        depth = Math.max(0, depth - 1);
        return `${newLine()}${sign}`;
      }
      if (sign === ',') return `,${newLine()}`;
      return sign === ':' ? ': ' : sign;
    });
  return jsonTokens(json)
    .map(({ kind, text }) => (kind === 'plain' ? structure(text) : text))
    .join('');
}
