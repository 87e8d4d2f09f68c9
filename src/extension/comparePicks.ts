import * as vscode from 'vscode';
import { comparedName } from '../core/compareRuns.ts';
import { runDescription } from '../core/describe.ts';
import { integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import type { RunRef, SpanRef } from '../protocol/panel.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { type Choice, choose, group, separator } from './choose.ts';
import type { CommandContext } from './commands/context.ts';
import { pickTraceFile } from './pickFile.ts';
import { describedAlone } from './picks.ts';
import { sameRef } from './rows.ts';
import { clock } from './settings.ts';
import { nameOf } from './treeItems.ts';
import { words } from './words.ts';

const runsOffered = 500;
const spansOffered = 5000;

/** The run that another is compared with, or that a span of is looked for in. */
export interface RunPick {
  readonly title: string;
  readonly from: { readonly file: string; readonly run: RunSummary };
  readonly back: boolean;
  /** What the run is a replay of: offered before all others. */
  readonly original?: RunRef | undefined;
}

/** Asks for another run: its original, those of the same name first, then the others, then other files. */
export async function pickOtherRun(
  context: CommandContext,
  { title, from, back, original }: RunPick,
): Promise<RunRef | 'back' | undefined> {
  const t = vscode.l10n.t;
  for (let { file } = from, elsewhere = back; ; ) {
    const chosen = await choose<RunRef | 'file'>({
      title,
      placeholder: t('Run to compare “{0}” with', nameOf(from.run.name)),
      none: t('There is no other run to compare with. Run the agent again, then refresh.'),
      back: elsewhere,
      load: () => runChoices(context, file, from, original),
    });
    if (chosen === 'back' && file !== from.file) file = from.file;
    else if (chosen !== 'file') return chosen;
    else {
      const other = await pickTraceFile(context, title);
      if (!other) return undefined;
      file = other;
    }
    elsewhere = back || file !== from.file;
  }
}

async function runChoices(
  { files, panel }: CommandContext,
  file: string,
  from: RunPick['from'],
  original: RunRef | undefined,
): Promise<readonly Choice<RunRef | 'file'>[]> {
  const t = vscode.l10n.t;
  const at = clock();
  const query = { filter: 'all', offset: 0, limit: runsOffered, clock: at } as const;
  const { runs, matching } = await files.use(file, reader => reader.runs(file, query));
  const others = runs.filter(run => file !== from.file || run.runId !== from.run.runId);
  const shown = others.find(run => run.rootSpanId === panel.shown?.spanId);
  const same = others.filter(run => run.name === from.run.name);
  // Of a failed run one wants to know what was different when it went well, and the other way round.
  const likely = shown ?? same.find(run => run.status !== from.run.status) ?? same[0];
  const choice = (run: RunSummary): Choice<RunRef> => ({
    label: nameOf(run.name),
    description: runDescription(run, at.now, words()),
    ...(run.error && { detail: nameOf(run.error) }),
    picked: run === likely,
    value: { file, runId: run.runId },
  });
  // A file of replays is not among those listed.
  const several = files.list().some(one => one.id !== from.file);
  return [
    ...group(t('original'), await originalChoices(files, original)),
    ...group(t('same name'), same.map(choice)),
    ...group(t('other runs'), others.filter(run => run.name !== from.run.name).map(choice)),
    ...(matching > runs.length
      ? [separator(t('the newest {0} of {1} runs', integer(runs.length), integer(matching)))]
      : []),
    ...group<'file'>(
      t('elsewhere'),
      several ? [{ label: t('Another File…'), alwaysShow: true, value: 'file' }] : [],
    ),
  ];
}

/** None where it is gone. */
async function originalChoices(
  files: CommandContext['files'],
  original: RunRef | undefined,
): Promise<readonly Choice<RunRef>[]> {
  if (!original) return [];
  const { file, runId } = original;
  const at = clock();
  const run = await files.use(file, reader => reader.run(file, runId, at)).catch(() => undefined);
  if (!run) return [];
  const description = runDescription(run, at.now, words());
  return [{ label: nameOf(run.name), description, picked: true, value: original }];
}

/** What a span is compared with. */
export interface OtherSpanPick {
  readonly title: string;
  readonly ref: SpanRef;
  readonly span: SpanRow;
  readonly run: RunSummary;
}

/** Asks for another span: those of the same name first, then those of the same kind, then other runs. */
export async function pickOtherSpan(
  context: CommandContext,
  pick: OtherSpanPick,
): Promise<SpanRef | undefined> {
  const { file } = pick.ref;
  const own = { file, runId: pick.run.runId };
  for (;;) {
    const chosen = await pickIn(context, pick, own);
    if (chosen !== 'run') return chosen === 'back' ? undefined : chosen;
    const from = { file, run: pick.run };
    const run = await pickOtherRun(context, { title: pick.title, from, back: true });
    if (run === undefined) return undefined;
    if (run === 'back') continue;
    const there = await pickIn(context, pick, run);
    if (there !== 'back' && there !== 'run') return there;
  }
}

async function pickIn(
  { files, panel }: CommandContext,
  { title, ref, span, run }: OtherSpanPick,
  where: RunRef,
): Promise<SpanRef | 'run' | 'back' | undefined> {
  const t = vscode.l10n.t;
  const now = Date.now();
  const { file, runId } = where;
  const isOwn = file === ref.file && runId === run.runId;
  const name = comparedName(span);
  const load = async (): Promise<readonly Choice<SpanRef | 'run'>[]> => {
    const { spans, total } = await files.use(file, reader =>
      reader.spans(file, runId, { offset: 0, limit: spansOffered }),
    );
    const others = spans.filter(one => !isOwn || one.spanId !== ref.spanId);
    const same = others.filter(one => one.kind === span.kind && comparedName(one) === name);
    const kin = others.filter(one => one.kind === span.kind && comparedName(one) !== name);
    const rest = isOwn ? [] : others.filter(one => one.kind !== span.kind);
    const likely =
      others.find(one => !sameRef(panel.shown, ref) && one.spanId === panel.shown?.spanId) ??
      // The one before it, which led up to it.
      same.filter(one => isOwn && (one.start ?? 0) <= (span.start ?? 0)).at(-1) ??
      same[0] ??
      kin[0];
    const choice = (one: SpanRow): Choice<SpanRef> => ({
      label: nameOf(comparedName(one)),
      description: [words()[one.kind], describedAlone(one, now)].join(' · '),
      picked: one === likely,
      value: { file, spanId: one.spanId },
    });
    const kindWords = {
      llm: t('other LLM calls'),
      tool: t('other tool calls'),
      agent: t('other agents'),
      retrieval: t('other retrievals'),
      chain: t('other chains'),
      other: t('other spans'),
    };
    return [
      ...group(t('same name'), same.map(choice)),
      ...group(kindWords[span.kind], kin.map(choice)),
      ...group(t('of another kind'), rest.map(choice)),
      ...(total > spans.length
        ? [separator(t('the first {0} of {1} spans', integer(spans.length), integer(total)))]
        : []),
      ...group<'run'>(
        t('elsewhere'),
        isOwn ? [{ label: t('Another Run…'), alwaysShow: true, value: 'run' }] : [],
      ),
    ];
  };
  return choose({
    title,
    placeholder: t('Span to compare “{0}” with', nameOf(name)),
    none: t('This run has no spans. Refresh the file and try again.'),
    back: !isOwn,
    load,
  });
}
