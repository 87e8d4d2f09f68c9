import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { inputTokens } from '../../src/core/usage.ts';
import { localReader } from '../../src/node/localReader.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';

export interface SeenRun {
  readonly runId: string;
  readonly name: string;
  readonly status: string;
  readonly judged: boolean;
  readonly startTime: number;
  readonly spans: number;
  /** Null where a call is unpriced. */
  readonly costUsd: number | null;
  readonly pricedCostUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface SeenFailure {
  readonly runId: string;
  readonly failingSpanId: string;
  readonly causeSpanId: string | null;
  readonly causeRule: string | null;
}

export interface SeenSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: string;
  readonly costUsd: number | null;
  readonly error: string | null;
}

/** One of the two ways in which a person meets a trace file. */
export interface View {
  readonly title: string;
  runs(db: string): Promise<readonly SeenRun[]>;
  failures(db: string): Promise<readonly SeenFailure[]>;
  spans(db: string, runId: string): Promise<readonly SeenSpan[]>;
  cause(db: string, spanId: string): Promise<Pick<SeenFailure, 'causeSpanId' | 'causeRule'>>;
}

const dist = path.resolve(import.meta.dirname, '../../dist');

export const clock = () => ({ now: Date.now(), staleAfter: 10 * 60_000 });

/** A file opened by the reader, in this process; its path is its name there. */
export async function openInReader(db: string): Promise<ReaderApi> {
  const reader = localReader(dist);
  await reader.open(db, { kind: 'path', path: db, name: path.basename(db) });
  return reader;
}

/** The runs of a file, newest first, and the reader that has it open. */
export async function runsIn(db: string, filter: 'all' | 'failed' = 'all') {
  const reader = await openInReader(db);
  const asked = { filter, offset: 0, limit: 100, clock: clock() } as const;
  const { runs, matching } = await reader.runs(db, asked);
  return { reader, runs, matching };
}

const byReader: View = {
  title: 'the reader, as tree and panel ask it',
  async runs(db) {
    const { runs } = await runsIn(db);
    return runs.map(run => ({
      runId: run.runId,
      name: run.name,
      status: run.status,
      judged: run.judgement !== undefined,
      startTime: run.start ?? Number.NaN,
      spans: run.spans,
      costUsd: run.cost ?? null,
      pricedCostUsd: run.pricedCost,
      inputTokens: inputTokens(run.usage) ?? 0,
      outputTokens: run.usage.output ?? 0,
    }));
  },
  async failures(db) {
    const { reader, runs } = await runsIn(db, 'failed');
    const details = runs.map(run => reader.span(db, run.failingSpanId ?? '', clock()));
    return (await Promise.all(details)).map(({ run, span, cause }) => ({
      runId: run.runId,
      failingSpanId: span.spanId,
      causeSpanId: cause?.span.spanId ?? null,
      causeRule: cause?.rule ?? null,
    }));
  },
  async spans(db, runId) {
    const reader = await openInReader(db);
    const { spans } = await reader.spans(db, runId, { offset: 0, limit: 1000 });
    return spans.map(span => ({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId ?? null,
      name: span.name,
      kind: span.kind,
      costUsd: span.cost ?? null,
      error: span.error ?? null,
    }));
  },
  async cause(db, spanId) {
    const found = await (await openInReader(db)).cause(db, spanId);
    return { causeSpanId: found?.spanId ?? null, causeRule: found?.rule ?? null };
  },
};

const askCli = <T>(...args: readonly string[]): T => {
  const cli = path.join(dist, 'cli.js');
  return JSON.parse(execFileSync(process.execPath, [cli, ...args, '--json'], { encoding: 'utf8' }));
};

const byCli: View = {
  title: 'agent-traces --json',
  // Tokens that nobody recorded are null there.
  runs: async db =>
    askCli<SeenRun[]>('runs', db).map(run => ({
      ...run,
      inputTokens: run.inputTokens ?? 0,
      outputTokens: run.outputTokens ?? 0,
    })),
  failures: async db => askCli('failed', db),
  spans: async (db, runId) => askCli<{ spans: SeenSpan[] }>('show', db, runId).spans,
  async cause(db, spanId) {
    const { causeSpanId, rule } = askCli<{ causeSpanId: string | null; rule: string | null }>(
      'cause',
      db,
      spanId,
    );
    return { causeSpanId, causeRule: rule };
  },
};

export const views: readonly View[] = [byReader, byCli];
