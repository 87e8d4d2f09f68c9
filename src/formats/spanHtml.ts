import { oneLine, toolBeside } from '../core/describe.ts';
import { formatCost, formatDuration, formatTokens, integer } from '../core/format.ts';
import { indentJson } from '../core/jsonText.ts';
import type { RunSummary } from '../core/model.ts';
import type { PromptTexts, SaidText } from '../core/promptTexts.ts';
import type { RecordedFailure } from '../core/recordedSpan.ts';
import { inputTokens, totalTokens } from '../core/usage.ts';
import { englishWords as words } from '../core/words.ts';
import { plainJson } from './exactJson.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { icon } from './htmlIcons.ts';
import { escaped, facts, line, pre } from './htmlText.ts';
import type { Repeats, repeats } from './repeats.ts';
import { mostMoved } from './runHtmlStyles.ts';
import { spanContent } from './spanContent.ts';
import { duration, time } from './spansCsv.ts';

export type AnchorOf = (place: number) => string;

/** What of a run the spans before one leave for it. */
export interface PlaceOfSpan {
  readonly run: RunSummary;
  readonly failure: RecordedFailure | undefined;
  readonly anchor: AnchorOf;
  readonly depthOf: (span: ExportedSpan) => number;
  readonly repeatsOf: ReturnType<typeof repeats>;
}

/** A span as a row that opens. */
export function spanHtml(span: ExportedSpan, place: number, at: PlaceOfSpan): string {
  const { usage } = span;
  const { run, failure, anchor } = at;
  const depth = at.depthOf(span);
  const isHere = place === failure?.span.place;
  const isCause = place === failure?.cause?.span.place;
  // A reader comes for the failure, else for what the run was given and answered.
  const isOpen = failure ? isHere || isCause : place === 0;
  const classes = ['span', `d${Math.min(depth, mostMoved)}`];
  if (isHere) classes.push('here');
  if (isCause) classes.push('cause');
  const input = inputTokens(usage);
  const own = facts([
    ['Span', span.spanId],
    ['Depth', depth > mostMoved ? String(depth) : undefined],
    ['Started', time(span.start)],
    ['Model', span.model],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Cache read', usage.cacheRead ? integer(usage.cacheRead) : undefined],
    ['Output tokens', usage.output === undefined ? undefined : integer(usage.output)],
  ]);
  // That of the root stands in the head of the run.
  const error =
    place === 0 && span.error !== undefined && span.error === run.error
      ? '<p class="second">Its error is that of the run, above.</p>'
      : section('Error', span.error);
  return `<details class="${classes.join(' ')}" id="${anchor(place)}"${isOpen ? ' open' : ''}>${rowHtml(span, isHere, isCause)}
<div>${own}${error}${contentHtml(span, place, at)}</div></details>
`;
}

function rowHtml(span: ExportedSpan, isHere: boolean, isCause: boolean): string {
  const { kind, cost, usage } = span;
  const beside = [toolBeside(span), span.model].filter(one => one !== undefined);
  const marks = [
    isCause ? ` <span class="mark">cause of the failure</span>` : '',
    span.status === 'error'
      ? ` <span class="mark failed">✗ ${isHere ? 'the run failed here' : 'failed'}</span>`
      : '',
    span.status === 'running' ? ' <span class="beside">not ended</span>' : '',
  ];
  const more = beside.length > 0 ? ` <span class="beside">${line(beside.join(' · '))}</span>` : '';
  const name = `${line(span.name) || words.noName}${more}${marks.join('')}`;
  const ms = duration(span);
  const tokens = totalTokens(usage);
  const figures = [
    kind === 'llm' && tokens ? formatTokens(tokens) : '',
    kind === 'llm' && cost !== undefined ? formatCost(cost) : '',
    ms === undefined ? '' : formatDuration(ms),
  ];
  const cells = figures.map(one => `<span class="figure">${escaped(one)}</span>`).join('');
  return `<summary>${icon(kind, words[kind])}<span class="name">${name}</span><span class="took">${cells}</span></summary>`;
}

function contentHtml(span: ExportedSpan, place: number, at: PlaceOfSpan): string {
  const { prompt, promptNote, answer, toolInput, toolResult, events, more } = spanContent(span);
  const repeated = prompt && at.repeatsOf(place, span.parentSpanId, prompt);
  return [
    promptNote ? `<p class="second">${escaped(promptNote)}</p>` : '',
    prompt && repeated ? promptHtml(prompt, repeated, at.anchor) : '',
    answer.length > 0
      ? `<h2>Response</h2>${answer.map(one => messageHtml(one, true)).join('')}`
      : '',
    section('Tool input', toolInput),
    section('Tool result', toolResult),
    section('Events', events),
    more.length === 0
      ? ''
      : foldedHtml('More', indentJson(plainJson(Object.fromEntries(more))), ''),
  ].join('');
}

function promptHtml(
  { system, tools, settings, messages }: PromptTexts,
  { messages: known }: Repeats,
  anchor: AnchorOf,
): string {
  const parts = [
    system === undefined ? '' : foldedHtml('System', system),
    tools === undefined ? '' : foldedHtml('Tools', tools),
    settings === undefined ? '' : foldedHtml('Settings', settings),
  ];
  const count = known?.count ?? 0;
  if (known) {
    const said = count === 1 ? '1 earlier message' : `${integer(count)} earlier messages`;
    parts.push(
      `<p class="second">${said}, as in <a href="#${anchor(known.place)}">an earlier call</a></p>`,
    );
  }
  parts.push(...messages.map((one, index) => messageHtml(one, index >= count)));
  const all = parts.join('');
  const isEmpty = messages.length === 0 && system === undefined && tools === undefined;
  return isEmpty ? all : `<h2>Prompt</h2>${all}`;
}

/** A message: what is known from earlier calls is one line until it is opened. */
function messageHtml({ role, text }: SaidText, isNew: boolean): string {
  if (role === undefined) return pre(text);
  const named = role.charAt(0).toUpperCase() + role.slice(1);
  return foldedHtml(named, text, undefined, isNew);
}

function foldedHtml(title: string, text: string, begin = text, isOpen = false): string {
  return `<details class="message${isOpen ? ' new' : ''}"${isOpen ? ' open' : ''}><summary><b>${line(title)}</b> <span class="begin">${line(oneLine(begin, 160))}</span></summary>${pre(text)}</details>`;
}

const section = (title: string, text: string | undefined): string =>
  text === undefined || text === '' ? '' : `<h2>${title}</h2>${pre(text)}\n`;
