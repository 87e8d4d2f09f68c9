import type { RunSummary } from '../core/model.ts';
import type { Redactor } from '../core/redaction.ts';
import type { ExportedSpan } from './exportedSpan.ts';
import { leavingId } from './otlpIds.ts';

/** A run on its way into a file: its spans come in tree order, and are not all in memory. */
export interface ExportedRun {
  readonly run: RunSummary;
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

/** How deep each span stands, as spans come by in tree order. */
export function depths(): (span: ExportedSpan) => number {
  const known = new Map<string, number>();
  return ({ spanId, parentSpanId }) => {
    const above = parentSpanId === undefined ? undefined : known.get(parentSpanId);
    const depth = above === undefined ? (parentSpanId === undefined ? 0 : 1) : above + 1;
    known.set(spanId, depth);
    return depth;
  };
}
