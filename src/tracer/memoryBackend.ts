import { rowsOf } from '../core/rowPacker.ts';
import type { Backend, Batch, EventRow, SpanRow } from '../core/traceRows.ts';

/**
 * Keeps rows in memory, for tests of an agent. Rows come after `tracer.flush()`.
 *
 * @example
 * const memory = new MemoryBackend();
 * const tracer = new AgentTracer({ backend: memory });
 */
export class MemoryBackend implements Backend {
  readonly name = 'memory';
  /** By id; a span that was open when it was first kept is there once. */
  readonly spans = new Map<string, SpanRow>();
  /** In the order in which they happened. */
  readonly events: EventRow[] = [];
  readonly #mostRows: number;

  /** @param mostRows spans and events that are kept; what comes then is dropped */
  constructor(mostRows = 100_000) {
    this.#mostRows = mostRows;
  }

  /** Called by the tracer. */
  write(batch: Batch): boolean {
    if (this.spans.size + this.events.length + batch.spans + batch.events > this.#mostRows) {
      return false;
    }
    for (const row of rowsOf(batch)) {
      if (row.type === 'event') this.events.push(row);
      else if (row.endTime !== undefined || !this.spans.has(row.spanId)) {
        this.spans.set(row.spanId, row);
      }
    }
    return true;
  }

  /** Called by the tracer; always true. */
  async flush(): Promise<boolean> {
    return true;
  }

  /** Called by the tracer; what was kept stays. */
  async close(): Promise<void> {
    // There is nothing to let go of: what was kept may still be looked at.
  }
}
