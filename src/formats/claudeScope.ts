import type { Fields } from '../core/fields.ts';
import type { UnpackedSpan } from '../core/rowPacker.ts';
import { present } from './attributes.ts';
import type { ClaudeCall } from './claudeCall.ts';

/** A run, which is what one prompt led to, or a sub-agent in it: both hold calls and tools. */
export class ClaudeScope {
  readonly spanId: string;
  readonly runId: string;
  readonly start: number;
  /** Undefined of a run. */
  parentSpanId: string | undefined;
  name: string;
  /** What is the same on its lines. */
  envelope: Fields;
  metadata: Fields;
  /** What the model has not been given yet. */
  waiting: Fields[] = [];
  readonly calls = new Map<string, ClaudeCall>();
  lastTime: number;
  /** By the person, until it goes on. */
  isCancelled = false;
  output: string | undefined;
  isOver = false;
  /** It was read from another file already, and has nothing new so far. */
  isRepeated = false;

  constructor(from: {
    readonly spanId: string;
    readonly runId: string;
    readonly parentSpanId: string | undefined;
    readonly name: string;
    readonly start: number;
    readonly envelope: Fields;
    readonly metadata: Fields;
  }) {
    this.spanId = from.spanId;
    this.runId = from.runId;
    this.parentSpanId = from.parentSpanId;
    this.name = from.name;
    this.start = from.start;
    this.lastTime = from.start;
    this.envelope = from.envelope;
    this.metadata = from.metadata;
  }

  at(time: number): void {
    this.lastTime = Math.max(this.lastTime, time);
  }

  /** It is handed over, and nothing of it changes any more: its texts are let go. */
  forget(): void {
    this.metadata = this.envelope = {};
    this.output = undefined;
    this.waiting = [];
    this.calls.clear();
  }

  take(): readonly Fields[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  row(): UnpackedSpan {
    return {
      type: 'span',
      spanId: this.spanId,
      runId: this.runId,
      parentSpanId: this.parentSpanId,
      name: this.name,
      startTime: this.start / 1000,
      endTime: this.isOver ? this.lastTime / 1000 : undefined,
      status: !this.isOver ? 'running' : this.isCancelled ? 'cancelled' : 'ok',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata: present({
        kind: 'agent',
        ...this.metadata,
        output: this.output,
        transcript: this.envelope,
      }),
      error: undefined,
    };
  }
}
