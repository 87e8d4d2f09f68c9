import * as vscode from 'vscode';
import type { RunRef, SpanRef } from '../../protocol/panel.ts';
import type { SpanDetail } from '../../protocol/reader.ts';
import { choose } from '../choose.ts';
import { pickOtherRun, pickOtherSpan } from '../comparePicks.ts';
import { showInfo } from '../errors.ts';
import { clock } from '../settings.ts';
import { type ComparedPart, comparedParts, partName, showDiff } from '../textDiff.ts';
import { detailOf } from '../textDocuments.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

/** Compares a span with another in the diff editor, or a run with another in the compare page. */
export function compareWith(context: CommandContext) {
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Compare With');
    const ref = await spanOrAsk(context, target, { title, only: 'any' });
    if (!ref) return;
    const detail = await detailOf(context.files, ref);
    const { span, run } = detail;
    // A run that is one call has texts of its own to compare.
    if (span.spanId === run.rootSpanId && span.kind !== 'llm') {
      const from = { file: ref.file, run };
      const original = await originalRun(context, ref);
      const other = await pickOtherRun(context, { title, from, back: false, original });
      if (!other || other === 'back') return;
      return compareInTime(context, { file: ref.file, runId: run.runId }, other);
    }
    const other = await pickOtherSpan(context, { title, ref, span, run });
    if (other) await compareSpans(context, { ref, detail }, other, title);
  };
}

async function originalRun(
  { kept, replays }: CommandContext,
  ref: SpanRef,
): Promise<RunRef | undefined> {
  const replay = kept.at(ref);
  return replay && { file: (await replays.originalOf(replay)).file, runId: replay.ofRun };
}

/** The earlier run stands left, so that differences read as what has changed since. */
async function compareInTime(context: CommandContext, one: RunRef, other: RunRef): Promise<void> {
  const startOf = async ({ file, runId }: RunRef): Promise<number> =>
    (await context.files.use(file, reader => reader.run(file, runId, clock()))).start ?? 0;
  const later = (await startOf(other)) > (await startOf(one));
  context.compare.show(later ? { a: one, b: other } : { a: other, b: one });
}

interface Side {
  readonly ref: SpanRef;
  readonly detail: SpanDetail;
}

async function compareSpans(
  context: CommandContext,
  one: Side,
  otherRef: SpanRef,
  title: string,
): Promise<void> {
  const other: Side = { ref: otherRef, detail: await detailOf(context.files, otherRef) };
  const parts = await partsOfBoth(context, one, other);
  const part = parts.length > 1 ? await pickPart(parts, title) : parts[0];
  if (parts.length === 0) return sayNothing(context, one, other);
  if (!part) return;
  const start = ({ detail }: Side): number => detail.span.start ?? 0;
  const [left, right] = start(other) > start(one) ? [one, other] : [other, one];
  await showDiff(context, left.ref, right.ref, part);
}

async function pickPart(
  parts: readonly ComparedPart[],
  title: string,
): Promise<ComparedPart | undefined> {
  const t = vscode.l10n.t;
  const chosen = await choose({
    title,
    placeholder: t('What to compare'),
    none: '',
    back: false,
    load: async () => parts.map(part => ({ label: partName(part), value: part })),
  });
  return chosen === 'back' ? undefined : chosen;
}

async function partsOfBoth(
  context: CommandContext,
  one: Side,
  other: Side,
): Promise<readonly ComparedPart[]> {
  const [a, b] = await Promise.all([partsOf(context, one), partsOf(context, other)]);
  return comparedParts.filter(part => a[part] && b[part]);
}

async function partsOf(
  { files }: CommandContext,
  { ref, detail }: Side,
): Promise<Readonly<Record<ComparedPart, boolean>>> {
  const { file, spanId } = ref;
  const request = await files.use(file, reader => reader.text(file, spanId, 'request', 0, 1));
  return {
    prompt: detail.prompt !== undefined,
    response: detail.response !== undefined,
    toolInput: detail.tool.input !== undefined,
    toolResult: detail.tool.result !== undefined,
    request: request !== undefined,
  };
}

function sayNothing(context: CommandContext, one: Side, other: Side): void {
  const t = vscode.l10n.t;
  const [a, b] = [nameOf(one.detail.span.name), nameOf(other.detail.span.name)];
  const words = t('“{0}” and “{1}” recorded nothing that can be compared.', a, b);
  showInfo(words, t('Show Span'), () => context.show(other.ref));
}
