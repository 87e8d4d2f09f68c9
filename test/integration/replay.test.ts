// A recorded call is sent again with the real SDK, to a server on this machine.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import type { ReplayRow, RunRow, SpanRow } from '../../src/extension/rows.ts';
import type { ReplayView } from '../../src/protocol/replay.ts';
import {
  apiMessage,
  type Json,
  type MessagesApi,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
import {
  api,
  closeEverything,
  copySample,
  runWhere,
  saidWhile,
  spansBelow,
  tabs,
  until,
  workspaceFile,
  write,
} from './support.ts';

/** Nothing but the header may have it. */
const key = 'sk-ant-MARKED-0123456789abcdef';
const run = (command: string, target?: unknown) =>
  vscode.commands.executeCommand(`agentTraces.${command}`, target);
const accept = () => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
const next = () => vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

const answer = (text: string, more: Json = {}): Json =>
  apiMessage({
    usage: { input_tokens: 200, output_tokens: 20 },
    content: [{ type: 'text', text }],
    ...more,
  });

describe('Replay Span', () => {
  let server: MessagesApi;
  let reply: (count: number) => Reply = () => ({ message: answer('Again.') });
  /** What pages and the log were told, as text. */
  let told = '';

  before(async () => {
    server = await startMessagesApi((_request, count) => reply(count));
    process.env.ANTHROPIC_API_KEY = key;
    const { sender, onDidSay } = await api();
    assert.ok(sender);
    sender.onDidChange(view => {
      told += JSON.stringify(view);
    });
    sender.onDidCome(pieces => {
      told += JSON.stringify(pieces);
    });
    onDidSay(({ words }) => {
      told += words;
    });
  });
  beforeEach(() => {
    process.env.ANTHROPIC_BASE_URL = server.baseURL;
    reply = () => ({ message: answer('Again.') });
  });
  afterEach(closeEverything);
  after(async () => {
    process.env.ANTHROPIC_API_KEY = '';
    await server.close();
  });

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
  async function openRequest(name: string) {
    const sample = await sampleCall(name);
    await run('replaySpan', sample.call);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'agent-replay');
    return { ...sample, document };
  }

  /** Answers the question with its first offer, and waits for the end. */
  async function send(document: vscode.TextDocument): Promise<ReplayView> {
    const { sender } = await api();
    const before = sender?.view?.id ?? 0;
    const done = run('sendReplay', document.uri);
    await until('it is sent', async () => {
      if ((sender?.view?.id ?? 0) > before) return true;
      await pause(100);
      await accept();
      return (sender?.view?.id ?? 0) > before;
    });
    await done;
    assert.ok(sender?.view);
    return sender.view;
  }

  it('opens the exact request to be edited, beside the recorded answer, and nothing in the workspace', async () => {
    const { panel } = await api();
    const { call, document } = await openRequest('open.agent-traces.db');
    assert.equal(document.languageId, 'json');
    assert.match(path.basename(document.uri.path), /\.agent-replay\.json$/);
    const body = JSON.parse(document.getText());
    assert.ok(Array.isArray(body.messages) && body.max_tokens > 0);
    assert.equal(panel.shown?.spanId, call.span.spanId);
    const files = await vscode.workspace.fs.readDirectory(workspaceFile('.'));
    assert.deepEqual(
      files.map(([name]) => name).filter(name => !/\.db(-shm|-wal)?$/.test(name)),
      [],
    );
    const at = document.positionAt(document.getText().indexOf(`"${body.model}"`) + 1);
    const offered = await until('models are offered', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      return list.items.some(({ label }) => /claude-opus/.test(String(label))) ? list : undefined;
    });
    assert.ok(offered.items.length > 3);
  });

  it('sends it as it stands, streams the answer, compares, and keeps the run', async () => {
    const { kept, tree, files } = await api();
    const { document, row, call } = await openRequest('send.agent-traces.db');
    const before = server.requests.length;
    const view = await send(document);
    assert.equal(view.state, 'done', view.problem ?? view.replays[0]?.error);
    const [sent] = server.requests.slice(before);
    const { stream, ...body } = sent?.body ?? {};
    const { stream: _, ...recorded } = JSON.parse(document.getText());
    assert.equal(stream, true);
    assert.deepEqual(body, recorded);
    assert.equal(sent?.headers.authorization, `Bearer ${key}`);
    assert.deepEqual(view.edited, []);
    assert.equal(view.replays[0]?.answer?.text, 'Again.');
    assert.ok((view.replays[0]?.figures.length ?? 0) > 3);
    assert.match(view.replays[0]?.lines.join(' ') ?? '', /Another answer.*asked for, and is not/);

    const children = await until('the tree has it', async () => {
      const below = await tree.getChildren(row);
      return below.some(one => one.type === 'replays') ? below : undefined;
    });
    const group = children.find(one => one.type === 'replays');
    assert.ok(group);
    const [replay] = (await tree.getChildren(group)) as ReplayRow[];
    assert.equal(replay?.replay.ofSpan, call.span.spanId);
    assert.equal(replay?.replay.ofRun, row.run.runId);
    assert.equal(
      files.list().some(({ id }) => id === kept.file),
      false,
      'not one of the user’s files',
    );
    assert.equal(String(tree.getTreeItem(group).label), 'Replays');
    assert.match(String(tree.getTreeItem(replay).description), /^not edited · /);

    const ref = view.replays[0]?.ref;
    assert.ok(ref);
    await run('showSpan', replay);
    assert.equal((await api()).panel.shown?.spanId, ref.spanId);
  });

  it('says what was edited, keeps what was saved, and puts the recorded text back', async () => {
    const { requests } = await api();
    const { call, document } = await openRequest('edit.agent-traces.db');
    const original = document.getText();
    const edit = new vscode.WorkspaceEdit();
    const at = original.indexOf('"max_tokens"');
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at));
    edit.insert(document.uri, range.start, '"temperature": 0.5,\n  ');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    const view = await send(document);
    assert.deepEqual(view.edited, ['temperature']);
    assert.equal(server.requests.at(-1)?.body.temperature, 0.5);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('replaySpan', call);
    const again = vscode.window.activeTextEditor?.document;
    assert.match(again?.getText() ?? '', /"temperature": 0\.5/, 'as it was left');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const titles = lenses.map(one => one.command?.title ?? '');
    assert.ok(titles.includes('Restore as Recorded'), titles.join());
    assert.ok(titles.some(title => /127\.0\.0\.1:\d+: about [\d,]+ input tokens/.test(title)));
    await run('restoreRequest', document.uri);
    assert.equal(again?.getText(), original);
    assert.equal(await requests.isEdited(document.uri), false);
  });

  it('says at the place what keeps a document from being sent, and sends nothing', async () => {
    const { document } = await openRequest('bad.agent-traces.db');
    const before = server.requests.length;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 1), '{ "top_p": 7,');
    await vscode.workspace.applyEdit(edit);
    const said = await saidWhile(() => run('sendReplay', document.uri));
    assert.match(said.join(), /cannot be sent: top_p must be a number from 0 to 1, and is 7|top_p/);
    const ours = vscode.languages
      .getDiagnostics(document.uri)
      .filter(one => /top_p/.test(one.message));
    assert.ok(ours.length > 0);
    assert.equal(server.requests.length, before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('sends it several times, and says how far the answers agree', async () => {
    const { sender, tree } = await api();
    const { document, row } = await openRequest('times.agent-traces.db');
    reply = count => ({ message: answer(count % 3 === 0 ? 'Other.' : 'Again.') });
    const done = run('sendReplay', document.uri);
    await pause(1500);
    await next();
    await accept();
    await pause(1000);
    await vscode.commands.executeCommand('quickInput.accept');
    await until('ten answers came', async () => {
      if (sender?.view?.agreement?.letters.length === 10) return true;
      await pause(150);
      if (!sender?.busy) await accept();
      return false;
    });
    await done;
    assert.match(sender?.view?.agreement?.words ?? '', /2 distinct answers in 10/);
    assert.deepEqual(
      sender?.view?.agreement?.groups.map(one => one.letter),
      ['A', 'B'],
    );
    const group = (await tree.getChildren(row)).find(one => one.type === 'replays');
    assert.ok(group && (await tree.getChildren(group)).length === 10);
  });

  const failures: readonly {
    readonly what: string;
    readonly reply: () => Reply;
    readonly words: RegExp;
    readonly keeps?: string;
  }[] = [
    {
      what: 'a refused key, which the server repeats',
      reply: () => ({
        status: 401,
        error: { type: 'authentication_error', message: `invalid x-api-key ${key}` },
      }),
      words: /refused the API key: invalid x-api-key \[API key\]\. Give a key/,
    },
    {
      what: 'a model that is not known there',
      reply: () => ({ status: 404, error: { type: 'not_found_error', message: 'model: x' } }),
      words: /has no model “.*” for this key: model: x\. Choose another model/,
    },
    {
      what: 'a server that goes away in mid-stream',
      reply: () => ({ message: answer('Half of it, and'), events: 4, after: 'cut' }),
      words: /broke off: .*What came of it is kept\. Send it again/,
      keeps: 'Half of',
    },
    {
      what: 'an answer that has no end',
      reply: () => ({
        raw: response => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const chunk = Buffer.alloc(1 << 20, 0x20);
          const more = (): void => {
            while (!response.destroyed && response.write(chunk));
            if (!response.destroyed) response.once('drain', more);
          };
          more();
        },
      }),
      words: /is more than the 32.* that are taken.*max_tokens/,
    },
    {
      what: 'a page that is no answer',
      reply: () => ({
        raw: response => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hi'),
      }),
      words: /answered, but not as the Messages API does/,
    },
  ];
  for (const { what, reply: bad, words, keeps } of failures) {
    it(`says what to do about ${what}`, async () => {
      const { document } = await openRequest('failure.agent-traces.db');
      reply = bad;
      const view = await send(document);
      assert.equal(view.state, 'failed');
      assert.match(view.replays[0]?.error ?? '', words);
      if (keeps) assert.match(view.replays[0]?.answer?.text ?? '', new RegExp(keeps));
      assert.ok(view.replays[0]?.ref, 'it is kept all the same');
    });
  }

  it('says where nobody listens', async () => {
    const gone = await startMessagesApi(() => ({ refuse: true }));
    await gone.close();
    process.env.ANTHROPIC_BASE_URL = gone.baseURL;
    const { document } = await openRequest('nobody.agent-traces.db');
    const view = await send(document);
    assert.match(view.replays[0]?.error ?? '', /cannot be reached: .*network and the base URL/);
  });

  it('can be cancelled, with what had come; nothing goes on', async () => {
    const { sender } = await api();
    const { document } = await openRequest('cancel.agent-traces.db');
    reply = () => ({ message: answer('Begun, and then nothing more'), events: 4, after: 'hang' });
    const sent = send(document);
    await until('some of it came', () => (sender?.view?.live.length ?? 0) > 0);
    assert.match(sender?.view?.live.map(one => one.text).join('') ?? '', /^Begun/);
    await run('cancelReplay');
    const view = await sent;
    assert.equal(view.state, 'cancelled');
    assert.equal(sender?.busy, false);
    assert.match(view.replays[0]?.answer?.text ?? '', /^Begun/);
  });

  it('says what was not recorded', async () => {
    const uri = await copySample('none.agent-traces.db');
    const db = new DatabaseSync(uri.fsPath);
    db.exec(`UPDATE spans SET metadata = '{"kind":"llm"}' WHERE name = 'llm_continuation'`);
    db.close();
    const row = await runWhere(uri, one => one.run.name === 'invoice_reconcile');
    const bare = (await spansBelow(row)).find(one => one.span.name === 'llm_continuation');
    const said = await saidWhile(() => run('replaySpan', bare));
    assert.match(said.join(), /was not recorded\. Its Prompt tab shows the lines that record it/);
    const gone = await saidWhile(() => run('replaySpan', { file: uri.toString(), spanId: 'gone' }));
    assert.match(gone.join(), /no longer in the file\. Refresh/);
  });

  it('takes no address from a workspace', async () => {
    await vscode.workspace.fs.createDirectory(workspaceFile('.vscode'));
    await write(
      '.vscode/settings.json',
      JSON.stringify({ 'agentTraces.replay.baseUrl': 'https://evil.example' }),
    );
    const own = vscode.workspace.getConfiguration();
    await until('the settings were read', () => own.inspect('agentTraces.replay.baseUrl'));
    await pause(300);
    const value = vscode.workspace.getConfiguration().get('agentTraces.replay.baseUrl');
    assert.equal(value, '');
  });

  it('shows a kept replay again, and deletes it after asking', async () => {
    const { kept, sender, tree } = await api();
    const { document, row } = await openRequest('delete.agent-traces.db');
    await send(document);
    const replays = async (): Promise<ReplayRow[]> => {
      const group = (await tree.getChildren(row)).find(one => one.type === 'replays');
      return group ? ((await tree.getChildren(group)) as ReplayRow[]) : [];
    };
    const before = await until('it is there', async () => {
      const rows = await replays();
      return rows.length > 0 ? rows : undefined;
    });
    const id = sender?.view?.id ?? 0;
    await run('showReplay', before[0]);
    assert.ok((sender?.view?.id ?? 0) > id);
    assert.equal(sender?.view?.replays[0]?.answer?.text, 'Again.');
    assert.ok(sender?.view?.recorded, 'beside what was recorded');
    assert.ok(tabs().some(tab => tab.label.startsWith('Replay of llm_continuation')));
    const count = kept.list().length;
    const done = run('deleteReplay', before[0]);
    await until('it is gone', async () => {
      await pause(150);
      if (kept.list().length === count) await accept();
      return kept.list().length === count - 1;
    });
    await done;
    assert.equal((await replays()).length, before.length - 1);
  });

  it('has the key nowhere but in the header', async () => {
    const { kept, storage } = await api();
    const { document } = await openRequest('key.agent-traces.db');
    reply = () => ({ message: answer(`You sent ${key}, did you not?`) });
    const view = await send(document);
    assert.match(view.replays[0]?.answer?.text ?? '', /You sent \[API key\], did/);
    assert.equal(document.getText().includes(key), false);
    assert.ok(told.length > 10_000 && !told.includes(key), 'pages and notifications');
    // By pieces as well: none that a page was told goes on where another one ended.
    const pieces = [...told.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(found => found[1]);
    assert.equal(pieces.join('').includes(key), false);
    const dataFolder = storage.fsPath.replace(/[/\\]User[/\\].*$/, '');
    const read: string[] = [];
    for (const folder of [dataFolder, path.dirname(kept.path)]) {
      for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const file = path.join(folder, name);
        if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
        read.push(file);
        assert.equal(fs.readFileSync(file).includes(key), false, file);
      }
    }
    assert.ok(
      read.some(file => /\.log$/.test(file)),
      'logs are among them',
    );
    assert.ok(read.includes(kept.path), 'and the replays');
  });
});
