import { insightMark } from '../core/insights/mark.ts';
import { mostSeriousFirst } from '../core/insights/sentence.ts';
import type { RunId, RunSummary } from '../core/model.ts';
import type { RunSelection } from '../core/runQuery.ts';
import { type InsightList, mostListed, type SpanName } from '../protocol/insightList.ts';
import type { PanelApi, RunRef } from '../protocol/panel.ts';
import type { FileId } from '../protocol/reader.ts';
import { findRuns } from './findRuns.ts';
import { newestRuns } from './insights.ts';
import { asRunRef, asSpanRef, asText } from './pageArguments.ts';
import type { PageServices } from './panelHandlers.ts';
import { asCostsQuery, asFew, asRunSelection } from './runArguments.ts';
import { clock } from './settings.ts';

type Asked = Pick<PageServices, 'files' | 'insights'>;

/** A panel names a few other spans; those of a long loop are alike. */
const mostNames = 20;
/** More than a person reads above a span. */
const mostOfSpan = 50;

/** What the pages ask about insights and costs. */
export function insightHandlers(
  services: Asked,
  cancelled?: AbortSignal,
): Pick<PanelApi, 'insights' | 'spanInsights' | 'spanNames' | 'costs'> {
  const { files, insights } = services;
  return {
    insights: (given, selection) =>
      insightList(services, asText(given), asRunSelection(selection), cancelled),
    spanInsights: async (given, runId) => {
      const { file, spanId } = asSpanRef(given);
      const all = await insights.find(file, asText(runId), cancelled);
      const run = await files.use(
        file,
        reader => reader.run(file, asText(runId), clock()),
        cancelled,
      );
      const isRoot = run.rootSpanId === spanId;
      const about = all.filter(({ spanIds }) => isRoot || spanIds.includes(spanId));
      return mostSeriousFirst(about, one => one.severity).slice(0, mostOfSpan);
    },
    spanNames: (given, spanIds) =>
      spanNames(services, asRunRef(given), asFew(spanIds, mostNames), cancelled),
    costs: async (given, query) => {
      const file = asText(given);
      const { at, ...asked } = asCostsQuery(query);
      const request = { ...asked, clock: { ...clock(), now: at } };
      await findRuns(files, file, request, cancelled);
      return files.use(file, reader => reader.costs(file, request), cancelled);
    },
  };
}

/** @param selection of which runs */
export async function insightList(
  { files, insights }: Asked,
  file: FileId,
  selection: RunSelection,
  cancelled?: AbortSignal,
): Promise<InsightList> {
  const known = insights.get(file);
  if (!known) {
    const none = { rows: [], marks: [], total: 0, all: 0, done: 0, of: 0, partial: false };
    return { ...none, state: files.get(file)?.following === false ? 'paused' : 'waiting' };
  }
  const { done, of, partial, state } = known;
  const runs = await newest(files, file, selection, cancelled);
  const found = known.insights.flatMap(insight => {
    const run = runs.get(insight.runId);
    return run ? [{ insight, run: { name: run.name, start: run.start, status: run.status } }] : [];
  });
  const rows = mostSeriousFirst(found, one => one.insight.severity).slice(0, mostListed);
  const marks = [...runs.keys()].flatMap(runId => {
    const mark = insightMark(known.byRun.get(runId) ?? []);
    return mark ? [[runId, mark] as const] : [];
  });
  const counts = { total: found.length, all: known.insights.length };
  return { rows, marks, ...counts, done, of, partial, state };
}

/** Those of the newest runs that match are among the newest of those that match. */
async function newest(
  files: Asked['files'],
  file: FileId,
  selection: RunSelection,
  cancelled: AbortSignal | undefined,
): Promise<ReadonlyMap<RunId, RunSummary>> {
  const query = { ...selection, offset: 0, limit: newestRuns, clock: clock() };
  await findRuns(files, file, query, cancelled);
  const page = await files.use(file, reader => reader.runs(file, query), cancelled);
  return new Map(page.runs.map(run => [run.runId, run]));
}

async function spanNames(
  { files }: Asked,
  { file, runId }: RunRef,
  spanIds: readonly string[],
  cancelled: AbortSignal | undefined,
): Promise<readonly SpanName[]> {
  const spans = await files.use(file, reader => reader.spanRows(file, runId, spanIds), cancelled);
  return spans.map(({ spanId, name, toolName, kind, start, status, recovered }) => {
    const failed = status === 'error' && !recovered;
    return { spanId, name: toolName ?? name, kind, start, failed };
  });
}
