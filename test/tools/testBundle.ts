// Bundles tests that run inside VS Code: one file per host, in test/out/. Run by itself, it bundles those
// of the Node host, for debugging.
import fs from 'node:fs';
import * as esbuild from 'esbuild';
import { findFiles, inRepo, root } from './repo.ts';

/** The kind of extension host: Node, or the browser's worker. */
export type Host = 'node' | 'web';

/** A desktop VS Code shares the disk with its caller; the stand-in reads the log. */
const writeCounts = `
  const { AGENT_TRACES_COUNTS_FILE: file } = process.env;
  if (file) require('fs').writeFileSync(file, JSON.stringify(counts));
`;

/** An entry that names every file, so that a file without tests is noticed inside the host too. */
function entry(host: Host, files: string[], options: object): string {
  const list = files.map(
    name => `{ name: ${JSON.stringify(name)}, load: () => require('./${name}') }`,
  );
  // The browser build of Mocha is no module: it sets a global.
  const mocha =
    host === 'web'
      ? "require('mocha/mocha.js'); const { Mocha } = globalThis;"
      : "const Mocha = require('mocha');";
  return `
    import { countsMark, runFiles } from './test/tools/suite.ts';
    ${mocha}
    export async function run() {
      const counts = await runFiles(Mocha, [${list.join(', ')}], ${JSON.stringify(options)});
      console.log(countsMark + JSON.stringify(counts));
      ${host === 'node' ? writeCounts : ''}
      if (counts.failed > 0) throw new Error(counts.failed + ' tests failed');
    }`;
}

/** Bundles test files for a host; gives the path of the bundle, to be used as `extensionTestsPath`. */
export async function bundleTests(host: Host, files: string[], options: object): Promise<string> {
  const outfile = inRepo('test', 'out', `${host}.js`);
  fs.rmSync(outfile, { force: true });
  await esbuild.build({
    stdin: { contents: entry(host, files, options), resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
    outfile,
    ...(host === 'web'
      ? { platform: 'browser', external: ['vscode'], define: { 'process.env.NODE_ENV': '"test"' } }
      : { platform: 'node', target: 'node22', packages: 'external' }),
  });
  return outfile;
}

if (import.meta.main) {
  await bundleTests('node', findFiles('test/integration/**/*.test.ts'), { timeout: 0 });
}
