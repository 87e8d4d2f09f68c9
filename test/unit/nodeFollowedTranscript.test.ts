import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FollowedTranscript } from '../../src/node/followedTranscript.ts';
import type { TranscriptRow } from '../../src/node/transcriptStore.ts';

const line = (type: string, uuid: string, message: object): string =>
  `${JSON.stringify({
    ...{ type, uuid, sessionId: 's1', timestamp: '2026-02-03T10:00:00.000Z' },
    message,
  })}\n`;
const prompt = (uuid: string): string =>
  line('user', uuid, { role: 'user', content: `Prompt ${uuid}` });
const answer = (id: string): string =>
  line('assistant', `of ${id}`, { id, role: 'assistant', content: 'Yes.', model: 'claude-opus-5' });

describe('A transcript that is followed', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-followed-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const idsIn = (rows: readonly TranscriptRow[]) =>
    rows.flatMap(row => ('span' in row ? [row.span.spanId] : []));

  it('is stored whole, also where the file could not be written in between', async () => {
    const file = path.join(folder, 'busy.jsonl');
    fs.writeFileSync(file, prompt('p1') + answer('m1'));
    const followed = new FollowedTranscript(file, new Set());
    const busy = () => Promise.reject(new Error('database is locked'));
    await assert.rejects(followed.readOn(busy), /locked/);
    fs.appendFileSync(file, prompt('p2'));
    const stored: string[] = [];
    const store = async (rows: readonly TranscriptRow[]): Promise<void> => {
      stored.push(...idsIn(rows));
    };
    assert.equal(await followed.readOn(store), true);
    assert.deepEqual([...new Set(stored)].sort(), ['m1', 'p1', 'p2']);
  });

  it('is read anew where another file has its name, however long that is', async () => {
    const file = path.join(folder, 'replaced.jsonl');
    fs.writeFileSync(file, prompt('p1'));
    const followed = new FollowedTranscript(file, new Set());
    const store = () => Promise.resolve();
    assert.equal(await followed.readOn(store), true);
    fs.appendFileSync(file, prompt('p2'));
    assert.equal(await followed.readOn(store), true);
    const other = path.join(folder, 'other');
    fs.writeFileSync(other, prompt('p3') + prompt('p4') + prompt('p5'));
    fs.renameSync(other, file);
    assert.equal(await followed.readOn(store), false);
  });
});
