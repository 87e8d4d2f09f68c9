// One way of recording spans, measured in a process of its own: tracerSchemes.ts <scheme> <measure> <file>.
// Prints its figures as JSON. Started by tracer.ts.
import { DatabaseSync } from 'node:sqlite';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type BufferConfig,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type * as tracerModule from '../../src/tracer/main.ts';
import { inRepo } from '../tools/repo.ts';

type Attributes = Record<string, string | number | boolean>;

interface Scheme {
  run(work: () => Promise<void>): Promise<void>;
  /** An asynchronous span that does nothing. */
  span(attributes: Attributes): Promise<void>;
  syncSpan(attributes: Attributes): void;
  /** Until all is where it shall be. */
  flush(): Promise<void>;
  /** Spans that arrived; undefined where the sink counts. */
  arrived(): number | undefined;
}

export interface Figures {
  readonly spans: number;
  readonly cpuMicros: number;
  readonly meanMicros: number;
  readonly p999Micros: number;
  readonly maxMicros: number;
  /** Milliseconds until the last span was recorded, and until all were stored. */
  readonly recordedMs: number;
  readonly storedMs: number;
  readonly arrived: number | undefined;
  readonly memoryMb: number;
}

const [schemeName = '', measure = '', target = ''] = process.argv.slice(2);

const insert = `INSERT OR REPLACE INTO spans VALUES (${Array(13).fill('?').join()})`;
const columns = `span_id TEXT PRIMARY KEY, run_id TEXT, parent_span_id TEXT, name TEXT, start_time REAL,
  end_time REAL, status TEXT, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL, model TEXT,
  metadata TEXT, error TEXT`;
const countRows = (): number => {
  const db = new DatabaseSync(target, { readOnly: true });
  const rows = Number(db.prepare('SELECT count(*) AS n FROM spans').get()?.n);
  db.close();
  return rows;
};

async function ours(options: Partial<tracerModule.TracerOptions>): Promise<Scheme> {
  const file = inRepo('dist/tracer/main.mjs');
  const { AgentTracer }: typeof tracerModule = await import(file);
  const tracer = new AgentTracer({ file: target, git: false, ...options });
  return {
    run: work => tracer.run('agent', undefined, work, { keepOutput: false }),
    span: metadata =>
      tracer.span('tool_execution', { kind: 'tool', metadata }, async () => undefined),
    syncSpan: metadata =>
      tracer.span('tool_execution', { kind: 'tool', metadata }, () => undefined),
    flush: async () => {
      for (let tries = 0; tries < 10 && !(await tracer.flush()); tries++);
    },
    arrived: countRows,
  };
}

/** Spans that OpenTelemetry keeps until they are exported, where it shall lose none; its default is 2048. */
const roomForAll = 250_000;

function openTelemetry(
  exporter: SpanExporter,
  arrived: () => number | undefined,
  config: BufferConfig = {},
): Scheme {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(exporter, config)],
  });
  const tracer = provider.getTracer('bench');
  const once = <T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> =>
    tracer.startActiveSpan(name, { attributes }, async span => {
      try {
        return await work();
      } finally {
        span.end();
      }
    });
  return {
    run: work => once('agent', {}, work),
    span: attributes =>
      once('tool_execution', { kind: 'tool', ...attributes }, async () => undefined),
    syncSpan: attributes =>
      tracer.startActiveSpan(
        'tool_execution',
        { attributes: { kind: 'tool', ...attributes } },
        span => span.end(),
      ),
    flush: () => provider.forceFlush(),
    arrived,
  };
}

/** What the article's tracer does: a connection and a commit for each of a span's two writes. */
function article(): Scheme {
  const parents: string[] = [];
  const write = (...values: (string | number | null)[]): void => {
    const db = new DatabaseSync(target);
    db.prepare(insert).run(...values);
    db.close();
  };
  const db = new DatabaseSync(target);
  db.exec(`CREATE TABLE IF NOT EXISTS spans (${columns})`);
  db.close();
  const record = (name: string, attributes: Attributes): void => {
    const id = crypto.randomUUID();
    const start = Date.now() / 1000;
    const metadata = JSON.stringify(attributes);
    const row = (end: number | null, status: string) =>
      write(
        id,
        'run',
        parents.at(-1) ?? null,
        name,
        start,
        end,
        status,
        0,
        0,
        0,
        '',
        metadata,
        null,
      );
    row(null, 'running');
    row(Date.now() / 1000, 'ok');
  };
  return {
    run: async work => {
      await work();
      record('agent', {});
    },
    span: async attributes => record('tool_execution', attributes),
    syncSpan: attributes => record('tool_execution', attributes),
    flush: async () => undefined,
    arrived: countRows,
  };
}

async function schemeOf(name: string): Promise<Scheme> {
  switch (name) {
    case 'tracer':
      return ours({});
    case 'tracer, source of all':
      return ours({ source: 'always' });
    case 'article':
      return article();
    case 'otlp':
      return openTelemetry(new OTLPTraceExporter({ url: target }), () => undefined);
  }
  let exported = 0;
  return openTelemetry(
    {
      export: (spans, done) => {
        exported += spans.length;
        done({ code: 0 });
      },
      shutdown: async () => undefined,
    },
    () => exported,
    // To drop a span costs less than to keep it, as the tracer does.
    name === 'noop, room for all' ? { maxQueueSize: roomForAll } : {},
  );
}

// Texts of 2 KB as an agent has them: flat, each another one, with quotes and lines.
const words = 'He said "the order 71834 was shipped on Friday"\nand then nothing. '.repeat(40);
const texts = Array.from({ length: 1000 }, (_, i) =>
  Buffer.from(words.slice(0, 2040) + String(i).padStart(8, '0')).toString('latin1'),
);
const attributesOf = (i: number): Attributes => ({
  tool_name: 'search',
  attempt: i % 3,
  score: 0.25,
  cached: false,
  query: 'where is order 71834',
  index: 'orders',
  region: 'eu-west',
  rows: i,
  prompt: texts[(i * 7) % 1000] ?? '',
});

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const perRun = 50;

/** Runs of nested asynchronous spans, one after another, with so many milliseconds of rest after each. */
async function agent(scheme: Scheme, spans: number, restMs: number): Promise<number[]> {
  const taken: number[] = [];
  for (let at = 0; at < spans; at += perRun) {
    await scheme.run(async () => {
      for (let i = 1; i < perRun; i++) {
        const attributes = attributesOf(at + i);
        const start = performance.now();
        await scheme.span(attributes);
        taken.push(performance.now() - start);
      }
    });
    if (restMs > 0) await new Promise(resolve => setTimeout(resolve, restMs));
    else await turn();
  }
  return taken;
}

function burst(scheme: Scheme, spans: number): number[] {
  const taken: number[] = [];
  for (let i = 0; i < spans; i++) {
    const attributes = attributesOf(i);
    const start = performance.now();
    scheme.syncSpan(attributes);
    taken.push(performance.now() - start);
  }
  return taken;
}

async function measured(scheme: Scheme): Promise<Figures> {
  const slow = schemeName === 'article';
  // Compiled, with its thread and its file there.
  await agent(scheme, slow ? 100 : 20_000, 0);
  await scheme.flush();
  const before = scheme.arrived() ?? 0;
  const start = performance.now();
  const cpu = process.threadCpuUsage();
  const counts = { paced: 20_000, flood: 200_000, burst: 200_000 };
  const spans = slow ? 1000 : (counts[measure as keyof typeof counts] ?? 0);
  const taken =
    measure === 'burst'
      ? burst(scheme, spans)
      : await agent(scheme, spans, measure === 'paced' ? 5 : 0);
  const { user, system } = process.threadCpuUsage(cpu);
  const recordedMs = performance.now() - start;
  const memoryMb = process.resourceUsage().maxRSS / 1024;
  await scheme.flush();
  const storedMs = performance.now() - start;
  taken.sort((a, b) => a - b);
  const after = scheme.arrived();
  return {
    spans,
    cpuMicros: (user + system) / spans,
    meanMicros: (taken.reduce((sum, ms) => sum + ms, 0) / taken.length) * 1000,
    p999Micros: (taken[Math.floor(taken.length * 0.999)] ?? 0) * 1000,
    maxMicros: (taken.at(-1) ?? 0) * 1000,
    recordedMs,
    storedMs,
    arrived: after === undefined ? undefined : after - before,
    memoryMb,
  };
}

const figures = await measured(await schemeOf(schemeName));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
