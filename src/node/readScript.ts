import type { RunSummary } from '../core/model.ts';
import type { Exchange } from '../core/replay/exchange.ts';
import { readExchange } from '../core/replay/readExchange.ts';
import { ReplayError } from '../core/replay/replayError.ts';
import { answerable, type RunScript, sharedMessages } from '../core/replay/script.ts';
import type { Clock } from '../core/status.ts';
import type { FileId, ReaderApi, SpanRow, TextPart } from '../protocol/reader.ts';

/** Of all calls together; what they have in common counts each time. */
const mostChars = 1_000_000_000;
const slice = 4_000_000;

/**
 * What a run said to the Messages API, out of its trace file.
 *
 * @throws ReplayError where there is nothing to replay
 */
export async function readRunScript(
  reader: ReaderApi,
  file: FileId,
  run: Pick<RunSummary, 'runId' | 'name'> & Partial<Pick<RunSummary, 'rootSpanId'>>,
  clock: Clock,
): Promise<RunScript> {
  const spans = await callsOf(reader, file, run.runId);
  const parents = new Set(spans.map(span => span.parentSpanId));
  const share = sharedMessages();
  let left = mostChars;
  const whole = async (span: SpanRow, part: TextPart): Promise<string | undefined> => {
    const parts: string[] = [];
    for (let from = 0, chars = 1; from < chars; from += slice) {
      const read = await reader.text(file, span.spanId, part, from, slice);
      if (!read) return undefined;
      chars = read.chars;
      if (chars > left) throw new ReplayError('replayTooLarge', [run.name, '1 GB']);
      parts.push(read.text);
    }
    const text = parts.join('');
    left -= text.length;
    return text;
  };
  const exchanges: Exchange[] = [];
  for (const span of spans) {
    const metadata = await whole(span, 'metadata');
    const retried = metadata !== undefined && /"retries"/.test(metadata);
    const exchange = readExchange({
      spanId: span.spanId,
      name: span.name,
      start: span.start,
      end: span.end,
      running: span.status === 'running',
      error: span.error === undefined ? undefined : await whole(span, 'error'),
      metadata,
      events: retried ? (await reader.span(file, span.spanId, clock)).events : [],
    });
    // A call that two libraries recorded, one around the other, is one call.
    const around = !exchange.request && exchange.outcome.kind === 'missing';
    if (!around || !parents.has(span.spanId)) exchanges.push(share(exchange));
  }
  const { runId, name, rootSpanId } = run;
  const script = { runId, name, rootSpanId, exchanges };
  if (exchanges.length === 0) throw new ReplayError('replayNoRun', [run.name]);
  if (answerable(script) === 0) {
    throw new ReplayError('replayNoAnswers', [run.name, exchanges.length]);
  }
  return script;
}

/** By their start, as they were asked; those without one last. */
async function callsOf(
  reader: ReaderApi,
  file: FileId,
  runId: string,
): Promise<readonly SpanRow[]> {
  const calls: SpanRow[] = [];
  for (let offset = 0; ; ) {
    const { spans, total } = await reader.spans(file, runId, { offset, limit: 10_000 });
    calls.push(...spans.filter(span => span.kind === 'llm'));
    offset += spans.length;
    if (spans.length === 0 || offset >= total) break;
  }
  const start = (span: SpanRow): number => span.start ?? Number.POSITIVE_INFINITY;
  return calls.sort((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
}
