import { oneLine } from '../core/describe.ts';
import { formatCost, formatDuration, integer } from '../core/format.ts';
import { spanMarkdown } from '../core/markdown.ts';
import { readMetadata } from '../core/metadata.ts';
import type { RunSummary, Span } from '../core/model.ts';
import { inputTokens } from '../core/usage.ts';
import { englishWords } from '../core/words.ts';
import { plainJson } from './exactJson.ts';
import { depths, type ExportedRun } from './exportedRun.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { time } from './spansCsv.ts';

/** Runs as Markdown, for an issue or for a model: what each was, then its spans in tree order, whole. */
export async function* runMarkdown(runs: AsyncIterable<ExportedRun>): AsyncGenerator<string> {
  for await (const { run, spans } of runs) {
    yield head(run);
    const depthOf = depths();
    for await (const span of spans) {
      const depth = depthOf(span);
      const text = spanMarkdown(
        spanOf(span),
        readMetadata(plainJson(span.fields)),
        span.error,
        englishWords,
      );
      const here = span.spanId === run.failingSpanId ? '\n- The run failed here' : '';
      // A run has the first heading; deeper spans are said to be deeper, since headings end at six.
      yield `\n${text.replace(/^#+ /gm, heading => `#${heading}`).replace(/^(- Kind: .*)$/m, `$1\n- Depth: ${depth}${here}`)}`;
    }
  }
}

function head(run: RunSummary): string {
  const { usage } = run;
  const input = inputTokens(usage);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Run id', `\`${oneLine(run.runId).replaceAll('`', "'")}\``],
    ['Status', run.status],
    ['Started', time(run.start === undefined ? undefined : run.start / 1000)],
    [
      'Duration',
      run.start === undefined || run.end === undefined
        ? undefined
        : formatDuration(run.end - run.start),
    ],
    ['Spans', integer(run.spans)],
    [
      'Failed at the span',
      run.failingSpanId === undefined
        ? undefined
        : `\`${oneLine(run.failingSpanId).replaceAll('`', "'")}\``,
    ],
    ['Failed spans', run.failedSpans > 0 ? integer(run.failedSpans) : undefined],
    ['Input tokens', input === undefined ? undefined : integer(input)],
    ['Output tokens', usage.output === undefined ? undefined : integer(usage.output)],
    [
      'Cost',
      run.cost === undefined
        ? `${formatCost(run.pricedCost)} and ${integer(run.unpricedCalls)} unpriced`
        : formatCost(run.cost),
    ],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`- ${name}: ${value}`],
  );
  return `# ${plainLine(run.name)}\n\n${lines.join('\n')}\n`;
}

const plainLine = (text: string): string =>
  oneLine(text).replace(/[\\`*_[\]<>#|~]/g, '\\$&') || englishWords.noName;

/** A span as lists have it. */
export function spanOf(span: ExportedSpan): Span {
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
