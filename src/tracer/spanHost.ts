import type { Price } from '../core/price.ts';
import type { SpanOptions } from './options.ts';
import type { Recorder } from './recorder.ts';
import type { Span } from './span.ts';

/** What a span needs of its tracer. */
export interface SpanHost {
  readonly recorder: Recorder;
  readonly prices: readonly Price[];
  /** Whether anything is kept. */
  readonly records: boolean;
  open(parent: Span | undefined, name: string, options: SpanOptions, called: Called): Span;
  /** Calls a function inside a span, and ends the span with it. */
  inside<T>(span: Span, fn: (span: Span) => T): T;
  within<T>(span: Span, fn: () => T): T;
  enter(span: Span): void;
  leave(span: Span): void;
  ended(span: Span): void;
  warnUnpriced(model: string, counted: boolean): void;
}

/** A function that is running, whose caller is looked for. */
export type Called = (...args: never[]) => unknown;
