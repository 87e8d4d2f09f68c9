// Runs test files inside a real VS Code: insideVscode.ts --host=node|web --counts=<file> <file>...
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { temporaryProfile } from './profile.ts';
import { inRepo, root } from './repo.ts';
import { temporaryFolder } from './temporary.ts';
import { bundleTests } from './testBundle.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: 'node' },
    grep: { type: 'string' },
    counts: { type: 'string', default: '' },
  },
});

/** `publisher.name`, by which VS Code knows this extension. */
function extensionId(): string {
  const { publisher, name } = JSON.parse(fs.readFileSync(inRepo('package.json'), 'utf8'));
  return `${publisher}.${name}`;
}

async function main(): Promise<void> {
  const host = values.host === 'web' ? 'web' : 'node';
  const extensionTestsPath = await bundleTests(host, positionals, { grep: values.grep });
  // An extension with both entries runs its `browser` entry, in the worker, only where a setting says so.
  const settings = host === 'web' ? { 'remote.extensionKind': { [extensionId()]: ['web'] } } : {};
  const profile = temporaryProfile(settings);
  const folder = temporaryFolder('workspace');
  try {
    await runTests({
      // A desktop VS Code, where there is one, can be named instead.
      vscodeExecutablePath: process.env.VSCODE_EXECUTABLE ?? inRepo('test', 'tools', 'code'),
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { AGENT_TRACES_COUNTS_FILE: values.counts },
      launchArgs: [
        folder.path,
        `--user-data-dir=${profile.userDataDir}`,
        `--extensions-dir=${profile.extensionsDir}`,
      ],
    });
  } finally {
    profile.remove();
    folder.remove();
  }
}

// runTests passes SIGINT on to VS Code, and no other signal.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.emit('SIGINT'));
}
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
