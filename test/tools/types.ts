// Type-checks every room with its own tsconfig.json, so that each sees only the types it may use.
import path from 'node:path';
import { outputOf } from './processes.ts';
import { findFiles, inRepo } from './repo.ts';

/** Rooms that have sources; the compiler refuses a project without any. */
function projects(): string[] {
  const rooms = findFiles('{src/*,webview,test}/tsconfig.json');
  const filled = rooms.filter(room => findFiles(`${path.dirname(room)}/**/*.{ts,tsx}`).length > 0);
  return ['tsconfig.json', ...filled];
}

/** Checks all rooms at once; throws the compiler's words when any fails. */
export async function checkTypes(): Promise<void> {
  const tsc = inRepo('node_modules/typescript/bin/tsc');
  const checks = projects().map(project => outputOf(process.execPath, [tsc, '-p', project]));
  const failed = (await Promise.allSettled(checks)).filter(check => check.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map(check => check.reason.message).join('\n'));
}

if (import.meta.main) {
  await checkTypes().catch(error => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
