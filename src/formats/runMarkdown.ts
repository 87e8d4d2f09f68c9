import { formatCost, formatDuration, integer } from '../core/format.ts';
import { type Fact, factLines, fenced, inlineCode, spanFacts } from '../core/markdown.ts';
import type { RunSummary, Span } from '../core/model.ts';
import type { PromptTexts, SaidText } from '../core/promptTexts.ts';
import type { RecordedFailure } from '../core/recordedSpan.ts';
import { inputTokens } from '../core/usage.ts';
import { englishWords } from '../core/words.ts';
import { plainJson } from './exactJson.ts';
import { depths, type ExportedRun } from './exportedRun.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { failureSentences } from './failureWords.ts';
import { type Repeats, repeats } from './repeats.ts';
import { type SpanContent, spanContent } from './spanContent.ts';
import { time } from './spansCsv.ts';

/**
 * Runs as Markdown, for an issue or for a model: what each was, then its spans in tree order, whole. What an earlier
 * span of the run has as well is named there. Recorded text is code wherever it stands, so that it stays text.
 */
export async function* runMarkdown(runs: AsyncIterable<ExportedRun>): AsyncGenerator<string> {
  let number = 0;
  for await (const { run, failure, spans } of runs) {
    number++;
    const anchor = (place: number): string =>
      `${number > 1 ? `run-${number}-` : ''}span-${place + 1}`;
    yield `${number > 1 ? '\n' : ''}${head(run, failure, anchor)}`;
    const depthOf = depths();
    const repeatsOf = repeats();
    let place = 0;
    for await (const span of spans) {
      const content = spanContent(span);
      const { prompt } = content;
      const repeated = prompt && repeatsOf(place, span.parentSpanId, prompt);
      // All of a run have the same run id, which stands in its head.
      const facts = spanFacts(spanOf(span), englishWords).filter(([name]) => name !== 'Run id');
      facts.splice(1, 0, ['Depth', String(depthOf(span))], ...marks(place, failure, anchor));
      const linkTo = (to: number): string => `[span ${to + 1}](#${anchor(to)})`;
      const title = inlineCode(span.name) || englishWords.noName;
      yield `\n${[
        `## <a id="${anchor(place)}"></a>${place + 1}. ${title}`,
        factLines(facts),
        section('Error', span.error === undefined ? [] : [fenced(span.error)]),
        section('Prompt', [
          ...(content.promptNote ? [content.promptNote] : []),
          ...(prompt && repeated ? promptBlocks(prompt, repeated, linkTo) : []),
        ]),
        section('Response', content.answer.map(messageBlock)),
        section('Tool input', content.toolInput ? [fenced(content.toolInput, 'json')] : []),
        section('Tool result', content.toolResult ? [fenced(content.toolResult)] : []),
        section('Events', content.events ? [fenced(content.events)] : []),
        section('More', content.more.length > 0 ? [fenced(lines(content.more), 'json')] : []),
      ]
        .filter(Boolean)
        .join('\n\n')}\n`;
      place++;
    }
  }
}

const section = (title: string, blocks: readonly string[]): string =>
  blocks.length === 0 ? '' : `### ${title}\n\n${blocks.join('\n\n')}`;

/** A line for each field. */
const lines = (fields: SpanContent['more']): string =>
  `{\n${fields.map(([name, value]) => `  ${plainJson(name)}: ${plainJson(value)}`).join(',\n')}\n}`;

/** What a span has to do with the failure of the run. */
function marks(
  place: number,
  failure: RecordedFailure | undefined,
  anchor: (place: number) => string,
): readonly Fact[] {
  if (!failure) return [];
  const { span, cause } = failure;
  if (place === span.place) return [['Failure', 'the run failed here']];
  if (place !== cause?.span.place) return [];
  return [
    ['Failure', `cause of [span ${span.place + 1}](#${anchor(span.place)}), where the run failed`],
  ];
}

function promptBlocks(
  { system, tools, settings, messages }: PromptTexts,
  repeated: Repeats,
  linkTo: (place: number) => string,
): readonly string[] {
  const blocks: string[] = [];
  const put = (title: string, text: string | undefined, at: number | undefined, language = '') => {
    if (text === undefined) return;
    blocks.push(
      at === undefined
        ? `**${title}**\n\n${fenced(text, language)}`
        : `**${title}**: the same as in ${linkTo(at)}.`,
    );
  };
  put('System', system, repeated.system);
  put('Tools', tools, repeated.tools, 'json');
  put('Settings', settings, repeated.settings, 'json');
  const { messages: known } = repeated;
  if (known) blocks.push(knownWords(known, linkTo));
  return [...blocks, ...messages.slice(known?.count ?? 0).map(messageBlock)];
}

function knownWords(
  { count, of, place }: NonNullable<Repeats['messages']>,
  linkTo: (place: number) => string,
): string {
  const named = count === 1 ? '1 earlier message' : `${integer(count)} earlier messages`;
  if (count === of) return `${named}, the same as in ${linkTo(place)}.`;
  return `${named}, the same as the first of ${linkTo(place)}, which has ${integer(of)}.`;
}

const messageBlock = ({ role, text }: SaidText): string =>
  role === undefined ? fenced(text) : `**${roleWords(role)}**\n\n${fenced(text)}`;

const roleWords = (role: string): string =>
  /^[a-z]{1,20}$/.test(role)
    ? role.charAt(0).toUpperCase() + role.slice(1)
    : inlineCode(role) || 'Message';

function head(
  run: RunSummary,
  failure: RecordedFailure | undefined,
  anchor: (place: number) => string,
): string {
  const { usage } = run;
  const input = inputTokens(usage);
  const cost =
    run.cost === undefined
      ? `${formatCost(run.pricedCost)} and ${integer(run.unpricedCalls)} unpriced`
      : formatCost(run.cost);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Run id', inlineCode(run.runId) || undefined],
    ['Session', run.sessionId === undefined ? undefined : inlineCode(run.sessionId) || undefined],
    ['Status', run.status],
    ['Started', time(run.start === undefined ? undefined : run.start / 1000)],
    [
      'Duration',
      run.start === undefined || run.end === undefined
        ? undefined
        : formatDuration(run.end - run.start),
    ],
    ['Spans', integer(run.spans)],
    ['Failed spans', run.failedSpans > 0 ? integer(run.failedSpans) : undefined],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Output tokens', usage.output === undefined ? undefined : integer(usage.output)],
    ['Cost', cost],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const parts = [`# ${inlineCode(run.name) || englishWords.noName}`, factLines(lines)];
  if (failure) {
    const said = failureSentences(failure, {
      ours: text => text,
      code: inlineCode,
      strong: text => `**${text}**`,
      linkTo: ({ place }, name) => `[${place + 1}. ${inlineCode(name)}](#${anchor(place)})`,
    });
    parts.push(said.failedAt);
    if (run.error) parts.push(fenced(run.error));
    parts.push(said.cause);
  } else if (run.error) parts.push(`Error:\n\n${fenced(run.error)}`);
  return `${parts.join('\n\n')}\n`;
}

/** A span as lists have it. */
function spanOf(span: ExportedSpan): Span {
  const ms = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : seconds * 1000;
  return {
    spanId: span.spanId,
    runId: span.runId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    toolName: span.toolName,
    start: ms(span.start),
    end: ms(span.end),
    status: span.status,
    recordedStatus: span.row.status,
    interrupted: false,
    model: span.model,
    usage: span.usage,
    cost: span.cost,
    costSource: span.cost === undefined ? (span.kind === 'llm' ? 'unpriced' : 'none') : 'recorded',
    error: span.error,
  };
}
