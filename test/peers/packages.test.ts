import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outputOf } from '../tools/processes.ts';
import { findFiles, inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';

describe('the extension', () => {
  it('is packed without the tracer, which is for agents', async () => {
    const vsce = inRepo('node_modules/@vscode/vsce/vsce');
    const files = await outputOf(process.execPath, [vsce, 'ls', '--no-dependencies']);
    assert.match(files, /dist\/extension\.js/);
    assert.match(files, /dist\/lazy\//);
    assert.doesNotMatch(files, /tracer/);
  });
});

describe('what is bundled', () => {
  it('has the licences of its packages beside it, those named in the README among them', () => {
    const notices = fs.readFileSync(inRepo('dist/ThirdPartyNotices.txt'), 'utf8');
    for (const name of ['sql.js', 'react', 'react-dom', 'markdown-it', 'commander']) {
      assert.match(notices, new RegExp(`^${name} \\d.* \\(MIT\\)\n\n[^]*?copyright`, 'im'), name);
    }
    assert.match(notices, /^@anthropic-ai\/sdk \d.* \(Apache-2\.0\)/m);
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

  it('says of a tool where the agent called it, as ES module and as CommonJS', async () => {
    const folder = temporaryFolder('sources');
    try {
      const runner = path.join(folder.path, 'node_modules/runner/index.cjs');
      fs.mkdirSync(path.dirname(runner), { recursive: true });
      fs.writeFileSync(runner, 'exports.call = tool => tool();');
      const body = `
const memory = new MemoryBackend();
const tracer = new AgentTracer({ backend: memory, git: false });
const tool = tracer.tracedTool('tool', () => 1);
function agent() { tool(); }
agent();
call(tool);
tracer.flush().then(() => console.log(JSON.stringify([...memory.spans.values()]
  .map(row => JSON.parse(row.metadata).source))));`;
      for (const [name, load] of [
        ['mjs', (from: string) => `await import(${JSON.stringify(pathToFileURL(from).href)})`],
        ['cjs', (from: string) => `require(${JSON.stringify(from)})`],
      ] as const) {
        const file = path.join(folder.path, `agent.${name}`);
        const tracer = load(inRepo(`dist/tracer/main.${name}`));
        const loads = `const { AgentTracer, MemoryBackend } = ${tracer}, { call } = ${load(runner)};`;
        fs.writeFileSync(file, loads + body);
        const [called, inPackage] = JSON.parse(await outputOf(process.execPath, [file]));
        assert.deepEqual(
          [called, inPackage],
          [
            { file, line: 5, function: 'agent' },
            // The package itself is nothing of the agent's: the place where the tool was made.
            { file, line: 4, ...(inPackage.function && { function: inPackage.function }) },
          ],
        );
      }
    } finally {
      folder.remove();
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

  it('holds what is built, its manifest, its documents and what these link to, and nothing else', async () => {
    const readme = fs.readFileSync(inRepo('README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    const linked = links.filter(link => link.includes('/'));
    assert.ok(linked.length > 0);
    const flags = ['--dry-run', '--json', '--ignore-scripts', '--no-update-notifier', '--silent'];
    const [packed]: { files: { path: string }[] }[] = JSON.parse(
      await outputOf('npm', ['pack', ...flags]),
    );
    assert.deepEqual(
      packed?.files.map(file => file.path).sort(),
      [
        ...findFiles('dist/**/*.*'),
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'LICENSE',
        'README.md',
        'package.json',
        'package.nls.json',
        ...linked,
      ].sort(),
    );
  });
});
