import type { SpanRecord } from '../sample/database.ts';
import { Random } from '../sample/random.ts';
import { Agent, type AgentOptions } from './agent.ts';
import { PromptCache } from './promptCache.ts';

/** The moment at which the labelled runs are looked at. */
export const now = Date.UTC(2026, 10, 27, 14, 30);
export const minute = 60_000;

/** A trace file in the making: the runs that came before, and the one that a label is about. */
export class Recording {
  readonly random: Random;
  readonly cache = new PromptCache();
  readonly spans: SpanRecord[] = [];
  /** Spans that labels name. */
  readonly marks = new Map<string, Set<string>>();
  /** The run that was begun last is the one that the label is about. */
  runId = '';

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** @param before milliseconds before `now` at which the run begins */
  run(options: AgentOptions, before = 30 * minute): Agent {
    const agent = new Agent(this, options, now - before);
    this.runId = agent.top.runId;
    return agent;
  }

  /** Runs before the one that the label is about, oldest first, some 20 minutes apart. */
  history(count: number, tell: (index: number, before: number) => unknown): void {
    for (let index = 0; index < count; index++) {
      const gap = (count - index) * 20 * minute + this.random.between(0, 4) * minute;
      tell(index, 50 * minute + gap);
    }
  }

  mark(name: string, span: SpanRecord): void {
    const spans = this.marks.get(name) ?? new Set();
    this.marks.set(name, spans.add(span.spanId));
  }

  /** Takes a span's row out of the file; what lies below it stays. */
  lose(span: SpanRecord): void {
    this.spans.splice(this.spans.indexOf(span), 1);
  }
}
