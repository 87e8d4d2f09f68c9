import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { parsedIfJson, present } from './attributes.ts';
import type { FileReader, ImportFormat, ImportSink, SourceReader } from './importFormat.ts';
import { hasUsage, observationRow } from './langfuseObservation.ts';
import { timeOf } from './times.ts';

/** Of exports with an observation a line, so many characters are held at once: which calls wrap others is asked of all. */
const mostHeld = 32_000_000;

/** What Langfuse exports: a trace with its observations, several of them, or an observation a line. */
export const langfuse: ImportFormat = {
  id: 'langfuse',
  label: 'Langfuse export',
  takes: 'records',
  detect({ keys, values }) {
    if (keys.has('observations') && (keys.has('trace') || keys.has('id'))) return true;
    if (keys.has('trace') && keys.has('trace.projectId')) return true;
    const first = fieldsOf(values[0]);
    return (
      textOf(first.traceId ?? first.trace_id) !== undefined &&
      observationTypes.has(String(first.type)) &&
      ('startTime' in first || 'start_time' in first)
    );
  },
  open: sink => new LangfuseReader(sink),
};

const observationTypes = new Set([
  ...['SPAN', 'GENERATION', 'EVENT', 'AGENT', 'TOOL', 'CHAIN', 'RETRIEVER', 'EVALUATOR'],
  ...['EMBEDDING', 'GUARDRAIL'],
]);

class LangfuseReader implements SourceReader {
  readonly #sink: ImportSink;
  #held: Fields[] = [];
  #heldChars = 0;

  constructor(sink: ImportSink) {
    this.#sink = sink;
  }

  file(): FileReader {
    return {
      record: (text, line) => this.#record(text, line),
      end: () => this.#flush(),
    };
  }

  settle(): void {
    // Which calls wrap others is known of a trace as a whole.
  }

  #flush(): void {
    const held = new Map<string, Fields[]>();
    for (const one of this.#held) {
      const runId = textOf(one.traceId) ?? '';
      const of = held.get(runId);
      if (of) of.push(one);
      else held.set(runId, [one]);
    }
    this.#held = [];
    this.#heldChars = 0;
    for (const [runId, observations] of held) this.#write(runId, {}, observations);
  }

  end(): void {
    this.#flush();
  }

  #record(text: string, line: number): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Cut off or damaged: it is counted.
      this.#sink.skipped('notJson', line);
      return;
    }
    const all = Array.isArray(value) ? value : [value];
    for (const one of all) this.#value(fieldsOf(one), text.length / all.length, line);
    if (all.length === 0) this.#sink.skipped('notRecord', line);
  }

  #value(value: Fields, chars: number, line: number): void {
    const trace = 'trace' in value ? fieldsOf(value.trace) : value;
    const list = value.observations ?? trace.observations;
    if (Array.isArray(list)) {
      const observations = list.map(named);
      const runId = textOf(trace.id) ?? textOf(observations[0]?.traceId);
      if (runId === undefined) {
        this.#sink.skipped('noId', line);
        return;
      }
      this.#write(runId, trace, observations, line);
      return;
    }
    const one = named(value);
    if (textOf(one.traceId) === undefined) {
      this.#sink.skipped('notRecord', line);
      return;
    }
    this.#held.push(one);
    this.#heldChars += chars;
    if (this.#heldChars > mostHeld) this.#flush();
  }

  #write(runId: string, trace: Fields, observations: readonly Fields[], line = 0): void {
    const kept = observations.filter(one => {
      const why =
        textOf(one.id) === undefined
          ? 'noId'
          : timeOf(one.startTime) === undefined
            ? 'noTime'
            : undefined;
      if (why) this.#sink.skipped(why, line);
      return !why;
    });
    const ids = new Set(kept.map(one => String(one.id)));
    const isRoot = (one: Fields): boolean => !ids.has(textOf(one.parentObservationId) ?? '');
    const roots = kept.filter(isRoot);
    const { observations: _, ...about } = trace;
    const hasTrace = Object.keys(about).length > 0;
    // One root is the run; several of them, or none, get one above them, named after the trace.
    const above = hasTrace && roots.length !== 1 ? runId : undefined;
    if (above !== undefined) this.#root(runId, about, kept);
    const wrapping = wrappers(kept);
    for (const one of kept) {
      const parent = isRoot(one) ? above : textOf(one.parentObservationId);
      const row = observationRow(one, runId, parent, wrapping.has(String(one.id)));
      if (one.type === 'EVENT' && parent !== undefined) {
        const { name, startTime: time, metadata: attributes } = row;
        this.#sink.event({ type: 'event', spanId: parent, runId, time, name, attributes });
        continue;
      }
      const ofTrace = hasTrace && parent === undefined ? traceFields(about) : {};
      this.#sink.span({ ...row, metadata: { ...row.metadata, ...ofTrace } });
    }
  }

  #root(runId: string, trace: Fields, observations: readonly Fields[]): void {
    const times = observations.flatMap(one => [timeOf(one.startTime), timeOf(one.endTime)]);
    const known = [timeOf(trace.timestamp), ...times].filter(time => time !== undefined);
    if (known.length === 0) {
      this.#sink.skipped('noTime', 0);
      return;
    }
    this.#sink.span({
      type: 'span',
      spanId: runId,
      runId,
      parentSpanId: undefined,
      name: textOf(trace.name) ?? 'trace',
      startTime: known.reduce((a, b) => Math.min(a, b)) / 1000,
      endTime: known.reduce((a, b) => Math.max(a, b)) / 1000,
      status: 'ok',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      model: '',
      metadata: {
        ...present({ input: parsedIfJson(trace.input), output: parsedIfJson(trace.output) }),
        ...traceFields(trace),
      },
      error: undefined,
    });
  }
}

/** Exports of tables name their columns with underscores. */
const named = (value: unknown): Fields =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([key, one]) => [
      key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      one,
    ]),
  );

const traceFields = ({ sessionId, userId, input: _, output: __, ...trace }: Fields): Fields =>
  present({
    session_id: sessionId ?? undefined,
    user_id: userId ?? undefined,
    trace: Object.fromEntries(Object.entries(trace).filter(([, value]) => value !== null)),
  });

/** Generations around generations: SDKs repeat the usage of the calls inside on them. */
function wrappers(observations: readonly Fields[]): ReadonlySet<string> {
  const parents = new Map(
    observations.map(one => [String(one.id), textOf(one.parentObservationId)]),
  );
  const found = new Set<string>();
  for (const one of observations) {
    if (!hasUsage(one)) continue;
    const passed = new Set<string>();
    // Parents may go round in a damaged export.
    for (let at = parents.get(String(one.id)); at && !passed.has(at); at = parents.get(at)) {
      passed.add(at);
      found.add(at);
    }
  }
  return found;
}
