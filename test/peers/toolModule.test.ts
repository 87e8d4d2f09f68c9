import assert from 'node:assert/strict';
import { cleanUp } from './replay.ts';
import { grandchild, node, workspace } from './toolPrograms.ts';

describe('a tool that is a function of a module', () => {
  after(cleanUp);
  const run = (
    source: string,
    name = 'tool.mjs',
    { input, ...more }: Readonly<Record<string, unknown>> = {},
  ) => {
    const here = workspace();
    here.write(name, source);
    const options = input === undefined ? {} : { input };
    return { ...here, outcome: here.run({ module: `./${name}`, node, ...more }, options) };
  };

  it('is called with the input: ES modules, CommonJS and TypeScript', async () => {
    for (const [source, name, more] of [
      ['export default async ({ n }) => ({ twice: 2 * n });', 'a.mjs', {}],
      ['export const double = ({ n }) => ({ twice: 2 * n });', 'b.mjs', { export: 'double' }],
      ['module.exports = ({ n }) => ({ twice: 2 * n });', 'c.cjs', {}],
      [
        'const f = ({ n }) => ({ twice: 2 * n }); module.exports = { ["f"]: f };',
        'd.cjs',
        { export: 'f' },
      ],
      ['exports.default = ({ n }) => ({ twice: 2 * n });', 'e.cjs', {}],
      [
        'export default (a, b) => ({ [a]: b?.n ?? 2 });',
        'g.mjs',
        { spread: true, input: ['twice'] },
      ],
      ['export default ({ n }: { n: number }): object => ({ twice: 2 * n });', 'f.ts', {}],
    ] as const) {
      const { text, error } = await run(source, name, more).outcome;
      assert.deepEqual([text, error?.message], ['{"twice":2}', undefined], name);
    }
  });

  it('gives its result, whatever it prints and has open', async () => {
    const { outcome } = run(`console.log('not this'); setInterval(() => {}, 1000);
      export default () => 'this';`);
    const { text, log, error } = await outcome;
    assert.deepEqual([text, log, error], ['this', 'not this\n', undefined]);
  });

  it('that throws is told with its words, which can be compared', async () => {
    const { error, failure, log } = await run(
      `export default () => { throw new Error('no such file'); };`,
    ).outcome;
    assert.equal(error?.code, 'toolThrew');
    assert.match(error.message, /^“tool” failed: no such file/);
    assert.equal(failure, 'no such file');
    assert.match(log, /Error: no such file\n.*tool\.mjs/s);
    const bare = await run(`export default () => { throw Object.create(null); };`).outcome;
    assert.equal(bare.error?.code, 'toolThrew');
  });

  it('that is not exported is told with what is', async () => {
    const { error } = await run('export const a = 1; export function b() {}').outcome;
    assert.match(error?.message ?? '', /tool\.mjs has no function “default”\. It exports: a, b\./);
    const none = await run('', 'x.mjs', { export: 'toString' }).outcome;
    assert.match(none.error?.message ?? '', /no function “toString”\. It exports: nothing\./);
  });

  it('that cannot be loaded is told with the reason', async () => {
    const missing = await workspace().run({ module: './none.mjs', node });
    assert.match(
      missing.error?.message ?? '',
      /^The module .*none\.mjs could not be loaded: Cannot find/,
    );
    const broken = await run('export default (').outcome;
    assert.equal(broken.error?.code, 'toolModuleMissing');
    const throwing = await run(`throw new Error('at once')`).outcome;
    assert.match(throwing.error?.message ?? '', /could not be loaded: at once\./);
  });

  it('whose promise never settles is not waited for longer than there is hope', async () => {
    const { error } = await run('export default () => new Promise(() => {});').outcome;
    assert.equal(error?.code, 'toolNoResult');
    assert.match(error.message, /ended before its function gave a result \(exit code 0\)/);
    const { outcome, noneAlive } = run(
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      export default () => { ${grandchild} return new Promise(() => setInterval(() => {}, 1000)); };`,
      'b.mjs',
      { timeoutSeconds: 1 },
    );
    assert.equal((await outcome).error?.code, 'toolTimedOut');
    await noneAlive();
  });

  it('that ends the process has given no result', async () => {
    const { error } = await run(`export default () => { console.error('bye'); process.exit(4); };`)
      .outcome;
    assert.match(error?.message ?? '', /gave a result \(exit code 4\): “bye”\./);
  });

  it('that gives something that is no JSON is told so', async () => {
    for (const source of [
      'export default () => { const a = {}; a.a = a; return a; };',
      'export default () => 1n;',
      'export default () => () => {};',
    ]) {
      assert.equal((await run(source).outcome).error?.code, 'toolNotJson', source);
    }
    const nothing = await run('export default () => {};').outcome;
    assert.deepEqual([nothing.text, nothing.error], ['', undefined]);
  });

  it('that gives 100 MB, or prints them, is stopped at its limit', async () => {
    for (const body of ["return 'x'.repeat(1e8)", "console.log('x'.repeat(1e8))"]) {
      const { outcome } = run(`export default () => { ${body} };`, 'a.mjs', { outputLimitMb: 1 });
      assert.equal((await outcome).error?.code, 'toolTooMuch', body);
    }
  });

  it('cannot give a result in the place of its function', async () => {
    const { outcome } = run(
      `import fs from 'node:fs'; export default () => { fs.writeSync(3, '{"stage":"answered"}\\nno json'); process.exit(0); };`,
    );
    assert.equal((await outcome).error?.code, 'toolNoResult');
  });
});
