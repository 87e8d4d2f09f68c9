// The sample agent, a program of its own, run again under the debugger of VS Code and without.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import * as vscode from 'vscode';
import type { Step } from '../../src/extension/errors.ts';
import { TraceFileWriter } from '../../src/node/traceFileWriter.ts';
import {
  callsOf,
  ended,
  launchFile,
  program,
  question,
  record,
  replayed,
  rootOf,
  sessions,
  source,
} from './replayed.ts';
import {
  api,
  closeEverything,
  runRows,
  saidWhile,
  spansBelow,
  tabs,
  until,
  workspaceFile,
  write,
} from './support.ts';

const whole =
  'Replayed 3 of 3 calls of “research_agent”; 4 requests: 4 as recorded. Nothing differed.';

/** Sets a breakpoint in the agent, and says how it goes on from each stop. */
async function breakInAgent(goOn: (count: number) => Promise<'continue' | 'leave'>) {
  const agent = source('tools', 'agent', 'research.ts');
  const lines = (await vscode.workspace.openTextDocument(agent)).getText().split('\n');
  const line = lines.findIndex(text => text.includes("messages.push({ role: 'assistant'"));
  assert.ok(line > 0);
  const at = new vscode.Location(agent, new vscode.Position(line, 0));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
  const stops: (readonly unknown[])[] = [];
  const factory: vscode.DebugAdapterTrackerFactory = {
    createDebugAdapterTracker: session => ({
      async onDidSendMessage({ type, event, body }) {
        if (type !== 'event' || event !== 'stopped') return;
        const { threadId, reason } = body;
        const { stackFrames } = await session.customRequest('stackTrace', { threadId });
        const [top] = stackFrames;
        // A path, or its uri where VS Code itself is remote.
        stops.push([reason, top.source.path.slice(-agent.path.length), top.line]);
        if ((await goOn(stops.length)) === 'continue') {
          await session.customRequest('continue', { threadId });
        }
      },
    }),
  };
  tracking = vscode.debug.registerDebugAdapterTrackerFactory('*', factory);
  return { stops, agent, hit: ['breakpoint', agent.path, line + 1] };
}
let tracking: vscode.Disposable | undefined;

describe('Replay Run in VS Code', function () {
  this.timeout(120_000);
  afterEach(async () => {
    tracking?.dispose();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    await closeEverything();
  });

  it('runs the sample agent under the debugger: the same answers and tool calls, and its breakpoint is hit', async () => {
    const first = await record('first.agent-traces.db');
    await launchFile({ name: 'Sample agent', out: 'again.agent-traces.db' });
    const { stops, hit } = await breakInAgent(async () => 'continue');
    const before = await vscode.workspace.fs.readFile(first);
    const said = await replayed('replayRun', {
      ...(await rootOf(first)),
      replay: { configuration: 'Sample agent' },
    });
    assert.deepEqual(stops, [hit, hit, hit], 'once a turn');
    assert.deepEqual(said, [whole]);
    const again = await callsOf(workspaceFile('again.agent-traces.db'));
    assert.deepEqual(again, await callsOf(first));
    assert.equal(again.filter(call => call.toolResult).length, 3);
    assert.deepEqual(await vscode.workspace.fs.readFile(first), before);
    const { kept } = await api();
    const { file } = await rootOf(first);
    const [row] = await runRows(first);
    const listed = () => kept.of(file, row?.run.runId ?? '');
    await until('it is kept', () => listed().length > 0);
    const [replay] = listed();
    assert.deepEqual(
      [replay?.calls, replay?.run.status, replay?.run.cost],
      [4, 'ok', 0],
      'it stands below the original',
    );
  });

  it('begins anew where the session is restarted', async () => {
    const first = await record('first.agent-traces.db');
    await launchFile({ name: 'Sample agent', out: 'again.agent-traces.db' });
    const { stops, agent } = await breakInAgent(async count => {
      if (count !== 2) return 'continue';
      await vscode.commands.executeCommand('workbench.action.debug.restart');
      return 'leave';
    });
    const said = await saidWhile(async () => {
      await vscode.commands.executeCommand('agentTraces.replayRun', {
        ...(await rootOf(first)),
        replay: { configuration: 'Sample agent' },
      });
      await until('it was run to its end', () => stops.length === 5);
      await ended();
    });
    assert.ok(stops.every(one => one.join(' ').includes(agent.path)));
    assert.equal(said.at(-1), whole);
    const [again] = await runRows(workspaceFile('again.agent-traces.db'));
    assert.equal(again?.run.status, 'ok');
  });

  it('stops at the request that a changed tool makes another, says what differs, and shows it', async () => {
    const first = await record('first.agent-traces.db');
    const env = { LIBRARY: JSON.stringify({ 'glaciers/retreat': 'It grew.' }) };
    await launchFile({ name: 'Changed agent', out: 'changed.agent-traces.db', env });
    const { onDidSay } = await api();
    let show: Step | undefined;
    const listening = onDidSay(({ steps }) => {
      show ??= steps.find(step => step.title === 'Show Difference');
    });
    const said = await replayed('replayRunUnderDebugger', {
      ...(await rootOf(first)),
      replay: { configuration: 'Changed agent' },
    });
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(
      said[0] ?? '',
      /^This request is not as recorded\. It differs from call 2 \(.+\) at messages\[2\]\.content\[0\]\.content\[0\]\.text, of the tool search: recorded “.+”, now “.+It grew\.…?.*”\. The replay stopped there\.$/,
    );
    assert.match(
      said[1] ?? '',
      /2 of 3 calls .* 1 as recorded, 1 stopped\. One request differed\.$/,
    );
    listening.dispose();
    await show?.act();
    await until('both requests stand side by side', () =>
      tabs().some(({ input }) => input instanceof vscode.TabInputTextDiff),
    );
  });

  it('goes up to a call, gives it an answer that was edited, with a command line in a terminal', async () => {
    const first = await record('first.agent-traces.db');
    const [row] = await runRows(first);
    assert.ok(row);
    const calls = (await spansBelow(row)).filter(({ span }) => span.kind === 'llm');
    const second = calls[1]?.span.spanId ?? '';
    const out = workspaceFile('edited.agent-traces.db');
    const words = [process.execPath, program(), question, out.fsPath].map(word => `"${word}"`);
    const { onDidSay, replaying } = await api();
    const listening = onDidSay(({ steps }) => {
      const start = steps.find(step => step.title === 'Start Replay');
      if (start) void edit().then(start.act);
    });
    const edit = async (): Promise<void> => {
      const editor = await until('the answer is shown', () => {
        const shown = vscode.window.activeTextEditor;
        return shown?.document.uri.scheme === 'agent-trace-answer' ? shown : undefined;
      });
      const { document } = editor;
      assert.equal(document.languageId, 'json');
      const answer = JSON.parse(document.getText());
      assert.equal(answer.content[0].name, 'read_page', 'the recorded one');
      const edited = {
        ...answer,
        content: [{ type: 'text', text: 'It is all melting.' }],
        stop_reason: 'end_turn',
      };
      const end = document.positionAt(document.getText().length);
      const whole = new vscode.Range(new vscode.Position(0, 0), end);
      await editor.edit(change => change.replace(whole, JSON.stringify(edited)));
    };
    const said = await replayed('replayUpToHere', {
      file: row.file,
      spanId: second,
      replay: { fromThere: 'edited', commandLine: words.join(' ') },
    });
    listening.dispose();
    assert.match(said[0] ?? '', /^Edit the answer that “.+” gets, then start the replay\.$/);
    assert.match(said[1] ?? '', /2 of 3 calls .* 2 requests: 2 as recorded\. Nothing differed\.$/);
    const [before, after] = [await callsOf(first), await callsOf(out)];
    assert.deepEqual(after[0], before[0], 'the first call is as it was');
    const last = after.at(-1);
    assert.deepEqual(JSON.parse(last?.response ?? '').content[0].text, 'It is all melting.');
    assert.equal(replaying?.lastCommandLine.get(), words.join(' '), 'offered the next time');
  });

  it('serves a program that one starts oneself, one replay at a time, until it is stopped', async () => {
    const root = await rootOf(await record('first.agent-traces.db'));
    const start = () =>
      vscode.commands.executeCommand('agentTraces.replayRun', {
        ...root,
        replay: { serverOnly: true },
      });
    const [begun] = await saidWhile(start);
    assert.match(begun ?? '', /is being served, .+ on the clipboard/);
    const { replaying } = await api();
    assert.match(replaying?.runs.text ?? '', /Replaying “research_agent”: no request yet$/);
    const copied = await vscode.env.clipboard.readText();
    const baseURL = /ANTHROPIC_BASE_URL ?='?([^'\n]+)/.exec(copied)?.[1] ?? '';
    const client = new Anthropic({ baseURL, apiKey: 'none', maxRetries: 0 });
    const ask = () =>
      client.messages.create({
        model: 'claude-haiku-4-5',
        max_tokens: 5,
        messages: [{ role: 'user', content: 'Something else' }],
      });
    const [differs] = await saidWhile(() => assert.rejects(ask, /Replay stopped\. /));
    assert.match(differs ?? '', /^This request is not as recorded\. It differs from call 1/);
    const second = await saidWhile(() => assert.rejects(ask, /Replay stopped\. /));
    assert.deepEqual(second, [], 'only the first difference is told');
    assert.match(replaying?.runs.text ?? '', /stopped at/);
    assert.deepEqual(await saidWhile(start), [
      '“research_agent” is being replayed. Stop that replay first, or let it end.',
    ]);
    const [over] = await saidWhile(() => vscode.commands.executeCommand('agentTraces.stopReplay'));
    assert.match(over ?? '', /; 2 requests: 0 as recorded, 2 stopped\. 2 requests differed\.$/);
    await ended();
    await assert.rejects(ask, /Connection error/, 'nobody listens any more');
    assert.deepEqual(
      await saidWhile(() => vscode.commands.executeCommand('agentTraces.stopReplay')),
      ['Nothing is being replayed. “Replay Run” starts a replay.'],
    );
  });

  it('says what to do about what cannot be replayed, and leaves nothing running', async () => {
    const { replaying } = await api();
    const nothingRuns = () => {
      assert.equal(replaying?.runs.text, undefined);
      assert.equal(sessions.size, 0);
    };
    const first = await record('first.agent-traces.db');
    const replay = { configuration: 'Agent' };
    const run = (target: object) =>
      saidWhile(() => vscode.commands.executeCommand('agentTraces.replayRun', target));
    const root = await rootOf(first);
    assert.match((await run({ ...root, replay }))[0] ?? '', /^This workspace has no launch/);
    nothingRuns();

    const silent = await write('silent.js', 'console.log("done")');
    await launchFile(
      { name: 'Silent', out: '', program: silent.fsPath },
      { name: 'Gone', out: '', program: `${silent.fsPath}.gone.js` },
    );
    assert.match((await run({ ...root, replay }))[0] ?? '', /^No launch configuration “Agent”/);
    const [asked] = await replayed('replayRun', { ...root, replay: { configuration: 'Silent' } });
    assert.match(asked ?? '', /asked the replay of “research_agent” for nothing\. See whether/);
    nothingRuns();

    const bare = workspaceFile('bare.agent-traces.db');
    const writer = new TraceFileWriter(bare.fsPath, { synchronous: 'normal', busyMs: 100 });
    const counts = { inputTokens: 0, outputTokens: 0, costUsd: 0, model: '' };
    const times = { startTime: 1, endTime: 2, status: 'ok', error: undefined } as const;
    const ids = { type: 'span', spanId: 'r', runId: 'r', parentSpanId: undefined } as const;
    writer.writeRows([{ ...ids, ...times, ...counts, name: 'bare', metadata: '{"kind":"agent"}' }]);
    writer.close();
    const [none] = await run({ ...(await rootOf(bare)), replay: { configuration: 'Silent' } });
    assert.equal(
      none,
      'bare has no model calls, so there is nothing to replay. Choose a run that has.',
    );
    nothingRuns();
  });

  it('refuses a session that is started again after its replay', async () => {
    const said = await saidWhile(async () => {
      const started = await vscode.debug.startDebugging(undefined, {
        type: 'node',
        request: 'launch',
        name: 'Again',
        program: program(),
        agentTracesReplay: { id: 'over', baseUrl: '' },
      });
      assert.equal(started, false);
    });
    assert.deepEqual(said, [
      'The replay that this session belongs to is over. Start it with Replay Run.',
    ]);
  });
});
