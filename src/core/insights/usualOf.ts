import { isToolCall } from '../kind.ts';
import type { RunSummary, Span } from '../model.ts';
import { inputTokens, totalTokens } from '../usage.ts';
import { type CallFacts, type ResultShape, resultShapes, type SpanFacts } from './facts.ts';
import { calledName } from './factsOf.ts';
import { createSamples, enoughBefore, type Samples } from './samples.ts';
import type { Sample, Usual, UsualCall, UsualRun, UsualTool } from './usual.ts';

/** Collects what is usual in a file. Fed with the newest runs first, and with newer ones later; bounded. */
export interface UsualBuilder {
  /** Runs that have not ended, and of which not all is known, are left out; so is what is added of them. */
  addRun(run: RunSummary): void;
  addSpans(run: RunSummary, spans: Iterable<Span>): void;
  /** In the order of the run's tree. */
  addFacts(run: RunSummary, span: Span, facts: SpanFacts): void;
  /** What is usual for a run: without itself, and where there are enough, of runs that began before it. */
  seenFrom(run: RunSummary): Usual;
}

type Measure =
  | 'cost'
  | 'duration'
  | 'tokens'
  | 'calls'
  | 'asked'
  | 'resultChars'
  | 'shape'
  | 'pace';

/** `ok`: runs that went well. `other`: spans that are neither tools nor model calls. */
type Of = 'run' | 'ok' | 'tool' | 'other' | 'call';

const keyOf = (names: readonly string[]): string =>
  names.map(one => one.slice(0, 300)).join('\u0000');

export function createUsual(): UsualBuilder {
  // Kept apart, so that runs that all have names of their own leave room for the tools.
  const kinds = new Map<string, Samples>();
  const samplesOf = (of: Of, measure: Measure): Samples => {
    const kind = `${of} ${measure}`;
    const known = kinds.get(kind);
    if (known) return known;
    const made = createSamples();
    kinds.set(kind, made);
    return made;
  };
  const add: Add = (of, measure, names, run, value) =>
    samplesOf(of, measure).add(keyOf(names), run, value);
  const asked = new Set<string>();
  const addOfRun = (run: RunSummary, measure: Measure, value: number | undefined): void => {
    add('run', measure, [run.name], run, value);
    if (run.status === 'ok') add('ok', measure, [run.name], run, value);
  };
  return {
    addRun: run => {
      if (!isWhole(run)) return;
      addOfRun(run, 'cost', run.cost);
      addOfRun(run, 'duration', took(run));
      addOfRun(run, 'tokens', totalTokens(run.usage));
    },
    addSpans: (run, spans) => {
      if (!isWhole(run)) return;
      let calls = 0;
      for (const span of spans) {
        if (isCall(span)) calls++;
        if (!wentWell(span)) continue;
        if (isCall(span)) addCall(add, run, span);
        else
          add(isToolCall(span) ? 'tool' : 'other', 'duration', [calledName(span)], run, took(span));
      }
      addOfRun(run, 'calls', calls);
    },
    addFacts: (run, span, { tool, call }) => {
      if (!isWhole(run)) return;
      if (call && !asked.has(run.runId)) {
        const [first] = asked;
        if (first !== undefined && asked.size >= mostAsked) asked.delete(first);
        asked.add(run.runId);
        addOfRun(run, 'asked', askedChars(call));
      }
      if (!tool?.result || !wentWell(span)) return;
      add('tool', 'resultChars', [calledName(span)], run, tool.result.chars);
      const shape = resultShapes.indexOf(tool.result.shape);
      add('tool', 'shape', [calledName(span)], run, shape);
    },
    seenFrom: run =>
      seen((of, measure, ...names) => samplesOf(of, measure).without(keyOf(names), run)),
  };
}

const mostAsked = 10_000;

type Add = (
  of: Of,
  measure: Measure,
  names: readonly string[],
  run: RunSummary,
  value: number | undefined,
) => void;

function addCall(add: Add, run: RunSummary, span: Span): void {
  const names = [span.name, span.model ?? ''];
  const put = (measure: Measure, value: number | undefined): void =>
    add('call', measure, names, run, value);
  put('duration', took(span));
  put('tokens', inputTokens(span.usage));
  put('pace', paceOf(span));
  put('cost', span.cost);
}

function seen(without: (of: Of, measure: Measure, ...names: readonly string[]) => Sample): Usual {
  const kept = new Map<string, UsualRun | UsualTool | UsualCall>();
  // A detector asks for each of a run's spans, and few of these differ in name.
  const once = <T extends UsualRun | UsualTool | UsualCall>(key: string, make: () => T): T => {
    const known = kept.get(key);
    if (known) return known as T;
    const made = make();
    if (kept.size < 5000) kept.set(key, made);
    return made;
  };
  const ofRuns = (measure: Measure, name: string): Sample => {
    const good = without('ok', measure, name);
    return good.length >= enoughBefore ? good : without('run', measure, name);
  };
  return {
    run: name =>
      once(`run ${name}`, () => ({
        costs: ofRuns('cost', name),
        durations: ofRuns('duration', name),
        tokens: ofRuns('tokens', name),
        calls: ofRuns('calls', name),
        askedChars: ofRuns('asked', name),
      })),
    tool: name =>
      once(`tool ${name}`, () => ({
        durations: orElse(without('tool', 'duration', name), () =>
          without('other', 'duration', name),
        ),
        resultChars: without('tool', 'resultChars', name),
        shapes: countShapes(without('tool', 'shape', name)),
      })),
    call: (name, model) =>
      once(`call ${name}\u0000${model ?? ''}`, () => ({
        durations: without('call', 'duration', name, model ?? ''),
        inputTokens: without('call', 'tokens', name, model ?? ''),
        pace: without('call', 'pace', name, model ?? ''),
        costs: without('call', 'cost', name, model ?? ''),
      })),
  };
}

const orElse = (one: Sample, other: () => Sample): Sample => (one.length > 0 ? one : other());

function countShapes(found: Sample): ReadonlyMap<ResultShape, number> {
  const counts = new Map<ResultShape, number>();
  for (let at = 0; at < found.length; at++) {
    const shape = resultShapes[found[at] ?? -1];
    if (shape) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return counts;
}

/** Letters of what a conversation began with. */
export function askedChars(call: CallFacts): number | undefined {
  const first = call.prompt.find(({ part, role }) => part === 'message' && role === 'user');
  return first && first.chars - first.resultChars;
}

const isWhole = (run: RunSummary): boolean =>
  run.end !== undefined && run.status !== 'running' && run.status !== 'stale' && !run.partial;

const wentWell = ({ status, end }: Span): boolean =>
  status !== 'error' && status !== 'running' && end !== undefined;

/** A model call: an LLM span that recorded tokens, a model or a cost, and no wrapper around one. */
export const isCall = ({ kind, costSource, model, usage }: Span): boolean =>
  kind === 'llm' && (costSource !== 'none' || model !== undefined || Object.keys(usage).length > 0);

/** Milliseconds; undefined where the record is open or broken. */
export function took({
  start,
  end,
}: {
  readonly start: number | undefined;
  readonly end: number | undefined;
}): number | undefined {
  const ms = start === undefined || end === undefined ? Number.NaN : end - start;
  return ms >= 0 && Number.isFinite(ms) ? ms : undefined;
}

/** Milliseconds for each output token. What was written in a few tokens says nothing about it. */
export function paceOf(span: Span): number | undefined {
  const [ms, { output }] = [took(span), span.usage];
  return ms === undefined || output === undefined || output < 20 ? undefined : ms / output;
}
