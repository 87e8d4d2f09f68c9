import type { Disposable, Webview } from 'vscode';
import { type PanelApi, type PanelEvent, panelMethods } from '../protocol/panel.ts';
import { answer } from '../protocol/rpc.ts';
import { type Log, logError } from './log.ts';
import { isCall, isCancel } from './pageArguments.ts';

/**
 * Answers what a page asks. Every call is answered, also when its handler throws.
 *
 * @param handlersFor makes the handlers of one call; the signal says that its answer is no longer wanted
 */
export function serve(
  webview: Webview,
  handlersFor: (cancelled: AbortSignal) => PanelApi,
  log: Log,
): Disposable {
  const open = new Map<number, AbortController>();
  const receive = async (message: unknown): Promise<void> => {
    if (isCancel(message)) open.get(message.id)?.abort();
    if (!isCall(message)) return;
    const call = new AbortController();
    open.set(message.id, call);
    const reply = await answer(handlersFor(call.signal), panelMethods, message);
    // A page that was loaded anew counts its calls from the beginning.
    if (open.get(message.id) === call) open.delete(message.id);
    if (reply.kind === 'failed' && reply.code === 'unexpected') log.error(reply.stack);
    try {
      await webview.postMessage(reply);
    } catch (error) {
      // The page was closed while its question was being answered.
      logError(log, `answer ${message.method}`, error);
    }
  };
  const listening = webview.onDidReceiveMessage(receive);
  return {
    dispose: () => {
      listening.dispose();
      for (const call of open.values()) call.abort();
    },
  };
}

export function tell(webview: Webview, event: PanelEvent): void {
  // A hidden page does not hear it; it asks again when it is shown.
  void webview.postMessage(event);
}
