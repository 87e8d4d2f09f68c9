// Type-checks every room with its own tsconfig.json, so that each sees only the types it may use.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { outputOf } from './processes.ts';
import { findFiles, inRepo, root } from './repo.ts';
import { cacheFolder } from './run.mjs';

/** Rooms that have sources; the compiler refuses a project without any. */
function projects(): string[] {
  const rooms = findFiles('{src/*,webview,test}/tsconfig.json');
  const filled = rooms.filter(room => findFiles(`${path.dirname(room)}/**/*.{ts,tsx}`).length > 0);
  return ['tsconfig.json', ...filled];
}

/** Checks all rooms at once; throws the compiler's words when any fails. */
export async function checkTypes(): Promise<void> {
  const tsc = inRepo('node_modules/typescript/bin/tsc');
  // What the compiler found last; by it, only what a change reaches is checked again.
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const known = path.join(cacheFolder(), 'types', checkout);
  fs.mkdirSync(known, { recursive: true });
  const checks = projects().map(project => {
    const info = path.join(known, `${project.replaceAll('/', '-')}.tsbuildinfo`);
    const args = [tsc, '-p', project, '--incremental', '--tsBuildInfoFile', info];
    return outputOf(process.execPath, args);
  });
  const failed = (await Promise.allSettled(checks)).filter(check => check.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map(check => check.reason.message).join('\n'));
}

if (import.meta.main) {
  await checkTypes().catch(error => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
