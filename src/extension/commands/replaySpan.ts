import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import { isToolCall } from '../../core/kind.ts';
import type { SpanRef } from '../../protocol/panel.ts';
import { errorWords, showInfo } from '../errors.ts';
import { pickSpanOfRun } from '../picks.ts';
import { clock } from '../settings.ts';
import { nameOf } from '../treeItems.ts';
import type { CommandContext } from './context.ts';
import { spanOrAsk } from './target.ts';

async function openRequest(context: CommandContext, ref: SpanRef): Promise<void> {
  const { panel, requests, replayer, documents } = context;
  // In a browser nothing can be sent: there it is only to be read.
  if (!replayer) return void (await documents.show(ref, 'request'));
  const uri = await requests.uriOf(ref);
  const document = await vscode.workspace.openTextDocument(uri);
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const beside = [activeTabGroup, ...all].find(group => group.viewColumn !== panel.column);
  await vscode.window.showTextDocument(document, {
    viewColumn: beside?.viewColumn ?? vscode.ViewColumn.Beside,
    preview: false,
  });
  panel.show(ref, { focus: false, tab: 'response' });
}

/**
 * Opens the exact request that was recorded, to be edited and sent, beside the recorded answer. Of the call of
 * a tool: runs that again. Of another span: the request of the call behind it.
 */
export function replaySpan(context: CommandContext) {
  const replay = async (ref: SpanRef): Promise<void> => {
    const { file, spanId } = ref;
    const t = vscode.l10n.t;
    const { span, run, onlyNewMessages } = await context.files.use(file, reader =>
      reader.span(file, spanId, clock()),
    );
    const name = nameOf((span.kind === 'tool' && span.toolName) || span.name);
    if (onlyNewMessages) {
      const words = errorWords(new TraceError('replayOnlyNew', [name]));
      return showInfo(words, t('Open Prompt in Editor'), () =>
        context.documents.show(ref, 'prompt'),
      );
    }
    const request = await context.files.use(file, reader =>
      reader.text(file, spanId, 'request', 0, 1),
    );
    if (request) return openRequest(context, ref);
    if (span.kind === 'llm') {
      const words = t(
        'The request of “{0}” was not recorded. Its Prompt tab shows the lines that record it.',
        name,
      );
      return showInfo(words, t('Show Prompt Tab'), () =>
        context.panel.show(ref, { focus: true, tab: 'prompt' }),
      );
    }
    if (span.spanId === run.rootSpanId) {
      const title = t('Replay a Call of “{0}”', name);
      const call = await pickSpanOfRun(context, ref, { title, only: 'llm' });
      return call && replay(call);
    }
    const cause = await context.files.use(file, reader => reader.cause(file, spanId));
    if (context.tools && isToolCall(span)) {
      const title = t('Replay Its LLM Call');
      const act = () => replay({ file, spanId: cause?.spanId ?? '' });
      return context.tools.replay(ref, cause && { title, act });
    }
    if (!cause) {
      const words = t('Only an LLM call can be replayed, and none comes before “{0}”.', name);
      return showInfo(words, t('Show Span'), () => context.show(ref));
    }
    vscode.window.setStatusBarMessage(
      t('The request of the call that asked for “{0}”.', name),
      5000,
    );
    await replay({ file, spanId: cause.spanId });
  };
  return async (target: unknown): Promise<void> => {
    const title = vscode.l10n.t('Replay Span');
    const ref = await spanOrAsk(context, target, { title, only: 'llm' });
    if (ref) await replay(ref);
  };
}
