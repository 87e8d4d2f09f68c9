import type { RunSummary } from '../core/model.ts';
import type { PlacedSpan, RecordedFailure } from '../core/recordedSpan.ts';
import type { Redactor } from '../core/redaction.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { leavingId } from './otlpIds.ts';

/** A run on its way into a file: its spans come in tree order, and are not all in memory. */
export interface ExportedRun {
  readonly run: RunSummary;
  /** Undefined for a run that did not fail. */
  readonly failure: RecordedFailure | undefined;
  readonly spans: AsyncIterable<ExportedSpan>;
}

/** The texts of a run without what may not leave; figures are figures. */
export function exportedRun(run: RunSummary, redactor: Redactor | undefined): RunSummary {
  if (!redactor) return run;
  return {
    ...run,
    runId: leavingId(run.runId, redactor),
    rootSpanId: leavingId(run.rootSpanId, redactor),
    name: redactor.text(run.name),
    sessionId: run.sessionId === undefined ? undefined : redactor.text(run.sessionId),
    error: run.error === undefined ? undefined : redactor.text(run.error),
    failingSpanId:
      run.failingSpanId === undefined ? undefined : leavingId(run.failingSpanId, redactor),
  };
}

/** The same of where it failed. */
export function exportedFailure(
  { span, toolUseId, cause }: RecordedFailure,
  redactor: Redactor | undefined,
): RecordedFailure {
  const leaving = (one: PlacedSpan): PlacedSpan => ({
    ...one,
    runId: leavingId(one.runId, redactor),
    spanId: leavingId(one.spanId, redactor),
    name: redactor?.text(one.name) ?? one.name,
    toolName: one.toolName && (redactor?.text(one.toolName) ?? one.toolName),
  });
  return {
    span: leaving(span),
    toolUseId: toolUseId && (redactor?.text(toolUseId) ?? toolUseId),
    cause: cause && { ...cause, span: leaving(cause.span) },
  };
}

/** How deep each span stands, as spans come by in tree order. */
export function depths(): (span: ExportedSpan) => number {
  // Those above the last one: in tree order no other can be the parent of the next.
  const above: string[] = [];
  return ({ spanId, parentSpanId }) => {
    const parent = parentSpanId === undefined ? -1 : above.lastIndexOf(parentSpanId);
    // What has no parent here hangs below the root.
    const depth = parent < 0 ? Math.min(1, above.length) : parent + 1;
    above.length = depth;
    above.push(spanId);
    return depth;
  };
}
