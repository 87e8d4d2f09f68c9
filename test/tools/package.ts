// `npm run package`: builds and packs agent-trace-inspector.vsix.
import fs from 'node:fs';
import { outputOf, run } from './processes.ts';
import { inRepo, vsixFile } from './repo.ts';

export async function build(): Promise<void> {
  const code = await run(process.execPath, ['esbuild.mjs']);
  if (code !== 0) throw new Error('The build failed.');
}

/** Packs what is in dist/; gives the path of the .vsix. */
export async function packExtension(): Promise<string> {
  const vsce = inRepo('node_modules/@vscode/vsce/vsce');
  const output = await outputOf(process.execPath, [
    vsce,
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    // The pictures of the README are packed with it, so its relative links hold as they are.
    '--no-rewrite-relative-links',
    `--out=${vsixFile}`,
  ]);
  const files = /\((\d+) files?,/.exec(output)?.[1] ?? '?';
  const size = (fs.statSync(vsixFile).size / 1024).toFixed(0);
  console.log(`packed agent-trace-inspector.vsix: ${files} files, ${size} kB`);
  return vsixFile;
}

if (import.meta.main) {
  try {
    await build();
    await packExtension();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
