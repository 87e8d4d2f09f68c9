import * as vscode from 'vscode';
import type { SpanRef } from '../../protocol/panel.ts';
import type { SpanDetail } from '../../protocol/reader.ts';
import { showInfo } from '../errors.ts';
import { runCommand } from '../ids.ts';
import { sameRef } from '../rows.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

/** From a failing span to the LLM call that asked for it, and from there back. */
export function goToCause(context: CommandContext) {
  let last: { readonly cause: SpanRef; readonly failure: SpanRef } | undefined;
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Go to Cause');
    const from = await spanOrAsk(context, target, { title, only: 'failed' });
    if (!from) return;
    if (last && sameRef(from, last.cause)) return context.show(last.failure);
    const { file } = from;
    const detail = await context.files.use(file, reader => reader.span(file, from.spanId, clock()));
    const back = detail.causes.at(-1);
    if (back && detail.span.status !== 'error') {
      return context.show({ file, spanId: back.spanId });
    }
    const failure = failureOf(detail, from);
    const cause = await context.files.use(file, reader => reader.cause(file, failure.spanId));
    if (!cause) return sayNone(context, detail, failure);
    last = { cause: { file, spanId: cause.spanId }, failure };
    // The answer that asked for it; what the call was given is one tab away.
    await context.show(last.cause, { tab: 'response' });
  };
}

/** A failed run stands for the span at which it failed. */
function failureOf({ span, run }: SpanDetail, from: SpanRef): SpanRef {
  const isRoot = span.spanId === run.rootSpanId;
  return isRoot && run.failingSpanId ? { file: from.file, spanId: run.failingSpanId } : from;
}

async function sayNone(
  context: CommandContext,
  { span, run }: SpanDetail,
  failure: SpanRef,
): Promise<void> {
  const t = vscode.l10n.t;
  if (failure.spanId !== span.spanId) await context.show(failure);
  if (span.spanId === run.rootSpanId && run.status !== 'error') {
    const words = t('The run “{0}” did not fail, so there is no cause to go to.', nameOf(run.name));
    return showInfo(words, t('Go to Next Failure'), () =>
      runCommand('agentTraces.goToNextFailure', failure),
    );
  }
  showInfo(
    t('No LLM call comes before “{0}”, and none is inside it.', nameOf(span.name)),
    t('Show Span'),
    () => context.show(failure),
  );
}
