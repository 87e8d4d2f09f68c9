import * as vscode from 'vscode';
import { integer } from '../../core/format.ts';
import { encodeTracesJson } from '../../formats/otlpJsonWriter.ts';
import type { ScopedSpan } from '../../formats/otlpOfSpan.ts';
import type { Destination, Values } from '../../net/destinations/destination.ts';
import { targetOf, tracesOf } from '../../net/sendTraces.ts';
import type { Exported } from './exported.ts';
import { sentenceOf, spansIn, spansWords } from './words.ts';

const mostSpans = 20;
const mostChars = 1_000_000;

export interface Previewed {
  readonly destination: Destination;
  readonly values: Values;
  readonly exported: Exported;
  readonly version: string;
}

/**
 * What would be sent: where to, the names of the headers, and a request with the first spans. The notes stand first,
 * since the question covers the first lines of the editor.
 */
export async function previewText(
  spans: AsyncIterable<ScopedSpan>,
  { destination, values, exported, version }: Previewed,
): Promise<string> {
  const t = vscode.l10n.t;
  const { url, headers } = targetOf({ destination, values });
  const around = { destination, values, service: undefined, version };
  const first: ScopedSpan[] = [];
  let chars = 0;
  const asJson = destination.json ?? encodeTracesJson;
  for await (const one of spans) {
    if (destination.takes?.(one.span) === false) continue;
    first.push(one);
    chars += asJson(tracesOf([one], around)).text.length;
    if (first.length >= mostSpans || chars > mostChars) break;
  }
  const total = spansIn(exported.runs);
  const notes = [
    t('Nothing of this has been sent.'),
    `${sentenceOf(total, exported.leaving, url.host)}.`,
    t('Below are the first {0} of {1}.', integer(first.length), spansWords(total)),
    ...(destination.takes ? [t('It takes only some kinds of spans.')] : []),
    t('Of headers only the names are shown.'),
    destination.encoding === 'protobuf'
      ? t('It goes as protobuf, which is shown as the same in JSON.')
      : t('It goes as JSON.'),
    '',
  ];
  const shown = {
    address: url.href,
    headers: Object.keys(headers),
    body: JSON.parse(asJson(tracesOf(first, around)).text) as unknown,
  };
  // A name could end its line, and what followed would be no note.
  const lines = notes.map(note => `// ${note.replace(/\s+/g, ' ')}`.trimEnd());
  return `${lines.join('\n')}\n${JSON.stringify(shown, undefined, 2)}\n`;
}
