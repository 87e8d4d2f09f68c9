import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { acceptUntil, hide, pause } from './quickInput.ts';
import { api, closeEverything, copySample, run, saidWhile, tabs, until } from './support.ts';

const noFile = 'No trace file is open and none was found here.';

const asking = [
  'showSpan',
  'goToCause',
  'goToSource',
  'revealInRunTree',
  'copySpanId',
  'copySpanAsJson',
  'copySpanAsMarkdown',
  'openPrompt',
  'openResponse',
  'replaySpan',
  'replayRun',
  'replayRunUnderDebugger',
  'replayUpToHere',
  'compareWith',
];

describe('commands without a row', () => {
  afterEach(closeEverything);

  it('are all registered', async () => {
    await api();
    const known = await vscode.commands.getCommands(true);
    for (const name of [...asking, 'showFailures', 'filterRuns', 'closeTraceFile', 'trySample']) {
      assert.ok(known.includes(`agentTraces.${name}`), name);
    }
  });

  it('ask for run and span, and act on the one that is chosen', async () => {
    const { files, panel } = await api();
    const uri = await copySample('ask.agent-traces.db');
    files.add(uri, true);
    let shown: string | undefined;
    const listening = panel.onDidShow(ref => {
      shown = ref.spanId;
    });
    const done = vscode.commands.executeCommand('agentTraces.goToCause');
    await acceptUntil('a cause is shown', () => shown);
    await done;
    listening.dispose();
  });

  it('end quietly when the question is closed', async () => {
    const { files, panel } = await api();
    files.add(await copySample('quiet.agent-traces.db'), true);
    const before = panel.shown;
    for (const name of asking) {
      const said = await saidWhile(async () => {
        const done = run(name);
        await pause(250);
        await hide();
        await done;
      });
      assert.deepEqual(said, [], name);
    }
    assert.equal(panel.shown, before);
  });

  it('end with words where there is no trace file', async () => {
    for (const name of [
      ...asking,
      'goToNextFailure',
      'goToPreviousFailure',
      'showFailures',
      'search',
      'refresh',
      'filterRuns',
      'closeTraceFile',
    ]) {
      const said = await saidWhile(() => run(name));
      assert.deepEqual(said, [noFile], name);
    }
  });

  it('take strange arguments for none', async () => {
    for (const argument of [0, 'x', {}, [], { type: 'span' }, { file: 1, spanId: 2 }]) {
      const saidBy = (name: string) => saidWhile(() => run(name, argument));
      assert.deepEqual(await saidBy('goToCause'), [noFile], 'as without one');
      assert.deepEqual(await saidBy('compareWith'), [noFile], 'as without one');
      assert.deepEqual(await saidBy('loadMore'), [], 'there is nothing to load, and nothing fails');
    }
  });

  it('open a walkthrough', async () => {
    // Whether it is ours is seen in the UI test: VS Code names no id, and its tab is called Welcome.
    await vscode.commands.executeCommand('agentTraces.openWalkthrough');
    await until('it is shown', () => tabs().some(tab => /Welcome|Walkthrough/.test(tab.label)));
  });

  it('open the sample', async () => {
    const { files } = await api();
    await vscode.commands.executeCommand('agentTraces.trySample');
    const file = files.list().find(one => one.name === 'sample.agent-traces.db');
    assert.equal(file?.state, 'read');
  });
});
