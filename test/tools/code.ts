// Stands where the executable of desktop VS Code stands: takes its arguments, and runs a suite or a
// command of the command line in the server build. `test/tools/code` starts it.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { runInExtensionHost } from './extensionHost.ts';
import { exitOnSignals } from './processes.ts';
import { temporaryProfile } from './profile.ts';
import { runCommandLine } from './vscodeServer.ts';

/** Where the counts of a suite go; the exit code alone does not tell them. */
const countsFile = process.env.AGENT_TRACES_COUNTS_FILE;

const { values, positionals } = parseArgs({
  // Other options mean something to a desktop window only.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
    'install-extension': { type: 'string' },
  },
});

function text(name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

async function main(): Promise<number> {
  const temporary = temporaryProfile();
  const profile = {
    userDataDir: text('user-data-dir') ?? temporary.userDataDir,
    extensionsDir: text('extensions-dir') ?? temporary.extensionsDir,
  };
  try {
    const extensionTestsPath = text('extensionTestsPath');
    const vsix = text('install-extension');
    if (!extensionTestsPath) {
      const args = vsix ? [`--install-extension=${vsix}`, '--force'] : ['--version'];
      process.stdout.write(await runCommandLine(profile, args));
      return 0;
    }
    const { exitCode, counts } = await runInExtensionHost({
      profile,
      extensionDevelopmentPath: text('extensionDevelopmentPath') ?? process.cwd(),
      extensionTestsPath,
      folder: positionals[0],
    });
    if (countsFile && counts) fs.writeFileSync(countsFile, JSON.stringify(counts));
    return exitCode;
  } finally {
    temporary.remove();
  }
}

exitOnSignals();
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
// @vscode/test-electron drops what it has not read yet when this process ends.
setTimeout(() => process.exit(), 200);
