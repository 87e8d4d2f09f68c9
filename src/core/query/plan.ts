import { isToolCall } from '../kind.ts';
import type { RunSummary, Span, UnixMs } from '../model.ts';
import { runDuration } from '../runQuery.ts';
import { inputTokens, totalTokens } from '../usage.ts';
import type { FieldTerm, Query, SoughtText } from './ast.ts';
import { type FieldName, fieldOf, type Level } from './fields.ts';
import { like, plainFinder } from './pattern.ts';
import { momentOf } from './values.ts';

/** A run, and what only reading its spans tells. */
export interface RunFacts {
  readonly run: RunSummary;
  /** How many LLM calls; undefined where that was not looked for. */
  readonly calls?: number | undefined;
}

/** A span, and what is recorded with it; asked for only where a query needs it. */
export interface SpanFacts {
  readonly span: Span;
  /** Whole: that of the span may be but its beginning. */
  error(): string | undefined;
  provider(): string | undefined;
  tags(): readonly string[];
  /** Whether its name, error or recorded data holds a text. */
  holds(sought: SoughtText): boolean;
}

/** One term, ready to be asked. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly level: Level;
  readonly field: FieldName | undefined;
  /** What has to be in a span's texts; undefined for terms of a field. */
  readonly sought: SoughtText | undefined;
  /** Undefined where the run alone does not tell. */
  run(facts: RunFacts): boolean | undefined;
  span(facts: SpanFacts): boolean;
}

export type Plan =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Plan[] }
  | { readonly kind: 'not'; readonly part: Plan }
  | Leaf;

/** A query made ready for runs and spans as they are seen at a time. */
export function planOf(query: Query, now: UnixMs): Plan {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { kind: query.kind, parts: cheapestFirst(query.parts.map(part => planOf(part, now))) };
    case 'not':
      return { kind: 'not', part: planOf(query.part, now) };
    case 'text':
      return textLeaf(query.sought);
    case 'field':
      return fieldLeaf(query, now);
  }
}

/** Runs are in memory; kinds are read from the file; other fields and texts take reading all that is recorded. */
function priceOf(plan: Plan): number {
  if (plan.kind === 'not') return priceOf(plan.part);
  if (plan.kind !== 'leaf') return Math.max(...plan.parts.map(priceOf));
  if (plan.sought) return 4;
  const { field, level } = plan;
  if (field === 'provider' || field === 'tag') return 3;
  if (field === 'kind' || field === 'tool' || field === 'calls') return 2;
  return level === 'run' ? 0 : 1;
}

const cheapestFirst = (plans: readonly Plan[]): readonly Plan[] =>
  [...plans].sort((a, b) => priceOf(a) - priceOf(b));

function textLeaf(sought: SoughtText): Leaf {
  const find = plainFinder(sought);
  const holds = (text: string | undefined): boolean => text !== undefined && !!find(text);
  return {
    kind: 'leaf',
    level: 'either',
    field: undefined,
    sought,
    run: ({ run }) =>
      holds(run.name) || holds(run.runId) || holds(run.error) || holds(run.sessionId) || undefined,
    span: facts => facts.holds(sought),
  };
}

const never = (): boolean => false;

function fieldLeaf(term: FieldTerm, now: UnixMs): Leaf {
  const { level } = fieldOf(term.field);
  const { value, field } = term;
  const base = { kind: 'leaf', level, field, sought: undefined } as const;
  if (value.kind === 'time') {
    const moment = momentOf(value.time, now);
    const after = term.field === 'after';
    const run = ({ run: { start } }: RunFacts): boolean =>
      start !== undefined && (after ? start >= moment : start < moment);
    return { ...base, run, span: never };
  }
  if (value.kind === 'number') {
    const is = compare(term, value.number);
    if (term.field === 'calls') {
      return {
        ...base,
        run: ({ calls }) => (calls === undefined ? undefined : is(calls)),
        span: never,
      };
    }
    return level === 'run'
      ? { ...base, run: ({ run }) => is(runNumber(term.field, run, now)), span: never }
      : { ...base, run: () => undefined, span: ({ span }) => is(spanNumber(term.field, span)) };
  }
  const is =
    value.kind === 'word'
      ? (text: string) => text === value.word
      : like(term.written, term.comparison === '=');
  const any = (texts: readonly (string | undefined)[]): boolean =>
    texts.some(text => text !== undefined && is(text));
  const ofRun = ({ run }: RunFacts): boolean => any(runTexts(term.field, run));
  return {
    ...base,
    run: facts => (level === 'run' ? ofRun(facts) : ofRun(facts) || undefined),
    span: facts => any(spanTexts(term.field, facts)),
  };
}

function compare({ comparison }: FieldTerm, limit: number): (value: number | undefined) => boolean {
  // Sums of cents are not exact.
  const slack = Math.abs(limit) * 1e-9;
  const tests: Readonly<Record<FieldTerm['comparison'], (value: number) => boolean>> = {
    ':': value => Math.abs(value - limit) <= slack,
    '=': value => Math.abs(value - limit) <= slack,
    '>': value => value > limit + slack,
    '>=': value => value >= limit - slack,
    '<': value => value < limit - slack,
    '<=': value => value <= limit + slack,
  };
  const is = tests[comparison];
  // What is not recorded is neither more nor less.
  return value => value !== undefined && is(value);
}

function runNumber(field: FieldName, run: RunSummary, now: UnixMs): number | undefined {
  switch (field) {
    case 'cost':
      return run.cost;
    case 'duration':
      return runDuration(run, now);
    case 'tokens':
      return totalTokens(run.usage);
    case 'input':
      return inputTokens(run.usage);
    case 'output':
      return run.usage.output;
    case 'spans':
      return run.spans;
  }
  return undefined;
}

function spanNumber(field: FieldName, span: Span): number | undefined {
  switch (field) {
    case 'span.cost':
      return span.costSource === 'none' ? undefined : span.cost;
    case 'span.duration':
      return span.start === undefined || span.end === undefined ? undefined : span.end - span.start;
    case 'span.tokens':
      return totalTokens(span.usage);
    case 'span.input':
      return inputTokens(span.usage);
    case 'span.output':
      return span.usage.output;
  }
  return undefined;
}

function runTexts(field: FieldName, run: RunSummary): readonly (string | undefined)[] {
  switch (field) {
    case 'status':
      return [run.status];
    case 'name':
      return [run.name];
    case 'error':
      return [run.error];
    case 'id':
      return [run.runId];
    case 'session':
      return [run.sessionId];
  }
  return [];
}

function spanTexts(field: FieldName, facts: SpanFacts): readonly (string | undefined)[] {
  const { span } = facts;
  switch (field) {
    case 'span.status':
      return [span.status];
    case 'name':
      return [span.name];
    case 'error':
      return [span.error, facts.error()];
    case 'id':
      return [span.spanId];
    case 'tool':
      // A tracer may record the tool's name as that of the span.
      return isToolCall(span) ? [span.toolName, span.name] : [span.toolName];
    case 'kind':
      return [span.kind];
    case 'model':
      return [span.model];
    case 'provider':
      return [facts.provider()];
    case 'tag':
      return facts.tags();
  }
  return [];
}
