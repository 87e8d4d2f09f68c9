import { oneLine, visible } from '../core/describe.ts';
import { formatCost, formatDuration, integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import { plainJson } from './exactJson.ts';
import { depths, type ExportedRun } from './exportedRun.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { asText } from './genAiAttributes.ts';
import { type GenAiMessage, genAiRequestOf, genAiResponseOf } from './genAiMessages.ts';
import { styles, stylesHash } from './runHtmlStyles.ts';
import { duration, time } from './spansCsv.ts';

/**
 * Runs as one page that needs nothing else: no script, no network, no picture. All that was recorded is text in
 * it, and the policy in its head has a browser load nothing even where that failed.
 */
export async function* runHtml(
  runs: AsyncIterable<ExportedRun>,
  note: string,
): AsyncGenerator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${stylesHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Agent run</title>
<style>${styles}</style>
</head>
<body>
<p class="note">${escaped(note)}</p>
`;
  for await (const { run, spans } of runs) {
    yield runHead(run);
    const depthOf = depths();
    for await (const span of spans)
      yield spanHtml(span, depthOf(span), span.spanId === run.failingSpanId);
  }
  yield '</body>\n</html>\n';
}

function runHead(run: RunSummary): string {
  const input = inputTokens(run.usage);
  const cost =
    run.cost === undefined
      ? `${formatCost(run.pricedCost)} and ${integer(run.unpricedCalls)} unpriced`
      : formatCost(run.cost);
  const facts = definitions([
    ['Run', run.runId],
    ['Session', run.sessionId],
    ['Status', run.status],
    ['Started', time(run.start === undefined ? undefined : run.start / 1000)],
    [
      'Duration',
      run.start === undefined || run.end === undefined
        ? undefined
        : formatDuration(run.end - run.start),
    ],
    ['Spans', integer(run.spans)],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Output tokens', run.usage.output === undefined ? undefined : integer(run.usage.output)],
    ['Cost', cost],
  ]);
  return `<h1>${line(run.name)}</h1>\n${facts}${section('Error', run.error)}`;
}

/** Deeper than this, spans are not moved in further: the number beside them says it. */
const mostMoved = 12;

function spanHtml(span: ExportedSpan, depth: number, isFailing: boolean): string {
  const { kind, usage, cost } = span;
  const ms = duration(span);
  const failed = span.status === 'error';
  const beside = [
    span.toolName,
    span.model,
    ms === undefined ? undefined : formatDuration(ms),
    cost === undefined || kind !== 'llm' ? undefined : formatCost(cost),
  ].filter(one => one !== undefined);
  const input = inputTokens(usage);
  const facts = definitions([
    ['Span', span.spanId],
    ['Depth', depth > mostMoved ? String(depth) : undefined],
    ['Started', time(span.start)],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Cache read', usage.cacheRead ? integer(usage.cacheRead) : undefined],
    ['Output tokens', usage.output === undefined ? undefined : integer(usage.output)],
  ]);
  const head = `<summary><span class="kind">${kind}</span> <b>${line(span.name)}</b>${failed ? ` <span class="failed">✗ ${isFailing ? 'the run failed here' : 'failed'}</span>` : ''} <span class="beside">${line(beside.join(' · '))}</span></summary>`;
  return `<details class="d${Math.min(depth, mostMoved)}"${failed ? ' open' : ''}>${head}
${facts}${section('Error', span.error)}${contentHtml(span)}${eventsHtml(span)}</details>
`;
}

function contentHtml({ fields }: ExportedSpan): string {
  const { request, response, input, output, tool_input, tool_result, ...others } = fields;
  const asked = genAiRequestOf(request ?? input);
  const answered = genAiResponseOf(response ?? output);
  const system = asked?.system;
  const messages = asked?.messages ?? [];
  const all = system ? [{ role: 'system', parts: system }, ...messages] : messages;
  const rest = Object.keys(others).length === 0 ? undefined : pretty(others);
  return [
    messagesHtml('Prompt', all),
    messagesHtml('Answer', answered ?? []),
    section('Tool input', tool_input === undefined ? undefined : pretty(tool_input)),
    section('Tool result', tool_result === undefined ? undefined : pretty(tool_result)),
    section('More', rest),
  ].join('');
}

function messagesHtml(title: string, messages: readonly GenAiMessage[]): string {
  if (messages.length === 0) return '';
  const parts = messages.map(
    ({ role, parts: all }) =>
      `<h4>${line(role)}</h4>${all.map(part => pre(partText(part))).join('')}`,
  );
  return `<h3>${title}</h3>${parts.join('')}`;
}

function partText(part: Readonly<Record<string, unknown>>): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return `${part.type === 'reasoning' ? '(thinking) ' : ''}${asText(part.content ?? '')}`;
    case 'tool_call':
      return `→ ${asText(part.name ?? '')} ${pretty(part.arguments ?? {})}`;
    case 'tool_call_response':
      return `← ${pretty(part.response ?? '')}`;
    case 'blob':
      // Megabytes that nobody can read.
      return `[${asText(part.mime_type ?? 'data')}]`;
  }
  return pretty(part);
}

function eventsHtml({ events }: ExportedSpan): string {
  if (events.length === 0) return '';
  const lines = events.map(
    event => `${time(event.time) ?? ''} ${oneLine(event.name)} ${plainJson(event.fields)}`,
  );
  return section('Events', lines.join('\n'));
}

function pretty(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(JSON.parse(plainJson(value)), undefined, 2);
}

function definitions(all: readonly (readonly [string, string | undefined])[]): string {
  const rows = all.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${name}</dt><dd>${line(value)}</dd>`],
  );
  return `<dl>${rows.join('')}</dl>\n`;
}

const section = (title: string, text: string | undefined): string =>
  text === undefined || text === '' ? '' : `<h3>${title}</h3>${pre(text)}\n`;

/** A browser stops at texts of some megabytes: longer ones are whole in the other formats. */
const mostChars = 200_000;

function pre(text: string): string {
  if (text.length <= mostChars) return `<pre>${escaped(text)}</pre>`;
  const more = integer(text.length - mostChars);
  return `<pre>${escaped(text.slice(0, mostChars))}</pre><p class="note">… ${more} more characters are not on this page.</p>`;
}

/** A recorded word on one line; signs that turn its direction, or are not seen, are shown. */
const line = (text: string): string => escaped(visible(oneLine(text), 'prose'));

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const noText =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are no characters of HTML
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

/** Never anything but text: also no control character, of which HTML takes only some. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, sign => signs[sign] ?? '').replace(noText, '\ufffd');
