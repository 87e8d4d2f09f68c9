import assert from 'node:assert/strict';
import fs from 'node:fs';
import { findFiles, inRepo } from '../tools/repo.ts';
import { breaches, closure, importsOf, nodeUses } from './rooms.ts';

const sources = new Map(
  findFiles('{src,webview}/**/*.{ts,tsx}')
    .filter(file => !file.endsWith('.d.ts'))
    .map(file => [file, fs.readFileSync(inRepo(file), 'utf8')]),
);
const planted = (file: string, text: string) => new Map([...sources, [file, text]]);

describe('rooms', () => {
  it('import only what their table allows', () => {
    assert.ok(sources.size > 30, 'the sources were found');
    assert.deepEqual(breaches(sources), []);
  });

  it('keep Node out of the web entry', () => {
    assert.ok(closure(sources, 'src/extension/web.ts').length > 20, 'the closure was walked');
    assert.deepEqual(nodeUses(sources, 'src/extension/web.ts'), []);
  });

  it('keep Node out of what sends calls, for the web entry', () => {
    assert.deepEqual(nodeUses(sources, 'src/net/messagesApi.ts'), []);
  });

  const violations: readonly [file: string, source: string][] = [
    ['src/core/planted.ts', "import fs from 'node:fs';"],
    ['src/core/planted.ts', "import { readFileSync } from 'fs';"],
    ['src/core/planted.ts', "import type { Uri } from 'vscode';"],
    ['src/core/planted.ts', "import type { RunPage } from '../protocol/reader.ts';"],
    ['src/core/planted.ts', "const x = await import('../store/native.ts');"],
    ['src/core/planted.ts', "let x: typeof import('../node/files.ts');"],
    ['src/core/planted.ts', "import {\n  a,\n  b,\n} from '../formats/otlp.ts';"],
    ['src/formats/planted.ts', "export * from '../store/native.ts';"],
    ['src/protocol/planted.ts', "import { oneLine } from '../core/describe.ts';"],
    ['src/store/planted.ts', "import '../node/files.ts';"],
    ['src/store/planted.ts', "import * as vscode from 'vscode';"],
    ['src/node/planted.ts', "import { start } from '../extension/activate.ts';"],
    ['src/node/planted.ts', "import Anthropic from '@anthropic-ai/sdk';"],
    ['src/net/planted.ts', "import fs from 'node:fs';"],
    ['src/net/planted.ts', "import '../node/files.ts';"],
    ['src/extension/planted.ts', "import { startReader } from '../node/readerProcess.ts';"],
    ['src/extension/planted.ts', "const path = require('node:path');"],
    ['src/extension/planted.ts', "import { useState } from 'react';"],
    ['src/cli/planted.ts', "import { start } from '../extension/activate.ts';"],
    ['webview/span/planted.tsx', "import { start } from '../../src/extension/activate.ts';"],
    ['webview/span/planted.tsx', "import x from '../../test/tools/repo.ts';"],
    ['src/other/planted.ts', 'export const a = 1;'],
    ['src/core/planted.ts', 'export default 1;'],
    ['src/core/planted.ts', 'const a = 1;\nexport { a as default };'],
    ['src/core/planted.ts', 'a();\n'.repeat(401)],
  ];
  for (const [file, source] of violations) {
    it(`are broken by ${source.slice(0, 60).replaceAll('\n', ' ')} in ${file}`, () => {
      const found = breaches(planted(file, source));
      assert.equal(found.length, 1, found.join('\n'));
    });
  }

  it('load the SDK with the first call, never at the start', () => {
    const names = [...sources].filter(([, source]) =>
      importsOf(source).some(one => !one.typeOnly && one.specifier.startsWith('@anthropic-ai/')),
    );
    assert.deepEqual(
      names.map(([file]) => file),
      ['src/net/apiClient.ts'],
    );
    const atStart = /^(?:import|export)\s(?!type\b)[^;]*apiClient\.ts/m;
    assert.match("import { a } from './apiClient.ts';", atStart);
    const early = [...sources].filter(([, source]) => atStart.test(source));
    assert.deepEqual(early, []);
  });

  it('are not broken by what only looks like an import', () => {
    const source = "// import fs from 'node:fs'\nconst text = \"import fs from 'node:fs'\";";
    assert.deepEqual(breaches(planted('src/core/planted.ts', source)), []);
  });

  it('find every form of import', () => {
    const source = `import a, { b } from './a.ts';
      import type { C } from './c.ts';
      export type { D } from './d.ts';
      import './e.css';
      const f = require('f'); const g = await import(\`./g.ts\`);
      type H = typeof import('./h.ts');`;
    const found = importsOf(source).map(one => `${one.typeOnly ? 'type ' : ''}${one.specifier}`);
    const expected = ['./a.ts', 'type ./c.ts', 'type ./d.ts', './e.css', 'f', './g.ts'];
    assert.deepEqual(found, [...expected, 'type ./h.ts']);
  });

  for (const use of ["import 'node:path';", 'process.cwd();', "Buffer.from('');"]) {
    it(`see ${use} in what the web entry brings along`, () => {
      const web = sources.get('src/extension/web.ts');
      const with_ = planted('src/extension/web.ts', `${web}\nimport './planted.ts';`);
      with_.set('src/extension/planted.ts', use);
      assert.equal(nodeUses(with_, 'src/extension/web.ts').length, 1);
    });
  }
});
