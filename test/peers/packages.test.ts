import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { outputOf } from '../tools/processes.ts';
import { findFiles, inRepo } from '../tools/repo.ts';

describe('the extension', () => {
  it('is packed without the tracer, which is for agents', async () => {
    const vsce = inRepo('node_modules/@vscode/vsce/vsce');
    const files = await outputOf(process.execPath, [vsce, 'ls', '--no-dependencies']);
    assert.match(files, /dist\/extension\.js/);
    assert.match(files, /dist\/lazy\//);
    assert.doesNotMatch(files, /tracer/);
  });
});

describe('the npm package', () => {
  it('exports the tracer as ES module and as CommonJS, with types that name only each other', async () => {
    const exported = [
      'AgentTracer',
      'SqliteBackend',
      'JsonLinesBackend',
      'instrumentAnthropic',
      'TraceFileProcessor',
      'TraceFileExporter',
    ];
    const say = `console.log(${exported.map(name => `typeof ${name}`).join()})`;
    const names = `{ ${exported.join()} }`;
    // The package finds itself by its own name, as it is found by others.
    for (const [kind, load] of [
      ['module', `import ${names} from 'agent-trace-inspector/tracer';`],
      ['commonjs', `const ${names} = require('agent-trace-inspector/tracer');`],
    ] as const) {
      const flags = [`--input-type=${kind}`, '--eval', `${load} ${say}`];
      const said = await outputOf(process.execPath, flags);
      assert.equal(said.trim(), exported.map(() => 'function').join(' '), kind);
    }
    const { exports } = JSON.parse(fs.readFileSync(inRepo('package.json'), 'utf8'));
    assert.ok(fs.existsSync(inRepo(exports['./tracer'].types)));
    for (const file of findFiles('dist/tracer/types/**/*.ts')) {
      for (const [, from = ''] of fs.readFileSync(inRepo(file), 'utf8').matchAll(/from '(.+)'/g)) {
        const target = path.join(path.dirname(file), from.replace(/\.js$/, '.d.ts'));
        assert.ok(
          from.startsWith('.') ? fs.existsSync(inRepo(target)) : from.startsWith('node:'),
          `${file}: ${from}`,
        );
      }
    }
  });

  it('has types that say what each member is, and hold nothing of the inside', () => {
    const files = findFiles('dist/tracer/types/{tracer,core}/*.d.ts').filter(
      file => !/(?:model|secretPatterns|main)\.d\.ts$/.test(file),
    );
    const silent = files.flatMap(file => {
      const lines = fs.readFileSync(inRepo(file), 'utf8').split('\n');
      assert.doesNotMatch(lines.join('\n'), /SpanHost|Recorder|RowPacker/, file);
      return lines.filter(
        (line, at) =>
          /^(?: {4}(?:readonly |get )?\[?[\w.]+\]?\??[(:<]|export (?:declare )?\w+ \w+)/.test(
            line,
          ) &&
          !/^ {4}constructor\(/.test(line) &&
          !lines[at - 1]?.endsWith('*/'),
      );
    });
    assert.ok(files.length > 8);
    assert.deepEqual(silent, []);
  });

  it('holds what is built, its manifest and its documents, and nothing else', async () => {
    const flags = ['--dry-run', '--json', '--ignore-scripts', '--no-update-notifier', '--silent'];
    const [packed]: { files: { path: string }[] }[] = JSON.parse(
      await outputOf('npm', ['pack', ...flags]),
    );
    assert.deepEqual(
      packed?.files.map(file => file.path).sort(),
      [
        ...findFiles('dist/**/*.*'),
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        'package.nls.json',
      ].sort(),
    );
  });
});
