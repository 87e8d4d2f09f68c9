import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface TemporaryFolder {
  path: string;
  remove: () => void;
}

const leftOver = new Set<() => void>();

process.once('exit', () => {
  for (const remove of leftOver) remove();
});

/** A new folder for temporary files, removed when this process ends, if not before. */
export function temporaryFolder(name: string): TemporaryFolder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `agent-traces-${name}-`));
  const remove = () => {
    leftOver.delete(remove);
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  leftOver.add(remove);
  return { path: folder, remove };
}
