import { runStatusWords } from '../core/describe.ts';
import { formatCost, formatDuration, integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import type { RecordedFailure } from '../core/recordedSpan.ts';
import { inputTokens } from '../core/usage.ts';
import { englishWords as words } from '../core/words.ts';
import { depths, type ExportedRun } from './exportedRun.ts';
import { failureSentences } from './failureWords.ts';
import { icon, iconDrawings } from './htmlIcons.ts';
import { escaped, facts, line, pre } from './htmlText.ts';
import { repeats } from './repeats.ts';
import { styles, stylesHash } from './runHtmlStyles.ts';
import { type AnchorOf, type PlaceOfSpan, spanHtml } from './spanHtml.ts';
import { time } from './spansCsv.ts';

/**
 * Runs as one page that needs nothing else: no script, no network, no picture. All that was recorded is text in
 * it, and the policy in its head has a browser load nothing even where that failed.
 */
export async function* runHtml(
  runs: AsyncIterable<ExportedRun>,
  note: string,
): AsyncGenerator<string> {
  let number = 0;
  for await (const { run, failure, spans } of runs) {
    number++;
    if (number === 1) yield pageHead(run.name, note);
    const prefix = number > 1 ? `run-${number}-` : '';
    const anchor: AnchorOf = place => `${prefix}span-${place + 1}`;
    yield `<section class="run">\n${runHead(run, failure, anchor)}<div class="spans">\n${columnHeads}`;
    const at: PlaceOfSpan = { run, failure, anchor, depthOf: depths(), repeatsOf: repeats() };
    let place = 0;
    for await (const span of spans) yield spanHtml(span, place++, at);
    yield '</div>\n</section>\n';
  }
  if (number === 0) yield pageHead('No run', note);
  yield '</main>\n</body>\n</html>\n';
}

const columnHeads =
  '<div class="heads"><span>Span</span><span class="figure">Tokens</span><span class="figure">Cost</span><span class="figure">Duration</span></div>\n';

const pageHead = (name: string, note: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${stylesHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${line(name)}</title>
<style>${styles}</style>
</head>
<body>
${iconDrawings()}
<main>
<p class="note">${escaped(note)}</p>
`;

const statusIcons = { ok: 'ok', error: 'failed', running: 'running', stale: 'stale' } as const;

function runHead(run: RunSummary, failure: RecordedFailure | undefined, anchor: AnchorOf): string {
  const input = inputTokens(run.usage);
  const { cacheRead, output } = run.usage;
  const figures: readonly (readonly [name: string, value: string | undefined, below?: string])[] = [
    [
      'Duration',
      run.start === undefined || run.end === undefined
        ? undefined
        : formatDuration(run.end - run.start),
    ],
    ['Spans', integer(run.spans), run.failedSpans > 0 ? `${integer(run.failedSpans)} failed` : ''],
    [
      'Input tokens',
      input === undefined ? undefined : integer(input),
      cacheRead ? `${integer(cacheRead)} from the cache` : '',
    ],
    ['Output tokens', output === undefined ? undefined : integer(output)],
    [
      'Cost',
      formatCost(run.cost ?? run.pricedCost),
      run.cost === undefined ? `and ${integer(run.unpricedCalls)} unpriced` : '',
    ],
  ];
  const status = run.judgement === 'cancelled' ? 'cancelled' : statusIcons[run.status];
  const cells = figures.flatMap(([name, value, below]) =>
    value === undefined
      ? []
      : [
          `<div><dt>${name}</dt><dd>${escaped(value)}${below ? `<small>${escaped(below)}</small>` : ''}</dd></div>`,
        ],
  );
  return `<div class="title"><h1>${line(run.name) || words.noName}</h1><span class="status${status === 'failed' ? ' failed' : ''}">${icon(`status-${status}`)} ${escaped(runStatusWords(run, words))}</span></div>
<dl class="figures">${cells.join('')}</dl>
${facts([
  ['Started', time(run.start === undefined ? undefined : run.start / 1000)],
  ['Run', run.runId],
  ['Session', run.sessionId],
])}${failureHtml(run, failure, anchor)}`;
}

function failureHtml(
  { error }: RunSummary,
  failure: RecordedFailure | undefined,
  anchor: AnchorOf,
): string {
  const text = error ? pre(error) : '';
  if (!failure) return text && `<div class="failure"><p>Error</p>${text}</div>\n`;
  const said = failureSentences(failure, {
    ours: escaped,
    code: recorded => `<code>${line(recorded)}</code>`,
    strong: rule => `<b>${escaped(rule)}</b>`,
    linkTo: ({ place }, name) => `<a href="#${anchor(place)}">${line(name)}</a>`,
  });
  return `<div class="failure"><p>${said.failedAt}</p>${text}<p class="second">${said.cause}</p></div>\n`;
}
