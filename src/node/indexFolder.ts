import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import type { IndexKeeper, SavedIndex } from '../store/savedIndex.ts';
import { makeFolder } from './makeFolder.ts';

const mostKept = { files: 40, bytes: 200_000_000 };
/** With the number of a process: what was left of one that ended in the middle. */
const ours = /^[0-9a-f]{32}\.index(\.\d+)?$/;

/**
 * Keeps the indexes of large files in a folder of our own, so that one is not read through again while it
 * is as it was. What cannot be read there, or is of another program or state, is as if it were not there.
 *
 * @param program names the program that wrote an index: what another has worked out may be wrong
 * @param log is told of what the disk refuses; nothing else depends on it
 */
export function indexFolder(
  folder: string,
  program: string,
  log: (line: string) => void,
  most = mostKept,
) {
  /** The runs of indexes that were too large: serialising one takes seconds, and it is saved often. */
  const tooLarge = new Map<string, number>();
  return (file: string): IndexKeeper => {
    const name = `${createHash('sha256').update(file).digest('hex').slice(0, 32)}.index`;
    const place = path.join(folder, name);
    return {
      load(key) {
        const kept = read(place);
        return kept?.key === `${program}\n${key}` ? kept.index : undefined;
      },
      save(key, index) {
        if (index.runs.length >= (tooLarge.get(place) ?? Number.POSITIVE_INFINITY)) return;
        try {
          const content = v8.serialize({ key: `${program}\n${key}`, index });
          if (content.length > most.bytes / 2) tooLarge.set(place, index.runs.length);
          else write(folder, place, content, most);
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
function write(folder: string, place: string, content: Buffer, most: typeof mostKept): void {
  makeFolder(folder);
  makeRoom(folder, place, content.length, most);
  const beside = `${place}.${process.pid}`;
  try {
    fs.writeFileSync(beside, content);
    fs.renameSync(beside, place);
  } finally {
    fs.rmSync(beside, { force: true });
  }
}

/** The ones that were written longest ago go. */
function makeRoom(folder: string, place: string, bytes: number, most: typeof mostKept): void {
  const others = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && ours.test(entry.name))
    .map(entry => path.join(folder, entry.name))
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
