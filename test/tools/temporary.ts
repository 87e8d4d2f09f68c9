import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atExit } from './atExit.ts';

export interface TemporaryFolder {
  path: string;
  remove: () => void;
}

/** A new folder for temporary files, removed when this process ends, if not before. */
export function temporaryFolder(name: string): TemporaryFolder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `agent-traces-${name}-`));
  const forget = atExit(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const remove = () => {
    forget();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { path: folder, remove };
}
