import { oneLine, visible } from '../core/describe.ts';
import { integer } from '../core/format.ts';

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const noText =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are no characters of HTML
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Surrogate}]|[\ufdd0-\ufdef]|[\ufffe\uffff]/gu;

/** Never anything but text: also no control character, of which HTML takes only some. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, sign => signs[sign] ?? '').replace(noText, '\ufffd');

/** A recorded word on one line; signs that turn its direction, or are not seen, are shown. */
export const line = (text: string): string => escaped(visible(oneLine(text), 'prose'));

/** A browser stops at texts of some megabytes: longer ones are whole in the other formats. */
const mostChars = 200_000;

/** So many lines a text has at most that is shown whole; a longer one scrolls, for which a keyboard has to reach it. */
const mostLines = 26;
/** On the narrowest page. */
const mostInLine = 36;

function mayScroll(text: string): boolean {
  let lines = 0;
  for (let from = 0; from <= text.length && lines <= mostLines; lines++) {
    const end = text.indexOf('\n', from);
    const length = (end < 0 ? text.length : end) - from;
    lines += Math.floor(length / mostInLine);
    from += length + 1;
  }
  return lines > mostLines;
}

/** A recorded text of several lines. */
export function pre(text: string): string {
  const more = text.length - mostChars;
  const shown = more > 0 ? text.slice(0, mostChars) : text;
  const cut =
    more > 0 ? `<p class="note">… ${integer(more)} more characters are not on this page.</p>` : '';
  // The parser drops a line break that comes first.
  return `<pre${mayScroll(shown) ? ' tabindex="0"' : ''}>${shown.startsWith('\n') ? '\n' : ''}${escaped(visible(shown))}</pre>${cut}`;
}

/** Names and values in a row. */
export function facts(all: readonly (readonly [string, string | undefined])[]): string {
  const rows = all.flatMap(([name, value]) =>
    value === undefined || value === ''
      ? []
      : [`<div><dt>${name}</dt><dd>${line(value)}</dd></div>`],
  );
  return rows.length === 0 ? '' : `<dl class="facts">${rows.join('')}</dl>\n`;
}
