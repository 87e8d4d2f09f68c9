import { plainJson } from './exactJson.ts';
import type { ExportedRun } from './exportedRun.ts';
import type { ExportedSpan } from './exportedSpan.ts';

/** Runs with their spans as one JSON document. Unknown is null, never absent. */
export async function* runJson(runs: AsyncIterable<ExportedRun>): AsyncGenerator<string> {
  yield '{"format":"agent-traces","version":1,"runs":[';
  let first = true;
  for await (const { run, spans } of runs) {
    const head = plainJson({
      run_id: run.runId,
      name: run.name,
      session_id: run.sessionId ?? null,
      status: run.status,
      start_ms: run.start ?? null,
      end_ms: run.end ?? null,
      cost_usd: run.cost ?? null,
      priced_cost_usd: run.pricedCost,
      unpriced_calls: run.unpricedCalls,
      usage: run.usage,
      error: run.error ?? null,
    });
    yield `${first ? '' : ','}\n${head.slice(0, -1)},"spans":[`;
    first = false;
    let firstSpan = true;
    for await (const span of spans) {
      yield `${firstSpan ? '' : ','}\n${spanJson(span)}`;
      firstSpan = false;
    }
    yield ']}';
  }
  yield '\n]}\n';
}

function spanJson(span: ExportedSpan): string {
  const head = plainJson({
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    kind: span.kind,
    tool: span.toolName ?? null,
    model: span.model ?? null,
    status: span.status,
    start_time: span.start ?? null,
    end_time: span.end ?? null,
    usage: span.usage,
    cost_usd: span.cost ?? null,
    error: span.error ?? null,
    events: span.events.map(({ time, name, fields }) => ({
      time: time ?? null,
      name,
      attributes: fields,
    })),
    ...(span.eventsLeftOut > 0 && { events_left_out: span.eventsLeftOut }),
  });
  // As recorded where nothing was taken out: digits stay as they are.
  const isObject = span.text !== undefined && !('recorded' in span.fields);
  const metadata = isObject ? span.text : plainJson(span.fields);
  return `${head.slice(0, -1)},"metadata":${metadata}}`;
}
