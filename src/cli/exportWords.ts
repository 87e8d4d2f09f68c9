import { formatBytes, integer } from '../core/format.ts';
import type { Noticed } from '../formats/runSpans.ts';
import type { Sent } from '../net/sendTraces.ts';
import type { SentCounts } from '../net/sentCounts.ts';
import type { ExportAsked } from './exportCommand.ts';

export const many = (count: number, what: string): string =>
  `${integer(count)} ${what}${count === 1 ? '' : 's'}`;

export const runsAndSpans = (runs: number, spans: number): string =>
  `${many(runs, 'run')} with ${many(spans, 'span')}`;

/** What came of sending, a line for each thing. */
export function sentWords(sent: Sent, noticed: Noticed, url: URL): string {
  const lines = [
    `Sent ${many(sent.spans, 'span')} to ${url.host} (${formatBytes(sent.bytes)} in ${many(sent.requests, 'request')}).`,
  ];
  const say = sayInto(lines);
  // Which of them were not taken, no answer says: those are among them.
  say(
    sent.already,
    'span',
    'sent before, and not again. With --again all are sent, such as to add --content to them.',
  );
  if (sent.again > 0) {
    lines.push(
      `${integer(sent.again)} of them may be there twice: the answer to the first time was lost.`,
    );
  }
  say(sent.unsure, 'span', 'left out, as sent before without an answer.');
  say(sent.misfit, 'span', 'left out: it has no place for their kind.');
  say(
    sent.rejected,
    'span',
    'not taken by it. Which, it does not say: they are not sent again, unless --again sends all.',
  );
  say(sent.tooLarge, 'span', 'left out, as too large for it.');
  for (const message of sent.messages) lines.push(`It says: ${message}`);
  lines.push(...noticedWords(noticed));
  say(sent.repairedTexts, 'text', 'with half a character, which became U+FFFD.');
  return `${lines.join('\n')}\n`;
}

/** What was noticed on the way out of the trace file. */
export function noticedWords(noticed: Noticed): readonly string[] {
  const lines: string[] = [];
  const say = sayInto(lines);
  say(noticed.open, 'span', 'not ended yet. Export again once they have.');
  say(noticed.timeless ?? 0, 'span', 'left out, with no time that OTLP can hold.');
  say(noticed.leftOut, 'span', 'without content, which is too large.');
  say(noticed.events ?? 0, 'event', 'left out: too many of a span, or too large.');
  return lines;
}

const sayInto =
  (lines: string[]) =>
  (count: number, what: string, words: string): void => {
    if (count > 0) lines.push(`${many(count, what)} ${words}`);
  };

/** What a dry run says of spans that were sent before. */
export function knownWords(
  { again, skipUnsure }: ExportAsked,
  { already, unsure }: SentCounts,
): readonly string[] {
  const lines: string[] = [];
  if (already > 0) {
    const what = again
      ? 'would be sent again, as --again is given.'
      : 'would be left out. With --again all are sent.';
    lines.push(`${many(already, 'span')} of them, sent before, ${what}`);
  }
  if (unsure > 0) {
    const what = skipUnsure
      ? 'would be left out, as --skip-unsure is given.'
      : 'would be sent again. With --skip-unsure they are left out.';
    lines.push(`${many(unsure, 'span')} of them, sent before without an answer, ${what}`);
  }
  return lines;
}
