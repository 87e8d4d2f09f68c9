// What a call that is sent again leaves where it fails, where it goes, and what keeps the key.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { endlessReply, type Reply, rawReply, startMessagesApi } from '../tools/messagesApi.ts';
import { pause } from './quickInput.ts';
import { answer, key, openRequest, replaying, send } from './replaying.ts';
import {
  api,
  copySample,
  run,
  runWhere,
  saidWhile,
  spansBelow,
  until,
  workspaceFile,
  write,
} from './support.ts';

describe('Replay Span', () => {
  const scene = replaying();

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
      reply: () => endlessReply('application/json', Buffer.alloc(1 << 20, 0x20)),
      words: /is more than the 32.* that are taken.*max_tokens/,
    },
    {
      what: 'a page that is no answer',
      reply: () => rawReply('text/html', '<p>Hi'),
      words: /answered, but not as the Messages API does/,
    },
  ];
  for (const { what, reply: bad, words, keeps } of failures) {
    it(`says what to do about ${what}`, async () => {
      const { document } = await openRequest('failure.agent-traces.db');
      scene.reply = bad;
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
    scene.reply = () => ({
      message: answer('Begun, and then nothing more'),
      events: 4,
      after: 'hang',
    });
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

  it('has the key nowhere but in the header', async () => {
    const { kept, storage } = await api();
    const { document } = await openRequest('key.agent-traces.db');
    scene.reply = () => ({ message: answer(`You sent ${key}, did you not?`) });
    const view = await send(document);
    assert.match(view.replays[0]?.answer?.text ?? '', /You sent \[API key\], did/);
    assert.equal(document.getText().includes(key), false);
    assert.ok(scene.told.length > 10_000 && !scene.told.includes(key), 'pages and notifications');
    // By pieces as well: none that a page was told goes on where another one ended.
    const pieces = [...scene.told.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(found => found[1]);
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
