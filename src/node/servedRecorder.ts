import { randomUUID } from 'node:crypto';
import type { ReplaySummary } from '../core/replay/replayEvents.ts';
import type { ReplayServerOptions, ServedKeeping } from '../core/replay/replayServing.ts';
import { charsOf, type ServedCall } from '../core/replay/servedCall.ts';
import { retryEvent, type ServedSpan, servedRoot, servedRow } from '../core/replay/servedRun.ts';
import type { EventRow, SpanRow } from '../core/traceRows.ts';

/** Of requests and answers that wait for the disk; what comes beyond that is counted, and not kept. */
const mostWaiting = 64_000_000;

export interface ServedRecorder {
  /** Comes back at once. */
  add(call: ServedCall): void;
  /** Nothing is taken any more; what was taken is stored, or was said to be lost. Never rejects. */
  end(): Promise<void>;
}

/** Keeps what a replay serves as a run that grows; one that serves nothing leaves none. */
export function servedRecorder(
  keeping: ServedKeeping,
  options: ReplayServerOptions,
  summary: () => ReplaySummary,
): ServedRecorder {
  const { script } = options;
  const run = { ...keeping, script, choices: options };
  const runId = randomUUID();
  let start: number | undefined;
  let problem: string | undefined;
  /** The summary's own may hold a key that stood in the request. */
  let firstDifference: string | undefined;
  let state: 'open' | 'ended' | 'failed' = 'open';
  let waiting: (SpanRow | EventRow)[] = [];
  let chars = 0;
  let dropped = 0;
  let writing = Promise.resolve();
  /** Of calls whose last attempt failed: another one makes the same span longer. */
  const failed = new Map<string, { readonly span: ServedSpan; readonly call: ServedCall }>();

  const write = async (): Promise<void> => {
    if (waiting.length === 0 || state === 'failed') return;
    const rows = waiting;
    const size = chars;
    waiting = [];
    try {
      await keeping.keep(rows);
    } catch (error) {
      state = 'failed';
      waiting = [];
      keeping.failed(error);
    }
    chars -= size;
  };
  const push = (size: number, ...rows: (SpanRow | EventRow)[]): void => {
    waiting.push(...rows);
    chars += size;
    writing = writing.then(write);
  };
  const root = (end: number | undefined): SpanRow =>
    servedRoot(
      run,
      { runId, start: start ?? 0, end, dropped },
      { ...summary(), firstDifference },
      problem,
    );

  const spanOf = (call: ServedCall): { span: ServedSpan; before: ServedCall | undefined } => {
    const id = call.call?.spanId ?? '';
    const before = call.attempt > 1 && call.how !== 'again' ? failed.get(id) : undefined;
    failed.delete(id);
    const span = before
      ? { ...before.span, retries: before.span.retries + 1 }
      : { runId, spanId: randomUUID(), start: call.start, retries: 0 };
    if (call.call && call.failure) {
      failed.set(id, { span, call: { ...call, body: '', answer: undefined } });
    }
    return { span, before: before?.call };
  };

  return {
    add(call) {
      if (state !== 'open') return;
      if (start === undefined) {
        start = call.start;
        push(0, root(undefined));
      }
      if (call.by === 'nobody' && call.how !== 'until') problem ??= call.failure?.message;
      firstDifference ??= call.difference;
      const size = charsOf(call);
      if (chars > 0 && chars + size > mostWaiting) {
        dropped++;
        return;
      }
      const { span, before } = spanOf(call);
      if (before) push(0, retryEvent(before, span));
      push(size, servedRow(run, call, span));
    },
    async end() {
      if (state === 'open' && start !== undefined) push(0, root(Date.now()));
      if (state === 'open') state = 'ended';
      await writing;
    },
  };
}
