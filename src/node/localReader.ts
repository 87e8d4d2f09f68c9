import fs from 'node:fs/promises';
import path from 'node:path';
import { createReader, type ReaderHost } from '../store/reader.ts';
import { filesAt } from './diskSource.ts';

/**
 * The reader in this process, reading paths. `sql-wasm.wasm` lies beside the program.
 *
 * @param keeperOf keeps the indexes of large files; none are kept where it is undefined
 */
export function localReader(
  folder: string,
  keeperOf?: ReaderHost['keeperOf'],
  log?: ReaderHost['log'],
): ReturnType<typeof createReader> {
  return createReader({
    wasm: () => fs.readFile(path.join(folder, 'sql-wasm.wasm')),
    filesAt,
    keeperOf,
    log,
  });
}
