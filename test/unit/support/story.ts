import { fillIn } from '../../../src/core/errors.ts';
import type { Context, RunEvidence } from '../../../src/core/insights/evidence.ts';
import type { ResultShape, SpanFacts } from '../../../src/core/insights/facts.ts';
import { factsOf } from '../../../src/core/insights/factsOf.ts';
import { findInsights } from '../../../src/core/insights/findInsights.ts';
import type { Insight, InsightType } from '../../../src/core/insights/insight.ts';
import { insightWords } from '../../../src/core/insights/insightWords.ts';
import { defaultThresholds } from '../../../src/core/insights/thresholds.ts';
import { nothingUsual } from '../../../src/core/insights/usual.ts';
import { readMetadata } from '../../../src/core/metadata.ts';
import type { RunSummary, Span, SpanEvent, SpanKind } from '../../../src/core/model.ts';
import { summariseRun } from '../../../src/core/run.ts';
import type { Clock } from '../../../src/core/status.ts';
import { buildTree } from '../../../src/core/tree.ts';
import { span } from './tree.ts';

/** What a test cares about of a span; the rest is as of one that ended ok after 100 ms. */
export interface Part extends Partial<Span> {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly events?: readonly Omit<SpanEvent, 'attributes'>[] | readonly SpanEvent[];
  /** It runs while what comes next runs too. */
  readonly beside?: boolean;
  /** How long it takes. */
  readonly ms?: number;
}

/** Writes down what a run does, one thing after another; spans are named by kind and number: `llm1`, `tool2`. */
export class Story {
  readonly spans: Span[] = [];
  readonly metadata = new Map<string, Readonly<Record<string, unknown>>>();
  readonly events = new Map<string, readonly SpanEvent[]>();
  now = 0;
  #parent: string | undefined;
  readonly #counts = new Map<SpanKind, number>();

  add(kind: SpanKind, part: Part = {}): Span {
    const { metadata = {}, events = [], beside = false, ms = 100, ...own } = part;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const id = own.spanId ?? `${kind}${count}`;
    const start = this.now;
    const made = span(id, {
      kind,
      parentSpanId: this.#parent,
      start,
      end: start + ms,
      ...own,
    });
    this.spans.push(made);
    this.metadata.set(id, metadata);
    this.events.set(
      id,
      events.map(event => ({ attributes: undefined, ...event })),
    );
    if (!beside) this.now = (made.end ?? start) + 10;
    return made;
  }

  /** A model call; what it asked for may be given as `[tool, input]`. */
  llm(part: Part = {}, asks: readonly (readonly [string, unknown])[] = []): Span {
    const content = asks.map(([name, input]) => ({ type: 'tool_use', name, input }));
    const response = asks.length === 0 ? {} : { response: { content } };
    return this.add('llm', {
      name: 'think',
      model: 'm',
      ...part,
      metadata: { ...response, ...part.metadata },
    });
  }

  tool(toolName: string, tool_input: unknown, tool_result: unknown, part: Part = {}): Span {
    return this.add('tool', {
      name: 'tool_execution',
      toolName,
      ...part,
      metadata: { tool_name: toolName, tool_input, tool_result, ...part.metadata },
    });
  }

  failed(toolName: string, tool_input: unknown, error: string, part: Part = {}): Span {
    return this.tool(toolName, tool_input, undefined, { status: 'error', error, ...part });
  }

  /** Something that others happen within. It ends when they have. */
  within(kind: SpanKind, part: Part, tell: (story: Story) => void): void {
    const { start } = part;
    if (start !== undefined) this.now = start;
    const made = this.add(kind, { ...part, beside: true });
    const parent = this.#parent;
    this.#parent = made.spanId;
    this.now += 1;
    tell(this);
    this.#parent = parent;
    this.now += 5;
    const ended = 'end' in part || made.status === 'running' ? part.end : this.now;
    this.spans[this.spans.indexOf(made)] = { ...made, end: ended };
  }

  wait(ms: number): void {
    this.now += ms;
  }
}

export interface Look {
  /** Of the root. */
  readonly root?: Part;
  readonly run?: Partial<RunSummary>;
  readonly clock?: Clock;
  readonly tools?: Readonly<Record<string, UsualTool>>;
  readonly calls?: Readonly<Record<string, readonly number[]>>;
}

export interface UsualTool {
  readonly shapes?: Partial<Record<ResultShape, number>>;
  readonly chars?: readonly number[];
  readonly durations?: readonly number[];
}

export const justAfter: Clock = { now: 10_000_000, staleAfter: 600_000 };

export function evidenceOf(tell: (story: Story) => void, look: Look = {}): RunEvidence {
  const story = new Story();
  story.within('agent', { name: 'agent', ...look.root }, tell);
  const tree = buildTree(story.spans);
  const clock = look.clock ?? justAfter;
  const facts = new Map<string, SpanFacts>();
  return {
    run: { ...summariseRun(tree, clock), ...look.run },
    tree,
    facts({ spanId, kind }) {
      let known = facts.get(spanId);
      if (!known) {
        const text = JSON.stringify(story.metadata.get(spanId));
        known = factsOf(readMetadata(text), story.events.get(spanId) ?? [], kind);
        facts.set(spanId, known);
      }
      return known;
    },
  };
}

export const contextOf = (look: Look = {}): Context => ({
  thresholds: defaultThresholds,
  clock: look.clock ?? justAfter,
  usual: {
    run: nothingUsual.run,
    tool: name => {
      const { shapes = {}, chars = [], durations = [] } = look.tools?.[name] ?? {};
      return {
        durations,
        resultChars: [...chars].sort((a, b) => a - b),
        shapes: new Map(Object.entries(shapes) as [ResultShape, number][]),
      };
    },
    call: name => ({
      ...nothingUsual.call(name, undefined),
      durations: look.calls?.[name] ?? [],
    }),
  },
});

/** All that is found in a run that is told. */
export const found = (tell: (story: Story) => void, look: Look = {}): readonly Insight[] =>
  findInsights(evidenceOf(tell, look), contextOf(look));

/** What is found of one type, each as `severity span: sentence`. */
export const foundOf = (
  type: InsightType,
  tell: (story: Story) => void,
  look: Look = {},
): readonly string[] =>
  found(tell, look)
    .filter(one => one.type === type)
    .map(({ severity, spanIds, said }) => {
      return `${severity} ${spanIds[0]}: ${fillIn(insightWords[said.word], said.values)}`;
    });
