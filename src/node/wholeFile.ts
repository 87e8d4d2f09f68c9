import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes a text as it comes into a file, which has its name only once it is whole. */
export async function writeWhole(
  file: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const part = `${file}.part-${randomUUID().slice(0, 8)}`;
  try {
    // Prompts may be in it: nobody else is to read it.
    await pipeline(Readable.from(text), fs.createWriteStream(part, { flags: 'wx', mode: 0o600 }), {
      signal,
    });
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw error;
  }
}
