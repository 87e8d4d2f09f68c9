import * as vscode from 'vscode';
import type { SpanRef } from '../../protocol/panel.ts';
import { showInfo } from '../errors.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

/** Opens the exact request that was recorded. Of a span that is no LLM call: that of the call behind it. */
export function replaySpan(context: CommandContext) {
  const replay = async (ref: SpanRef): Promise<void> => {
    const { file, spanId } = ref;
    const t = vscode.l10n.t;
    const request = await context.files.use(file, reader =>
      reader.text(file, spanId, 'request', 0, 1),
    );
    if (request) return void (await context.documents.show(ref, 'request'));
    const { span } = await context.files.use(file, reader => reader.span(file, spanId, clock()));
    const name = nameOf(span.name);
    if (span.kind === 'llm') {
      const words = t(
        'The request of “{0}” was not recorded. Its Prompt tab shows the lines that record it.',
        name,
      );
      return showInfo(words, t('Show Prompt Tab'), () =>
        context.panel.show(ref, { focus: true, tab: 'prompt' }),
      );
    }
    const cause = await context.files.use(file, reader => reader.cause(file, spanId));
    if (!cause) {
      const words = t('Only an LLM call can be replayed, and none comes before “{0}”.', name);
      return showInfo(words, t('Show Span'), () => context.show(ref));
    }
    showInfo(
      t('“{0}” is no LLM call, so it has no request to replay.', name),
      t('Replay the Call That Asked for It'),
      () => replay({ file, spanId: cause.spanId }),
    );
  };
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Replay Span');
    const ref = await spanOrAsk(context, target, { title, only: 'llm' });
    if (ref) await replay(ref);
  };
}
