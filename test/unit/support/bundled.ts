// Pages are written in JSX, which Node does not run: what a test needs of them is bundled for it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { inRepo, root } from '../../tools/repo.ts';
import { temporaryFolder } from '../../tools/temporary.ts';

/** The exports of a source that imports from the repository's root. */
export async function bundled<T>(source: string): Promise<T> {
  const folder = temporaryFolder('bundled');
  const outfile = path.join(folder.path, 'bundle.cjs');
  try {
    await esbuild.build({
      stdin: { contents: source, resolveDir: root, loader: 'tsx' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      jsx: 'automatic',
      loader: { '.css': 'empty' },
      outfile,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    fs.accessSync(outfile);
    return createRequire(inRepo('package.json'))(outfile) as T;
  } finally {
    folder.remove();
  }
}
