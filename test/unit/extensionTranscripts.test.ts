import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../src/extension/log.ts';
import type { Importer } from '../../src/extension/platform.ts';
import { EventEmitter, removed, settingChanges, settings, Uri } from './support/vscode.ts';

const { ClaudeTranscripts } = await import('../../src/extension/claudeCode.ts');

const log = { error: () => undefined } as unknown as Log;
const key = 'agentTraces.claudeCode.enabled';
const file = Uri.file('/storage/transcripts/claude-code.agent-traces.db');

function start() {
  const did: string[] = [];
  const importer = {
    transcripts: ['/home/u/.claude/projects'],
    follow: () => {
      did.push('follow');
      return {
        ready: Promise.resolve(),
        stop: async () => {
          await wait(1);
          did.push('stopped');
        },
      };
    },
  } as unknown as Importer;
  const on = {
    changed: () => void did.push('changed'),
    close: async () => {
      await wait(1);
      did.push('closed');
    },
  };
  const claude = new ClaudeTranscripts(importer, Uri.file('/storage') as never, log, on, 5);
  const looks = new EventEmitter<string>();
  const seen = { isShown: true };
  claude.followWhile({ isShown: () => seen.isShown, onDidLook: looks.event as never });
  return { claude, did, seen, look: () => looks.fire(file.toString()) };
}

const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await wait(2);
};

describe('the transcripts of Claude Code', () => {
  afterEach(() => settings.clear());

  it('are followed while somebody looks, and again when somebody comes back', async () => {
    const { claude, did, seen, look } = start();
    look();
    assert.equal(did.length, 0, 'not before their row was unfolded once');
    await claude.prepare(file as never);
    await wait(20);
    assert.deepEqual(did, ['follow']);
    seen.isShown = false;
    await until(() => did.includes('stopped'));
    seen.isShown = true;
    look();
    look();
    await wait(20);
    assert.deepEqual(did, ['follow', 'stopped', 'follow']);
    claude.dispose();
  });

  it('are removed once whoever reads and writes them has closed them', async () => {
    const { claude, did, look } = start();
    await claude.prepare(file as never);
    settings.set(key, false);
    removed.length = 0;
    settingChanges.fire({ affectsConfiguration: one => one === key });
    await until(() => did.includes('changed'));
    assert.deepEqual(did, ['follow', 'stopped', 'closed', 'changed']);
    assert.deepEqual(removed, ['/storage/transcripts']);
    settings.set(key, true);
    look();
    assert.equal(did.length, 4, 'they are followed when they are next unfolded');
    claude.dispose();
  });
});
