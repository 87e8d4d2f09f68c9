import { asText } from '../core/content.ts';
import { oneLine } from '../core/describe.ts';
import { readMetadata } from '../core/metadata.ts';
import { answerTexts, type PromptTexts, promptTexts, type SaidText } from '../core/promptTexts.ts';
import { keepRecorded } from '../core/recordedJson.ts';
import { contentText } from '../core/transcript.ts';
import { englishWords } from '../core/words.ts';
import { plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { time } from './spansCsv.ts';

/** What a span recorded, as texts to read. Absent parts were not recorded, or may not leave. */
export interface SpanContent {
  readonly prompt: PromptTexts | undefined;
  /** What a reader of the prompt should know. */
  readonly promptNote: string | undefined;
  readonly answer: readonly SaidText[];
  readonly toolInput: string | undefined;
  readonly toolResult: string | undefined;
  /** One line each. */
  readonly events: string | undefined;
  /** All other fields. */
  readonly more: readonly (readonly [name: string, value: unknown])[];
}

export function spanContent(span: ExportedSpan): SpanContent {
  const text = plainJson(span.fields);
  const metadata = readMetadata(text);
  // Digits that a parser rounds stay as they are.
  keepRecorded(metadata.fields, text);
  const { toolInput, toolResult } = metadata;
  const request = metadata.request ?? metadata.input;
  const response = metadata.response ?? metadata.output;
  const prompt = promptTexts(request);
  const answer = answerTexts(response);
  const shown = [request, answer.length > 0 ? response : undefined, toolInput, toolResult];
  const more = Object.entries(span.fields).filter(
    ([name]) => !(contentNames.has(name) && shown.includes(metadata.fields[name])),
  );
  return {
    prompt,
    promptNote:
      span.kind === 'llm' && metadata.onlyNewMessages ? englishWords.onlyNewMessages : undefined,
    answer,
    toolInput: toolInput === undefined ? undefined : asText(toolInput),
    toolResult: toolResult === undefined ? undefined : contentText(toolResult),
    events: eventLines(span),
    more,
  };
}

/** Names whose values are shown as what they are; a value of another name that happens to be the same is not it. */
const contentNames = new Set([
  'request',
  'response',
  'input',
  'output',
  'tool_input',
  'tool_result',
]);

function eventLines({ events, eventsLeftOut }: ExportedSpan): string | undefined {
  const lines = events.map(event =>
    [time(event.time), oneLine(event.name), plainJson(event.fields)].filter(Boolean).join(' '),
  );
  if (eventsLeftOut > 0) lines.push(`… ${eventsLeftOut} more events are not in this file.`);
  return lines.length > 0 ? lines.join('\n') : undefined;
}
