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

/** A recorded text of several lines. */
export function pre(text: string): string {
  const more = text.length - mostChars;
  const shown = more > 0 ? text.slice(0, mostChars) : text;
  const cut =
    more > 0 ? `<p class="note">… ${integer(more)} more characters are not on this page.</p>` : '';
  // The parser drops a line break that comes first.
  return `<pre>${shown.startsWith('\n') ? '\n' : ''}${escaped(visible(shown))}</pre>${cut}`;
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
