// `npm run test:desktop`: the integration tests in a desktop VS Code. Which one: the path that is given,
// else VSCODE_EXECUTABLE, else one that @vscode/test-electron downloads.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { executableOf } from './desktop.ts';
import { counted } from './layers.ts';
import { build } from './package.ts';
import { exitOnSignals } from './processes.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string', short: 'g' } },
});

function named(): string | undefined {
  const given = positionals[0] ?? process.env.VSCODE_EXECUTABLE;
  if (given === undefined) return undefined;
  const file = executableOf(path.resolve(given), process.platform, fs.existsSync);
  if (!fs.existsSync(file)) throw new Error(`There is no VS Code at ${given}.`);
  return file;
}

exitOnSignals();
try {
  const executable = named();
  await build();
  console.log(executable ? `in ${executable}` : 'in the stable VS Code, downloaded once');
  const { passed, failed, skipped } = await counted(
    'insideVscode.ts',
    ['test/integration/**/*.test.ts'],
    [
      '--host=node',
      `--vscode=${executable ?? 'download'}`,
      ...(values.grep ? [`--grep=${values.grep}`] : []),
    ],
  );
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
