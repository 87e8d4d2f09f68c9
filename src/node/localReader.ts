import fs from 'node:fs/promises';
import path from 'node:path';
import { createReader } from '../store/reader.ts';
import { filesAt } from './diskSource.ts';

/** The reader in this process, reading paths. `sql-wasm.wasm` lies beside the program. */
export function localReader(folder: string): ReturnType<typeof createReader> {
  return createReader({
    wasm: () => fs.readFile(path.join(folder, 'sql-wasm.wasm')),
    filesAt,
  });
}
