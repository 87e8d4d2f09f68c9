import * as vscode from 'vscode';
import { isolated, oneLine } from '../core/describe.ts';
import { TraceError } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import type { InsightType, Severity } from '../core/insights/insight.ts';
import { mostSeriousFirst, sentenceOf } from '../core/insights/sentence.ts';
import { typeWord } from '../core/insightViewWords.ts';
import type { Source } from '../core/metadata.ts';
import type { RunSummary, SpanId } from '../core/model.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, SpanDetail, SpanRow } from '../protocol/reader.ts';
import { sourceInWorkspace } from './findSource.ts';
import { type Insights, newestRuns } from './insights.ts';
import { clock } from './settings.ts';
import type { TextDocuments } from './textDocuments.ts';
import type { TraceFiles } from './traceFiles.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

/** What went wrong at a place, however often. */
export interface Problem {
  readonly uri: vscode.Uri;
  /** Counted from 0. */
  readonly line: number;
  readonly message: string;
  readonly severity: Exclude<Severity, 'info'>;
  readonly code: InsightType | 'failed';
  readonly span: SpanRef;
  readonly spanName: string;
  readonly hasCause: boolean;
  readonly related: readonly {
    readonly uri: vscode.Uri;
    readonly line: number;
    readonly says: string;
  }[];
}

/** What is to be said of a span. */
interface Found {
  readonly code: Problem['code'];
  readonly severity: Problem['severity'];
  readonly spanId: SpanId;
  readonly run: RunSummary;
  /** Of an insight its sentence. */
  readonly said: string;
}

export const mostProblems = 100;
/** Spans that are read for that: many problems are the same again. */
const mostRead = 300;
const errorLength = 200;

/** What is kept of a span, so that it is read once: never its prompt. */
interface Facts {
  readonly source: Source | undefined;
  readonly name: string;
  readonly error: string;
  readonly cause: CauseFacts | undefined;
}

/** The call that asked for what failed. */
interface CauseFacts {
  readonly name: string;
  /** Its answer, where that was recorded. */
  readonly answer: vscode.Uri | undefined;
  /** Of one without an answer. */
  readonly source: Source | undefined;
}

/** Finds the problems of one trace file. What it has read of a span it keeps until that is no problem any more. */
export class ProblemFinder {
  private known = new Map<string, Facts>();
  /** Where recorded files are, while problems are looked for. */
  private places = new Map<string, Promise<vscode.Uri | undefined>>();
  private readonly files: TraceFiles;
  private readonly insights: Insights;
  private readonly documents: Pick<TextDocuments, 'uriOf' | 'spanUri'>;
  private readonly file: FileId;

  constructor(
    files: TraceFiles,
    insights: Insights,
    documents: Pick<TextDocuments, 'uriOf' | 'spanUri'>,
    file: FileId,
  ) {
    this.files = files;
    this.insights = insights;
    this.documents = documents;
    this.file = file;
  }

  async find(cancelled: AbortSignal): Promise<readonly Problem[]> {
    const { file } = this;
    const query = { filter: 'all', offset: 0, limit: newestRuns, clock: clock() } as const;
    const { runs } = await this.files.use(file, reader => reader.runs(file, query), cancelled);
    const kept = new Map<string, Facts>();
    this.places = new Map();
    const same = new Map<string, { problem: Problem; runs: Set<string> }>();
    for (const found of this.foundIn(runs)) {
      // What a run wrote since may be what was missing.
      const key = `${found.spanId} ${found.run.lastActivity} ${found.code === 'failed'}`;
      const facts = this.known.get(key) ?? (await this.read(found, cancelled));
      if (!facts) continue;
      // At once: a look that is left here has read that much.
      this.known.set(key, facts);
      kept.set(key, facts);
      const problem = await this.problem(found, facts);
      const known = same.get(idOf(problem));
      if (known) known.runs.add(found.run.runId);
      else if (same.size >= mostProblems) break;
      else same.set(idOf(problem), { problem, runs: new Set([found.run.runId]) });
    }
    this.known = kept;
    return [...same.values()].map(({ problem, runs: had }) =>
      had.size === 1
        ? problem
        : {
            ...problem,
            message: vscode.l10n.t('{0} ({1} runs)', problem.message, integer(had.size)),
          },
    );
  }

  /** The gravest first, then the newest. */
  private foundIn(runs: readonly RunSummary[]): readonly Found[] {
    const found = runs.flatMap((run): Found[] => {
      const { failingSpanId: spanId } = run;
      const failed =
        run.status === 'error' && spanId !== undefined
          ? [{ code: 'failed', severity: 'error', spanId, run, said: '' } as const]
          : [];
      return [...failed, ...this.insightsOf(run)];
    });
    return mostSeriousFirst(found, one => one.severity).slice(0, mostRead);
  }

  private insightsOf(run: RunSummary): readonly Found[] {
    return this.insights.ofRun(this.file, run.runId).flatMap(insight => {
      const { type: code, severity, said } = insight;
      const [spanId] = insight.spanIds;
      if (spanId === undefined || severity === 'info') return [];
      return [{ code, severity, spanId, run, said: sentenceOf(said, words()) }];
    });
  }

  private read({ spanId, code }: Found, cancelled: AbortSignal): Promise<Facts | undefined> {
    return unlessMissing(async () => {
      const { span, source, error, cause } = await this.detail(spanId, cancelled);
      return {
        source,
        name: nameOf(span.toolName ?? span.name),
        error: isolated(oneLine((error?.text ?? '').trim(), errorLength)),
        cause: code === 'failed' && cause ? await this.causeOf(cause.span, cancelled) : undefined,
      };
    });
  }

  private causeOf(
    { spanId, name: given }: Pick<SpanRow, 'spanId' | 'name'>,
    cancelled: AbortSignal,
  ): Promise<CauseFacts | undefined> {
    return unlessMissing(async () => {
      const ref = { file: this.file, spanId };
      const answer = await this.documents.uriOf(ref, 'response', given, cancelled);
      const { source } = answer ? {} : await this.detail(spanId, cancelled);
      return { name: nameOf(given), answer, source };
    });
  }

  private detail(spanId: SpanId, cancelled: AbortSignal): Promise<SpanDetail> {
    const { file } = this;
    return this.files.use(file, reader => reader.span(file, spanId, clock()), cancelled);
  }

  private async problem(found: Found, facts: Facts): Promise<Problem> {
    const { code, severity, spanId } = found;
    const place = await this.placeOf(facts.source);
    const hasCause = facts.cause !== undefined;
    const span = { file: this.file, spanId };
    const related = await this.relatedTo(facts);
    return {
      uri: place ?? vscode.Uri.parse(this.file),
      line: place ? lineOf(facts.source?.line) : 0,
      message: messageOf(found, facts),
      ...{ code, severity, hasCause },
      spanName: facts.name,
      span,
      // A trace file opens as its list of runs: no line of it is the span, and no fix is offered there.
      related: place ? related : [this.itself(span, facts.name), ...related],
    };
  }

  private itself(span: SpanRef, name: string): Problem['related'][number] {
    return {
      uri: this.documents.spanUri(span, name),
      line: 0,
      says: vscode.l10n.t('Span {0}', name),
    };
  }

  private placeOf(source: Source | undefined): Promise<vscode.Uri | undefined> {
    if (!source) return Promise.resolve(undefined);
    const known = this.places.get(source.file);
    const place = known ?? sourceInWorkspace(source, vscode.Uri.parse(this.file));
    this.places.set(source.file, place);
    return place;
  }

  /** The answer that asked for what failed: as it was recorded, else the place of the call in the code. */
  private async relatedTo({ cause }: Facts): Promise<Problem['related']> {
    if (!cause) return [];
    const says = vscode.l10n.t('Asked for by {0}', cause.name);
    if (cause.answer) return [{ uri: cause.answer, line: 0, says }];
    const place = await this.placeOf(cause.source);
    return place ? [{ uri: place, line: lineOf(cause.source?.line), says }] : [];
  }
}

/** What was found in a file may have been taken out of it since; the others are looked at all the same. */
async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (TraceError.from(thrown).code === 'spanMissing') return undefined;
    throw thrown;
  }
}

/** Lines are recorded from 1. */
const lineOf = (recorded: number | undefined): number =>
  recorded !== undefined && Number.isSafeInteger(recorded) ? Math.max(0, recorded - 1) : 0;

function messageOf({ code, run, said, spanId }: Found, { name, error }: Facts): string {
  const t = vscode.l10n.t;
  const runName = nameOf(run.name);
  if (code !== 'failed') return t('{0} in {1}: {2}', words()[typeWord[code]], runName, said);
  const why = error || isolated(oneLine((run.error ?? '').trim(), errorLength));
  if (spanId === run.rootSpanId) {
    return why ? t('{0} failed: {1}', runName, why) : t('{0} failed', runName);
  }
  return why
    ? t('{0} failed in {1}: {2}', name, runName, why)
    : t('{0} failed in {1}', name, runName);
}

const idOf = ({ uri, line, code, message }: Problem): string =>
  JSON.stringify([uri.toString(), line, code, message]);
