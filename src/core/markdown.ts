import { asText } from './content.ts';
import { costWords, oneLine } from './describe.ts';
import { formatDuration, integer } from './format.ts';
import type { Metadata } from './metadata.ts';
import type { Span, UnixMs } from './model.ts';
import { contentText, requestText, responseText } from './transcript.ts';
import { inputTokens } from './usage.ts';
import type { Words } from './words.ts';

/** A span as Markdown, for an issue or a chat: what it is, then everything it recorded, whole. */
export function spanMarkdown(
  span: Span,
  metadata: Metadata,
  error: string | undefined,
  words: Words,
): string {
  const { request, response, input, output, toolInput, toolResult } = metadata;
  const tool = toolInput === undefined ? undefined : asText(toolInput);
  return [
    `# ${inlineCode(span.name) || words.noName}`,
    factLines(spanFacts(span, words)),
    section('Error', error),
    section('Prompt', requestText(request ?? input), {
      note: span.kind === 'llm' && metadata.onlyNewMessages ? words.onlyNewMessages : undefined,
    }),
    section('Response', responseText(response ?? output)),
    section('Tool input', tool, { language: 'json' }),
    section('Tool result', toolResult === undefined ? undefined : contentText(toolResult)),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

export type Fact = readonly [name: string, value: string];

export function spanFacts(span: Span, words: Words): readonly Fact[] {
  const { usage } = span;
  const kind = words[span.kind];
  const input = inputTokens(usage);
  const all: readonly (readonly [string, string | undefined])[] = [
    ['Kind', span.toolName ? `${kind} ${inlineCode(span.toolName)}` : kind],
    ['Status', span.interrupted ? words.interrupted : span.status],
    ['Model', span.model === undefined ? undefined : inlineCode(span.model)],
    ['Started', iso(span.start)],
    [
      'Duration',
      span.start === undefined || span.end === undefined
        ? undefined
        : formatDuration(span.end - span.start),
    ],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Cache read', usage.cacheRead ? integer(usage.cacheRead) : undefined],
    ['Output tokens', usage.output === undefined ? undefined : integer(usage.output)],
    ['Cost', costWords(span, words) || undefined],
    ['Span id', inlineCode(span.spanId)],
    ['Run id', inlineCode(span.runId)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Universal time: a copied text is read elsewhere. */
function iso(time: UnixMs | undefined): string | undefined {
  // Dates end 8.64e15 ms from the epoch (ECMAScript, Time Values), and toISOString throws beyond.
  return time === undefined || !(Math.abs(time) <= 8.64e15)
    ? undefined
    : new Date(time).toISOString();
}

function section(
  title: string,
  text: string | undefined,
  { language = '', note }: { readonly language?: string; readonly note?: string | undefined } = {},
): string {
  if (text === undefined || text === '') return '';
  const said = note === undefined ? '' : `${note}\n\n`;
  return `## ${title}\n\n${said}${fenced(text, language)}`;
}

/** A recorded text as a block of its own, which it cannot end. */
export function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

export const factLines = (facts: readonly Fact[]): string =>
  facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');

/** A recorded word on one line; as code it is no heading, link, mention or formula. Empty where there is none. */
export function inlineCode(text: string): string {
  const flat = oneLine(text);
  if (flat.trim() === '') return '';
  const fence = '`'.repeat(longestRun(flat) + 1);
  return flat.includes('`') ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
