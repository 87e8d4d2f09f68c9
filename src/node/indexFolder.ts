import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import type { IndexKeeper, SavedIndex } from '../store/savedIndex.ts';

const most = { files: 40, bytes: 200_000_000 };
const ending = '.index';

/**
 * Keeps the indexes of large files in a folder of our own, so that one is not read through again while it
 * is as it was. What cannot be read there, or is of another program or state, is as if it were not there.
 *
 * @param program names the program that wrote an index: what another has worked out may be wrong
 * @param log is told of what the disk refuses; nothing else depends on it
 */
export function indexFolder(folder: string, program: string, log: (line: string) => void) {
  return (file: string): IndexKeeper => {
    const name = createHash('sha256').update(file).digest('hex').slice(0, 32) + ending;
    const place = path.join(folder, name);
    return {
      load(key) {
        const kept = read(place);
        return kept?.key === `${program}\n${key}` ? kept.index : undefined;
      },
      save(key, index) {
        try {
          write(folder, place, v8.serialize({ key: `${program}\n${key}`, index }));
        } catch (error) {
          log(`an index is not kept: ${error}`);
        }
      },
    };
  };
}

function read(place: string): { key: string; index: SavedIndex } | undefined {
  try {
    return v8.deserialize(fs.readFileSync(place));
  } catch {
    // Not there, or cut off: it is written anew.
    return undefined;
  }
}

/** Whole or not at all, also where the process ends in the middle. */
function write(folder: string, place: string, content: Buffer): void {
  if (content.length > most.bytes / 2) return;
  fs.mkdirSync(folder, { recursive: true });
  makeRoom(folder, place, content.length);
  const beside = `${place}.${process.pid}`;
  try {
    fs.writeFileSync(beside, content);
    fs.renameSync(beside, place);
  } finally {
    fs.rmSync(beside, { force: true });
  }
}

/** The ones that were written longest ago go. */
function makeRoom(folder: string, place: string, bytes: number): void {
  const others = fs
    .readdirSync(folder)
    .map(name => path.join(folder, name))
    .filter(one => one !== place)
    .map(one => ({ one, stats: fs.statSync(one, { throwIfNoEntry: false }) }))
    .sort((a, b) => (b.stats?.mtimeMs ?? 0) - (a.stats?.mtimeMs ?? 0));
  let [files, size] = [1, bytes];
  for (const { one, stats } of others) {
    files++;
    size += stats?.size ?? 0;
    if (files > most.files || size > most.bytes) fs.rmSync(one, { force: true });
  }
}
