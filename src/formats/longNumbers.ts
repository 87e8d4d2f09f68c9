/** A number of this many digits may be none that `JSON.parse` keeps. */
const long = /[:[,\s-]\d{16,}/;
const numbers = /-?\d{16,}(?![\d.eE])/y;

/**
 * A JSON text in which whole numbers of 16 digits and more stand in quotes, as OTLP wants them: some senders
 * write them without, and a parser would round them.
 */
export function quoteLongNumbers(text: string): string {
  if (!long.test(text)) return text;
  let result = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) at = stringEnd(text, at);
    else if (code === 45 || (code >= 48 && code <= 57)) {
      numbers.lastIndex = at;
      const end = numbers.test(text) ? numbers.lastIndex : -1;
      if (end > 0) {
        result += `${text.slice(from, at)}"${text.slice(at, end)}"`;
        from = end;
      }
      at = end > 0 ? end : numberEnd(text, at);
    } else at++;
  }
  return result + text.slice(from);
}

function numberEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && /[\d.eE+-]/.test(text.charAt(at))) at++;
  return at;
}

/** Behind a string that begins at a place; the end of the text where it does not end. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}
