import type { RunSummary } from '../core/model.ts';
import type { Redactor } from '../core/redaction.ts';
import { leavingId, traceIdOf } from '../formats/otlpIds.ts';
import type { SentLog } from './sendTraces.ts';

export interface SentCounts {
  /** Arrived before. */
  readonly already: number;
  /** May have arrived before. */
  readonly unsure: number;
}

/** How many spans of runs a log knows, without reading them. */
export function sentCounts(
  runs: readonly Pick<RunSummary, 'runId' | 'spans'>[],
  redactor: Redactor | undefined,
  log: Pick<SentLog, 'sent' | 'unsure'> | undefined,
): SentCounts {
  let [already, unsure] = [0, 0];
  for (const run of runs) {
    const traceId = traceIdOf(leavingId(run.runId, redactor));
    const sent = log?.sent(traceId) ?? new Set();
    const doubtful = [...(log?.unsure?.(traceId) ?? [])].filter(id => !sent.has(id));
    // Of spans that are no longer in the file it is remembered as well.
    already += Math.min(sent.size, run.spans);
    unsure += Math.min(doubtful.length, run.spans);
  }
  return { already, unsure };
}
