import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { versionOf } from '../../src/node/followedTranscript.ts';
import { newestTranscripts } from '../../src/node/transcriptMirror.ts';
import { temporaryFolder } from '../tools/temporary.ts';

describe('the transcripts that are found', () => {
  const folder = temporaryFolder('transcripts');
  after(folder.remove);

  it('are all but what cannot be looked at, such as links in a circle', () => {
    const file = (...parts: readonly string[]) => path.join(folder.path, ...parts);
    fs.mkdirSync(file('p', 's', 'subagents'), { recursive: true });
    fs.writeFileSync(file('p', 's.jsonl'), '{}\n');
    fs.symlinkSync('loop.jsonl', file('p', 'loop.jsonl'));
    fs.symlinkSync('agent-a.jsonl', file('p', 's', 'subagents', 'agent-a.jsonl'));
    assert.deepEqual(newestTranscripts([folder.path], 5), [file('p', 's.jsonl')]);
    assert.match(versionOf(file('p', 's.jsonl')) ?? '', /^3 \S+$/);
    assert.equal(versionOf(file('p', 'loop.jsonl')), undefined);
  });
});
