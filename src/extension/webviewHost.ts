import type { Disposable, Webview } from 'vscode';
import { type PanelApi, type PanelEvent, panelMethods } from '../protocol/panel.ts';
import { answer } from '../protocol/rpc.ts';
import { type Log, logError } from './log.ts';
import { isCall } from './pageArguments.ts';

/** Answers what a page asks. Every call is answered, also when its handler throws. */
export function serve(webview: Webview, handlers: PanelApi, log: Log): Disposable {
  return webview.onDidReceiveMessage(async (message: unknown) => {
    if (!isCall(message)) return;
    const reply = await answer(handlers, panelMethods, message);
    if (reply.kind === 'failed' && reply.code === 'unexpected') log.error(reply.stack);
    try {
      await webview.postMessage(reply);
    } catch (error) {
      // The page was closed while its question was being answered.
      logError(log, `answer ${message.method}`, error);
    }
  });
}

export function tell(webview: Webview, event: PanelEvent): void {
  // A hidden page does not hear it; it asks again when it is shown.
  void webview.postMessage(event);
}
