import type { SpanRef } from '../../protocol/panel.ts';
import { here } from '../ids.ts';
import { asSpanRef, isSpanRef } from '../pageArguments.ts';
import { pickRunRoot, pickSpan, type SpanPick } from '../picks.ts';
import { isRow, refOf } from '../rows.ts';
import type { CommandContext } from './context.ts';

/** The span that a command was called on: by a row, by a page, or by a key where one is shown. */
export function givenSpan(context: CommandContext, target: unknown): SpanRef | undefined {
  if (isRow(target)) return refOf(target);
  if (isSpanRef(target)) return asSpanRef(target);
  return target === here ? context.panel.shown : undefined;
}

/**
 * The span a command was called on: from the palette the one whose panel is in front, and where there is
 * none, the user is asked.
 */
export async function spanOrAsk(
  context: CommandContext,
  target: unknown,
  pick: SpanPick,
): Promise<SpanRef | undefined> {
  return givenOrInFront(context, target) ?? (await pickSpan(context, pick));
}

/** The same for commands that act on a run: any of its spans. */
export async function runOrAsk(
  context: CommandContext,
  target: unknown,
  title: string,
): Promise<SpanRef | undefined> {
  return givenOrInFront(context, target) ?? (await pickRunRoot(context, title));
}

function givenOrInFront(context: CommandContext, target: unknown): SpanRef | undefined {
  const inFront = target === undefined && context.panel.active ? context.panel.shown : undefined;
  return givenSpan(context, target) ?? inFront;
}
