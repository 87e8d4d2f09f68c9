// A recorded call is sent again with the real SDK, to a server on this machine.
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ReplayRow } from '../../src/extension/rows.ts';
import { accept, acceptUntil, next, pause } from './quickInput.ts';
import { answer, key, openRequest, replaying, send } from './replaying.ts';
import { api, run, saidWhile, tabs, until, workspaceFile } from './support.ts';

describe('Replay Span', () => {
  const scene = replaying();

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
    const before = scene.requests.length;
    const view = await send(document);
    assert.equal(view.state, 'done', view.problem ?? view.replays[0]?.error);
    const [sent] = scene.requests.slice(before);
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
    assert.equal(scene.requests.at(-1)?.body.temperature, 0.5);
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
    const before = scene.requests.length;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 1), '{ "top_p": 7,');
    await vscode.workspace.applyEdit(edit);
    const said = await saidWhile(() => run('sendReplay', document.uri));
    assert.match(said.join(), /cannot be sent: top_p must be a number from 0 to 1, and is 7|top_p/);
    const ours = vscode.languages
      .getDiagnostics(document.uri)
      .filter(one => /top_p/.test(one.message));
    assert.ok(ours.length > 0);
    assert.equal(scene.requests.length, before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('sends it several times, and says how far the answers agree', async () => {
    const { sender, tree } = await api();
    const { document, row } = await openRequest('times.agent-traces.db');
    scene.reply = count => ({ message: answer(count % 3 === 0 ? 'Other.' : 'Again.') });
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
    await acceptUntil('it is gone', () => kept.list().length === count - 1);
    await done;
    assert.equal((await replays()).length, before.length - 1);
  });
});
