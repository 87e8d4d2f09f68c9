// Runs test files inside a real VS Code: insideVscode.ts --host=node|web --counts=<file> <file>...
// `--vscode`: an executable in place of the stand-in, or `download`.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { temporaryProfile } from './profile.ts';
import { inRepo, root } from './repo.ts';
import { cacheFolder } from './run.mjs';
import { temporaryFolder } from './temporary.ts';
import { bundleTests } from './testBundle.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: 'node' },
    grep: { type: 'string' },
    counts: { type: 'string', default: '' },
    vscode: { type: 'string' },
  },
});

/** `publisher.name`, by which VS Code knows this extension. */
function extensionId(): string {
  const { publisher, name } = JSON.parse(fs.readFileSync(inRepo('package.json'), 'utf8'));
  return `${publisher}.${name}`;
}

function whichVscode(): { vscodeExecutablePath: string } | { version: string; cachePath: string } {
  if (values.vscode === 'download') {
    return { version: 'stable', cachePath: path.join(cacheFolder(), 'desktop') };
  }
  return { vscodeExecutablePath: values.vscode ?? inRepo('test', 'tools', 'code') };
}

async function main(): Promise<void> {
  const host = values.host === 'web' ? 'web' : 'node';
  // A test waits several times for what a busy machine takes seconds for.
  const options = { grep: values.grep, timeout: 60_000 };
  const extensionTestsPath = await bundleTests(host, positionals, options);
  // An extension with both entries runs its `browser` entry, in the worker, only where a setting says so.
  const settings = host === 'web' ? { 'remote.extensionKind': { [extensionId()]: ['web'] } } : {};
  const profile = temporaryProfile(settings);
  const folder = temporaryFolder('workspace');
  const data = temporaryFolder('data');
  try {
    await runTests({
      ...whichVscode(),
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: {
        AGENT_TRACES_COUNTS_FILE: values.counts,
        // Replays are kept where programs have their data: not in that of whoever runs the tests.
        XDG_DATA_HOME: data.path,
        LOCALAPPDATA: data.path,
        ANTHROPIC_API_KEY: '',
        ANTHROPIC_BASE_URL: '',
        // What is on this machine is nobody's business here; some tests write transcripts into it.
        CLAUDE_CONFIG_DIR: path.join(profile.userDataDir, 'claude'),
      },
      launchArgs: [
        folder.path,
        `--user-data-dir=${profile.userDataDir}`,
        `--extensions-dir=${profile.extensionsDir}`,
      ],
    });
  } finally {
    profile.remove();
    folder.remove();
    data.remove();
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
