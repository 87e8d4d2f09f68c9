import * as vscode from 'vscode';
import { runDescription, spanDescription } from '../core/describe.ts';
import type { RunId, UnixMs } from '../core/model.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId, SpanRow } from '../protocol/reader.ts';
import { type Choice, choose } from './choose.ts';
import type { CommandContext } from './commands/context.ts';
import { pickTraceFile } from './pickFile.ts';
import { clock } from './settings.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

/** Which spans a command can act on, and what is said of them. */
export interface SpanPick {
  readonly title: string;
  /** `failed`: failing runs, and in them the spans that failed. */
  readonly only: 'any' | 'failed' | 'llm';
}

/** More rows than a person looks through; the filter of the list searches in these. */
const runsOffered = 500;
const spansOffered = 5000;

/**
 * Asks trace file > run > span, from the run that is shown on where there is one; Back leads to the
 * others. Says so where there is nothing to choose from.
 */
export async function pickSpan(
  context: CommandContext,
  pick: SpanPick,
): Promise<SpanRef | undefined> {
  await context.finder.search();
  const shown = await shownRun(context, pick);
  if (shown) {
    const span = await pickOfRun(context, shown.file, shown.runId, pick);
    if (span !== 'back') return span;
  }
  for (;;) {
    const file = await pickTraceFile(context, pick.title);
    if (!file) return undefined;
    const chosen = await pickIn(context, file, pick);
    if (chosen !== 'back') return chosen;
  }
}

/** Asks trace file > run; gives the root span, which stands for the run. */
export async function pickRunRoot(
  context: CommandContext,
  title: string,
): Promise<SpanRef | undefined> {
  await context.finder.search();
  const several = context.files.list().length > 1;
  for (;;) {
    const file = await pickTraceFile(context, title);
    if (!file) return undefined;
    const runId = await pickRun(context, file, { title, only: 'any' }, several);
    if (runId === undefined) return undefined;
    if (runId === 'back') continue;
    const { rootSpanId } = await context.files.use(file, reader =>
      reader.run(file, runId, clock()),
    );
    return { file, spanId: rootSpanId };
  }
}

/** Asks for a span of the run that a given span is in. */
export async function pickSpanOfRun(
  context: CommandContext,
  { file, spanId }: SpanRef,
  pick: SpanPick,
): Promise<SpanRef | undefined> {
  const { runId } = await context.files.use(file, reader => reader.locate(file, spanId));
  const chosen = await pickOfRun(context, file, runId, pick, false);
  return chosen === 'back' ? undefined : chosen;
}

/** The run that is shown, if it has a span to offer. */
async function shownRun({ files, panel }: CommandContext, { only }: SpanPick) {
  const { shown } = panel;
  if (!shown || !files.get(shown.file)) return undefined;
  try {
    const { file, spanId } = shown;
    const { runId } = await files.use(file, reader => reader.locate(file, spanId));
    const page = await files.use(file, reader =>
      reader.spans(file, runId, { offset: 0, limit: spansOffered }),
    );
    return page.spans.some(span => fits(span, only)) ? { file, runId } : undefined;
  } catch {
    // The file or the span went away since; the whole list is offered instead.
    return undefined;
  }
}

async function pickIn(
  context: CommandContext,
  file: FileId,
  pick: SpanPick,
): Promise<SpanRef | 'back' | undefined> {
  const several = context.files.list().length > 1;
  for (;;) {
    const run = await pickRun(context, file, pick, several);
    if (run === 'back' || run === undefined) return run;
    const span = await pickOfRun(context, file, run, pick);
    if (span !== 'back') return span;
  }
}

async function pickRun(
  { files }: CommandContext,
  file: FileId,
  { title, only }: SpanPick,
  back: boolean,
): Promise<RunId | 'back' | undefined> {
  const at = clock();
  const filter = only === 'failed' ? 'failed' : 'all';
  const load = async () => {
    const query = { filter, offset: 0, limit: runsOffered, clock: at } as const;
    const page = await files.use(file, reader => reader.runs(file, query));
    return page.runs.map(run => ({
      label: nameOf(run.name),
      description: runDescription(run, at.now, words()),
      ...(run.error && { detail: nameOf(run.error) }),
      value: run.runId,
    }));
  };
  const name = files.get(file)?.name ?? '';
  const none =
    only === 'failed'
      ? vscode.l10n.t('No run in {0} failed. “Show Span” opens any span.', name)
      : vscode.l10n.t('{0} has no runs yet. Run the agent with the tracer on, then refresh.', name);
  const placeholder = only === 'failed' ? vscode.l10n.t('Failed run') : vscode.l10n.t('Run');
  return choose({ title, placeholder, none, back, load });
}

async function pickOfRun(
  { files, panel }: CommandContext,
  file: FileId,
  runId: RunId,
  { title, only }: SpanPick,
  back = true,
): Promise<SpanRef | 'back' | undefined> {
  const now = Date.now();
  const load = async (): Promise<Choice<SpanRef>[]> => {
    const page = await files.use(file, reader =>
      reader.spans(file, runId, { offset: 0, limit: spansOffered }),
    );
    return page.spans
      .filter(span => fits(span, only))
      .map(span => ({
        label: `${'\u2003'.repeat(only === 'any' ? Math.min(span.depth, 8) : 0)}${nameOf(span.name)}`,
        description: [words()[span.kind], describedAlone(span, now)].join(' · '),
        ...(only === 'failed' && span.error && { detail: nameOf(span.error) }),
        picked: panel.shown?.spanId === span.spanId,
        value: { file, spanId: span.spanId },
      }));
  };
  const none = {
    any: vscode.l10n.t('This run has no spans. Refresh the file and try again.'),
    failed: vscode.l10n.t('No span of this run failed. “Show Span” opens any span.'),
    llm: vscode.l10n.t('This run made no LLM call. Choose another run.'),
  }[only];
  const placeholder = {
    failed: vscode.l10n.t('Failed span'),
    llm: vscode.l10n.t('LLM call'),
    any: vscode.l10n.t('Span'),
  };
  return choose({ title, placeholder: placeholder[only], none, back, load });
}

/** Without its error, which has a line of its own or is too long for a list. */
export const describedAlone = (span: SpanRow, now: UnixMs): string =>
  spanDescription({ ...span, error: undefined }, span, words(), now);

const fits = (span: SpanRow, only: SpanPick['only']): boolean =>
  only === 'any' || (only === 'llm' ? span.kind === 'llm' : span.status === 'error');
