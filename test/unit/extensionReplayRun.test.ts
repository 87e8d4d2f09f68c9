import assert from 'node:assert/strict';
import type { CommandContext } from '../../src/extension/commands/context.ts';
import type { ReplayServices } from '../../src/extension/replayRun/replayRun.ts';
import { answer, call } from './support/replay.ts';
import { toasts, workspace } from './support/vscode.ts';

const { replayRun } = await import('../../src/extension/commands/replayRun.ts');
const { environmentOf, marked, replayOf, withEnvironment } = await import(
  '../../src/extension/replayRun/debug.ts'
);
const { RunReplay } = await import('../../src/extension/replayRun/replayRun.ts');
const { editedAnswer } = await import('../../src/extension/replayRun/answers.ts');
const { givenReplay, isLive } = await import('../../src/extension/replayRun/spec.ts');
const { progressWords, summaryWords } = await import('../../src/extension/replayRun/words.ts');

describe('a replay of a run', () => {
  it('starts in no workspace that is not trusted, and says so', async () => {
    Object.assign(workspace, { isTrusted: false });
    const context = { replaying: {} } as CommandContext;
    await replayRun(context, 'run')({ file: 'f', spanId: 's' });
    const { words, buttons } = toasts.at(-1) ?? {};
    assert.match(words ?? '', /not trusted. Trust it first/);
    assert.deepEqual(buttons, ['Manage Workspace Trust']);
    Object.assign(workspace, { isTrusted: true });
  });

  it('is not to be had where there are no processes, which is said', async () => {
    await replayRun({ replaying: undefined } as CommandContext, 'run')(undefined);
    assert.match(toasts.at(-1)?.words ?? '', /VS Code for the Web/);
  });

  it('takes of what it is given only what it knows', () => {
    const nothing = { configuration: undefined, commandLine: undefined, edited: undefined };
    const none = { ...nothing, serverOnly: false };
    for (const strange of [undefined, 7, {}, { replay: 'x' }, { replay: { fromThere: 'fly' } }]) {
      assert.deepEqual(givenReplay(strange), none);
    }
    const given = { configuration: 'Agent', fromThere: 'edited', onDifference: 'nearest' } as const;
    assert.deepEqual(givenReplay({ replay: { ...given, timing: true, commandLine: 3 } }), {
      ...none,
      ...given,
      timing: true,
    });
  });

  it('may be billed only where it goes on live', () => {
    const script = { runId: 'r', name: 'r', exchanges: [] };
    const spec = { file: 'f', script, edited: undefined, timing: false } as const;
    const live = (
      fromThere: 'stop' | 'live' | 'edited',
      onDifference: 'stop' | 'live',
      until: number | undefined,
    ) => isLive({ ...spec, fromThere, onDifference, until });
    assert.deepEqual(
      [live('live', 'stop', undefined), live('edited', 'stop', 1), live('stop', 'stop', 1)],
      [false, false, false],
    );
    assert.deepEqual([live('live', 'stop', 1), live('stop', 'live', undefined)], [true, true]);
  });
});

describe('the server of a replay', () => {
  it('is ended though it was still being started, and never twice at once', async () => {
    let go = (): void => undefined;
    const started = new Promise<void>(resolve => {
      go = resolve;
    });
    let [open, most] = [0, 0];
    const serve = async () => {
      await started;
      most = Math.max(most, ++open);
      return {
        baseUrl: 'http://127.0.0.1:9/t',
        summary: { requests: 0 },
        close: async () => void open--,
        stored: async () => undefined,
      };
    };
    const services = {
      log: { info: () => undefined, error: () => undefined },
      machine: { own: {}, serve, environment: () => ({}) },
      keeping: { of: async () => undefined, changed: async () => undefined },
    } as unknown as ReplayServices;
    const script = { runId: 'r', name: 'r', exchanges: [] };
    const spec = { file: 'f', script, edited: undefined, timing: false, until: undefined } as const;
    const replay = new RunReplay(
      { ...spec, fromThere: 'stop', onDifference: 'stop' },
      services,
      () => undefined,
    );
    const serving = [replay.serve({}), replay.serve({})];
    const ended = replay.end();
    go();
    await Promise.all([...serving, ended]);
    assert.deepEqual([open, most], [0, 1]);
  });
});

describe('a debug session of a replay', () => {
  const configuration = { type: 'node', name: 'Agent', request: 'launch' };

  it('has a dead address until it is given its own, so that one started again is not billed', () => {
    const env = { ANTHROPIC_BASE_URL: 'https://proxy.example', A: '1' };
    const made = marked({ ...configuration, env }, 'id');
    assert.deepEqual(made.env, { A: '1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' });
    assert.equal(replayOf(made), 'id');
    assert.equal(made.name, 'Agent (replay)', 'a restart looks for its name in launch.json');
    assert.equal(replayOf(configuration), undefined);
    const given = withEnvironment(made, { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1234/t' });
    assert.deepEqual(given.env, { A: '1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1234/t' });
  });

  it('of C++ has its environment as a list', () => {
    const environment = [{ name: 'A', value: '1' }, { name: 2 }];
    const listed = { ...configuration, type: 'cppdbg', environment };
    assert.deepEqual(environmentOf(listed), { A: '1' });
    const made = withEnvironment(listed, { B: '2' });
    assert.deepEqual(made.environment, [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
  });
});

describe('an edited answer', () => {
  it('is one of the Messages API, or what is wrong is said with a next step', () => {
    assert.deepEqual(editedAnswer(JSON.stringify(answer('msg'))), answer('msg'));
    const problem = (text: string) => String((editedAnswer(text) as { problem: string }).problem);
    assert.match(problem('{"type": '), /is no JSON: .+ Correct it, then start again\.$/);
    assert.match(problem('{"type": "message"}'), /no answer of the Messages API/);
    assert.match(problem('null'), /no answer of the Messages API/);
    assert.match(problem(`${'['.repeat(300)}${']'.repeat(300)}`), /nests too deeply/);
  });
});

describe('what is said of a replay', () => {
  const counts = { requests: 4, answered: 4, live: 0, stopped: 0, differed: 0, refused: 0 };
  const summary = { ...counts, calls: 12, asked: 3, firstDifference: undefined };

  it('counts answers while it runs', () => {
    const { spanId, name } = call('b', {});
    const third = { spanId, name, call: 3 };
    const matched = {
      kind: 'matched',
      request: 4,
      call: third,
      how: 'content',
      attempt: 1,
    } as const;
    assert.equal(progressWords(matched, 12), 'answer 3 of 12');
    const stopped = { kind: 'stopped', request: 4, call: third, why: 'until', words: '' } as const;
    assert.equal(progressWords(stopped, 12), 'stopped at call 3 of 12');
    const ended = { kind: 'ended', request: 4, ending: 'answered', live: false } as const;
    assert.equal(progressWords(ended, 12), undefined);
  });

  it('sums up at its end', () => {
    assert.equal(
      summaryWords('agent', summary),
      'Replayed 3 of 12 calls of “agent”; 4 requests: 4 as recorded. Nothing differed.',
    );
    assert.equal(
      summaryWords('agent', { ...summary, answered: 1, live: 2, stopped: 1, differed: 2 }),
      'Replayed 3 of 12 calls of “agent”; 4 requests: 1 as recorded, 2 by the real API, 1 stopped. 2 requests differed.',
    );
  });
});
