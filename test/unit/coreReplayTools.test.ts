import assert from 'node:assert/strict';
import { withoutComments } from '../../src/core/jsonWithComments.ts';
import { readMcpConfig } from '../../src/core/replay/mcpConfig.ts';
import { readTools } from '../../src/core/replay/toolDefinitions.ts';
import { toolWords as words } from '../../src/core/replay/toolWords.ts';
import { inputIds, type VariableValues, withVariables } from '../../src/core/replay/variables.ts';

const variable = (name: string): string => `\${${name}}`;

/** The problems of one registration, as `place: words`. */
function problemsOf(registration: unknown): string[] {
  const { tools, problems } = readTools({ a: registration }, words);
  assert.equal(tools.size, problems.length > 0 ? 0 : 1);
  return problems.map(one => `${one.path.join('.')}: ${one.words}`);
}

describe('registrations of tools', () => {
  it('are read with what they leave open', () => {
    const { tools, problems } = readTools(
      {
        search: { command: ['python', 'search.py'], passEnv: ['HOME_2'], timeoutSeconds: 2 },
        read: { mcp: 'files' },
        add: { module: './a.mjs', export: 'add', cwd: 'sub', env: { A: 'b' }, outputLimitMb: 1 },
      },
      words,
    );
    assert.deepEqual(problems, []);
    const usual = { cwd: undefined, env: {}, passEnv: [], timeout: 60_000, mostBytes: 10_000_000 };
    assert.deepEqual(
      [...tools.values()],
      [
        {
          ...usual,
          name: 'search',
          way: { kind: 'command', command: ['python', 'search.py'] },
          passEnv: ['HOME_2'],
          timeout: 2000,
        },
        { ...usual, name: 'read', way: { kind: 'mcp', server: 'files', tool: 'read' } },
        {
          name: 'add',
          way: { kind: 'module', file: './a.mjs', export: 'add', node: undefined, spread: false },
          cwd: 'sub',
          env: { A: 'b' },
          passEnv: [],
          timeout: 60_000,
          mostBytes: 1_000_000,
        },
      ],
    );
  });

  const wrong: readonly [registration: unknown, ...problems: RegExp[]][] = [
    ['x', /^a: this must be an object with “command”/],
    [[], /^a: this must be an object/],
    [{}, /^a: a tool has one of .*; this one has none of them\.$/],
    [{ command: ['a'], mcp: 'b' }, /has “command”, “mcp”\.$/],
    [{ command: 'rm -rf /' }, /^a\.command: .*no shell takes this apart/],
    [{ command: [] }, /^a\.command: the name of the program is missing/],
    [{ command: ['  '] }, /^a\.command: the name/],
    [{ command: ['a', 1] }, /^a\.command\.1: a text is expected/],
    [{ command: ['a', 'b\0'] }, /^a\.command\.1: a text/],
    [{ command: { 0: 'a' } }, /^a\.command: a list of texts/],
    [{ mcp: 1 }, /^a\.mcp: a text/],
    [{ mcp: 'a', cwd: 'b' }, /^a\.cwd: there is no field “cwd”\. Known here: mcp, tool, env/],
    [{ module: '' }, /^a\.module: a text/],
    [{ module: 'a', spread: 1 }, /^a\.spread: true or false/],
    [{ module: 'a', shell: true }, /^a\.shell: there is no field “shell”/],
    [{ command: ['a'], timeoutSeconds: 0 }, /^a\.timeoutSeconds: a number from 0\.1 to 3600/],
    [{ command: ['a'], outputLimitMb: '5' }, /^a\.outputLimitMb: a number from 0\.001 to 100/],
    [{ command: ['a'], env: { 'A=B': 'x' } }, /^a\.env\.A=B: “A=B” is no name/],
    [{ command: ['a'], env: { A: 1 } }, /^a\.env\.A: a text/],
    [{ command: ['a'], env: [] }, /^a\.env: an object of texts/],
    [{ command: ['a'], passEnv: ['*'] }, /^a\.passEnv\.0: “\*” is no name/],
    [{ command: ['a'], passEnv: 'PATH' }, /^a\.passEnv: a list of texts/],
    [{ command: ['a'], passEnv: [{}], cwd: 1 }, /^a\.cwd/, /^a\.passEnv\.0/],
  ];
  for (const [registration, ...expected] of wrong) {
    it(`are refused with their place: ${JSON.stringify(registration)}`, () => {
      const found = problemsOf(registration);
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [at, pattern] of expected.entries()) assert.match(found[at] ?? '', pattern);
    });
  }

  it('keep one another going: one that is wrong leaves the others', () => {
    const { tools, problems } = readTools({ a: 1, b: { mcp: 's' }, __proto__: null }, words);
    assert.deepEqual([[...tools.keys()], problems.length], [['b'], 1]);
    const own = JSON.parse('{"__proto__":{"mcp":"s"},"constructor":{"mcp":"t"}}');
    assert.deepEqual([...readTools(own, words).tools.keys()], ['__proto__', 'constructor']);
    for (const value of [undefined, null, 1, 'x', []]) {
      assert.deepEqual(readTools(value, words).problems, [{ path: [], words: words.notTools }]);
    }
  });
});

describe('variables', () => {
  const values: VariableValues = {
    workspaceFolder: '/ws/agent/',
    userHome: '/home/me',
    pathSeparator: '/',
    env: { A: 'a$&', EMPTY: '' },
    input: id => `<${id}>`,
  };
  const fill = (text: string, more: Partial<VariableValues> = {}) =>
    withVariables(text, { ...values, ...more }, words);

  it('stand for what they name, once', () => {
    for (const [name, value] of [
      ['workspaceFolder', '/ws/agent/'],
      ['workspaceFolderBasename', 'agent'],
      ['userHome', '/home/me'],
      ['pathSeparator', '/'],
      ['/', '/'],
      ['env:A', 'a$&'],
      ['env:EMPTY', ''],
      ['input:a b', '<a b>'],
    ] as const) {
      assert.equal(fill(`x${variable(name)}y`), `x${value}y`);
    }
    const nested = { env: { A: variable('userHome') } };
    assert.equal(fill(variable('env:A'), nested), variable('userHome'), 'values are no texts');
    assert.equal(fill('$HOME {a} $'), '$HOME {a} $');
    assert.deepEqual(inputIds(`${variable('input:a')}${variable('env:b')}${variable('input:c')}`), [
      'a',
      'c',
    ]);
  });

  it('that are not known, not set or not closed are said', () => {
    assert.throws(() => fill(variable('file')), /the variable \$\{file\} is not supported\. Supp/);
    assert.throws(() => fill(variable('command:x')), /command:x/);
    assert.throws(() => fill(variable('env:toString')), /toString of the environment is not set/);
    assert.throws(() => fill(variable('open').slice(0, -1)), /no “}”/);
    assert.throws(
      () => fill(variable('input:a'), { input: undefined }),
      error => /input:a\} is not/.test(String(error)) && !/input:…/.test(String(error)),
    );
  });
});

describe('JSON with comments', () => {
  it('is JSON without them, every character in its place', () => {
    const text = `\uFEFF{ // "no"\r\n "a//b": "/* no */\\"", /* two\nlines , ] */ "c": [1, 2, /* x */ ], }`;
    const plain = withoutComments(text);
    assert.equal(plain.length, text.length);
    assert.deepEqual(JSON.parse(plain), { 'a//b': '/* no */"', c: [1, 2] });
    assert.equal(plain.indexOf('"c"'), text.indexOf('"c"'));
    for (const same of ['{"a":[1,2]}', '"x', '{', '']) assert.equal(withoutComments(same), same);
  });

  it('that is broken stays so, and takes no long time', () => {
    for (const text of ['[1,,]', '/*', '//', '"\n,]', ','.repeat(100_000)]) {
      assert.throws(() => JSON.parse(withoutComments(text)), SyntaxError, text.slice(0, 9));
    }
    assert.equal(withoutComments('/*x*/'.repeat(50_000)).trim(), '');
  });
});

describe('a server of mcp.json', () => {
  const read = (servers: unknown, more: object = {}, name = 'own') =>
    readMcpConfig(JSON.stringify({ servers, ...more }), name, words);

  it('is read with the inputs that it asks for', () => {
    const inputs = [
      { id: 'other', type: 'command' },
      { id: 'key', type: 'promptString', password: true, description: 'A key' },
      { id: 'mode', type: 'pickString', options: ['a', { label: 'B', value: 'b' }], default: 'a' },
    ];
    const env = { KEY: variable('input:key'), MODE: variable('input:mode'), N: 1, GONE: null };
    const { server, inputs: asked } = read({ own: { command: 'x', env } }, { inputs });
    assert.deepEqual(server, {
      kind: 'stdio',
      command: 'x',
      args: [],
      env: { KEY: variable('input:key'), MODE: variable('input:mode'), N: '1' },
      envFile: undefined,
      cwd: undefined,
    });
    assert.deepEqual(asked, [
      { id: 'key', description: 'A key', password: true, default: undefined, options: undefined },
      { id: 'mode', description: undefined, password: false, default: 'a', options: ['a', 'b'] },
    ]);
    const http = read({ own: { url: 'https://h/mcp', headers: { A: 'b' }, dev: {} } }).server;
    assert.deepEqual(http, { kind: 'http', url: 'https://h/mcp', headers: { A: 'b' } });
  });

  it('that cannot be used as it stands is refused with its place', () => {
    for (const [own, expected] of [
      [{ type: 'sse', url: 'https://h' }, /^servers\.own\.type: servers of the type sse are not/],
      [
        { command: 'x', sandboxEnabled: true },
        /^servers\.own\.sandboxEnabled: “sandboxEnabled” is/,
      ],
      [{ command: 'x', args: 'y' }, /^servers\.own\.args: /],
      [{ command: 'x', args: ['a', 1] }, /^servers\.own\.args\[1\]: a text/],
      [{ command: '' }, /^servers\.own\.command: the command/],
      [{ url: 'unix:///a' }, /^servers\.own\.url: an address/],
      [{ url: 'https://h', headers: { a: {} } }, /^servers\.own\.headers\.a: a text/],
      [{ command: 'x', env: [] }, /^servers\.own\.env: an object/],
      [{ command: variable('input:a') }, /^inputs: there is no input “a”/],
    ] as const) {
      assert.throws(() => read({ own }), { message: expected }, JSON.stringify(own));
    }
    const inputs = [{ id: 'a', type: 'command', command: 'x' }];
    const own = { command: variable('input:a') };
    assert.throws(
      () => read({ own }, { inputs }),
      /^Error: inputs\[0\]\.type: inputs of the type command/,
    );
    assert.throws(() => read({ a: own }), /there is no server “own”\. Servers: a\./);
    assert.throws(
      () => read({}, {}, 'toString'),
      /there is no server “toString”\. Servers: none\./,
    );
    assert.throws(() => readMcpConfig('[]', 'own', words), /“servers” is expected/);
    assert.throws(
      () => readMcpConfig('{\n  "a": x}', 'own', words),
      /^Error: 2:8: this is no JSON/,
    );
  });
});
