import * as vscode from 'vscode';
import { TraceError } from '../../core/errors.ts';
import type { Fields } from '../../core/fields.ts';
import type { Ms } from '../../core/model.ts';
import {
  type ModelPart,
  type ModelRequest,
  modelMessage,
} from '../../core/replay/languageModel.ts';

/** The models that are offered in VS Code; none where there is no such thing. */
export async function languageModels(): Promise<readonly vscode.LanguageModelChat[]> {
  try {
    return await vscode.lm.selectChatModels();
  } catch {
    // Nobody offers any: the API is the way.
    return [];
  }
}

export interface ModelAnswer {
  readonly message: Fields | undefined;
  readonly error: TraceError | undefined;
  readonly firstToken: Ms | undefined;
}

/** As much of an answer as is taken of the API. */
const mostChars = 32_000_000;

/** Sends a request to a language model of VS Code, which asks the user for consent. Never rejects. */
export async function sendToLanguageModel(
  model: vscode.LanguageModelChat,
  { messages, tools, mustCall }: ModelRequest,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<ModelAnswer> {
  const cancel = new vscode.CancellationTokenSource();
  const onAbort = (): void => cancel.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  const start = Date.now();
  const parts: ModelPart[] = [];
  let [firstToken, error, chars] = [
    undefined as Ms | undefined,
    undefined as TraceError | undefined,
    0,
  ];
  const { vendor, family } = model;
  try {
    const { Auto, Required } = vscode.LanguageModelChatToolMode;
    const response = await model.sendRequest(
      messages.map(messageOf),
      { tools: [...tools], ...(tools.length > 0 && { toolMode: mustCall ? Required : Auto }) },
      cancel.token,
    );
    for await (const part of response.stream) {
      if (signal.aborted) break;
      firstToken ??= Date.now() - start;
      if (part instanceof vscode.LanguageModelTextPart) {
        parts.push({ kind: 'text', text: part.value });
        chars += part.value.length;
        onText(part.value);
      } else if (part instanceof vscode.LanguageModelToolCallPart) {
        parts.push({ kind: 'call', id: part.callId, name: part.name, input: part.input });
      }
      if (chars > mostChars) {
        cancel.cancel();
        throw new TraceError('replayTooMuch', [model.name, '32 MB']);
      }
    }
    if (signal.aborted) error = new TraceError('cancelled');
    else if (parts.length === 0) {
      error = new TraceError('replayModelFailed', [model.name, 'it gave no answer']);
    }
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    error = signal.aborted
      ? new TraceError('cancelled')
      : thrown instanceof TraceError
        ? thrown
        : new TraceError('replayModelFailed', [model.name, words.slice(0, 500)]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    cancel.dispose();
  }
  const message = parts.length > 0 ? modelMessage(`${vendor}/${family}`, parts) : undefined;
  return { message, error, firstToken };
}

function messageOf({
  role,
  parts,
}: ModelRequest['messages'][number]): vscode.LanguageModelChatMessage {
  if (role === 'assistant') {
    return vscode.LanguageModelChatMessage.Assistant(
      parts.map(part =>
        part.kind === 'call'
          ? new vscode.LanguageModelToolCallPart(part.id, part.name, part.input)
          : new vscode.LanguageModelTextPart(part.text),
      ),
    );
  }
  return vscode.LanguageModelChatMessage.User(
    parts.map(part =>
      part.kind === 'result'
        ? new vscode.LanguageModelToolResultPart(part.id, [
            new vscode.LanguageModelTextPart(part.text),
          ])
        : new vscode.LanguageModelTextPart(part.kind === 'text' ? part.text : ''),
    ),
  );
}
