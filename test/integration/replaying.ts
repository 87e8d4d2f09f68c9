// What the tests of Replay Span share: calls of the sample, sent again to a server on this machine.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunRow, SpanRow } from '../../src/extension/rows.ts';
import type { ReplayView } from '../../src/protocol/replay.ts';
import {
  type ApiRequest,
  apiMessage,
  type Json,
  type MessagesApi,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import { acceptUntil } from './quickInput.ts';
import { api, closeEverything, copySample, run, runWhere, spansBelow } from './support.ts';

/** Nothing but the header may have it. */
export const key = 'sk-ant-MARKED-0123456789abcdef';

export const answer = (text: string): Json =>
  apiMessage({
    usage: { input_tokens: 200, output_tokens: 20 },
    content: [{ type: 'text', text }],
  });

export interface Replaying {
  readonly requests: readonly ApiRequest[];
  /** What the server answers; `Again.` where a test says nothing else. */
  reply: (count: number) => Reply;
  /** What pages and notifications were told, as text. */
  readonly told: string;
}

/** For the tests of a `describe`: a server, and the address and the key that lead to it. */
export function replaying(): Replaying {
  let server: MessagesApi;
  let told = '';
  const again = (): Reply => ({ message: answer('Again.') });
  const all: Replaying = {
    get requests() {
      return server.requests;
    },
    reply: again,
    get told() {
      return told;
    },
  };
  const listening: vscode.Disposable[] = [];

  before(async () => {
    server = await startMessagesApi((_request, count) => all.reply(count));
    process.env.ANTHROPIC_API_KEY = key;
    const { sender, onDidSay } = await api();
    assert.ok(sender);
    const tell = (said: unknown): void => {
      told += typeof said === 'string' ? said : JSON.stringify(said);
    };
    listening.push(
      sender.onDidChange(tell),
      sender.onDidCome(tell),
      onDidSay(({ words }) => tell(words)),
    );
  });
  beforeEach(() => {
    process.env.ANTHROPIC_BASE_URL = server.baseURL;
    all.reply = again;
  });
  afterEach(closeEverything);
  after(async () => {
    process.env.ANTHROPIC_API_KEY = '';
    for (const one of listening) one.dispose();
    await server.close();
    assert.ok(!told.includes(key), 'no page and no notification was told the key');
  });
  return all;
}

async function sampleCall(name: string): Promise<{ call: SpanRow; row: RunRow }> {
  const uri = await copySample(name);
  const row = await runWhere(
    uri,
    one => one.run.name === 'invoice_reconcile' && one.run.status === 'error',
  );
  const call = (await spansBelow(row)).findLast(one => one.span.name === 'llm_continuation');
  assert.ok(call);
  return { call, row };
}

/** Opens the request of a call of the sample. */
export async function openRequest(name: string) {
  const sample = await sampleCall(name);
  await run('replaySpan', sample.call);
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, 'agent-replay');
  return { ...sample, document };
}

/** Answers the question with its first offer, and waits for the end. */
export async function send(document: vscode.TextDocument): Promise<ReplayView> {
  const { sender } = await api();
  const before = sender?.view?.id ?? 0;
  const done = run('sendReplay', document.uri);
  await acceptUntil('it is sent', () => (sender?.view?.id ?? 0) > before);
  await done;
  assert.ok(sender?.view);
  return sender.view;
}
