import assert from 'node:assert/strict';
import { createRedactor } from '../../src/core/redaction.ts';
import { anyFields, random } from './support/anyFields.ts';
import { secrets } from './support/secrets.ts';

const a = (count: number): string => 'a'.repeat(count);
const json = (value: unknown): string => JSON.stringify(value);

describe('redaction', () => {
  const redactor = createRedactor();

  it('leaves no secret in any text or name, whatever stands around it', () => {
    for (const [name, secret] of Object.entries(secrets)) {
      for (let seed = 1; seed <= 40; seed++) {
        const glue = ['', ' ', '"', ', ', '\n', '(', '=', ': '][seed % 8] ?? '';
        const fields = anyFields(seed, text => `${text}${glue || ' '}${secret}${glue}`);
        const kept = json(redactor.fields({ ...fields, [secret]: secret, redacted: secret }));
        assert.ok(!kept.includes(json(secret).slice(1, -1)), `${name}, seed ${seed}: ${kept}`);
        JSON.parse(kept);
      }
      assert.ok(!redactor.text(`failed: ${secret}`).includes(secret), name);
    }
  });

  it('leaves no secret in JSON text inside of a text, which stays JSON', () => {
    for (const [name, secret] of Object.entries(secrets)) {
      const kept = redactor.fields({ 'gen_ai.input.messages': json([{ content: secret }]) });
      const inner = String(kept['gen_ai.input.messages']);
      assert.ok(!inner.includes(json(secret).slice(1, -1)), `${name}: ${inner}`);
      assert.ok(Array.isArray(JSON.parse(inner)));
    }
  });

  it('takes keys out that stand right after a word', () => {
    for (const name of ['anthropic', 'openai', 'github', 'githubFine', 'slack']) {
      assert.equal(redactor.text(`key${secrets[name]}`), 'key[redacted:api-key]', name);
    }
  });

  it('changes nothing where there is nothing to hide', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const fields = anyFields(seed, text => text);
      assert.equal(json(redactor.fields(fields)), json(fields), `seed ${seed}`);
    }
  });

  it('done twice is the same as done once', () => {
    const list = Object.values(secrets);
    const limits = { value: 80, span: 2000 };
    for (const options of [
      {},
      { limits },
      { mode: 'metadata' as const },
      { paths: ['**.text 0'] },
    ]) {
      const one = createRedactor(options);
      for (let seed = 1; seed <= 100; seed++) {
        const next = random(seed * 7);
        const fields = anyFields(seed, text => text + (list[next(list.length * 2)] ?? ''));
        const once = one.fields(fields);
        assert.equal(json(one.fields(once)), json(once), `seed ${seed}`);
      }
    }
  });

  it('says what was cut, and where, without the secret', () => {
    const { redacted } = redactor.fields({
      request: { messages: [{ content: `${secrets.email} and a@b.example, ${secrets.card}` }] },
      [`to ${secrets.email}`]: 1,
    });
    assert.deepEqual(redacted, {
      'request.messages[0].content': 'email ×2, card',
      'to [redacted:email]': 'email in a name',
    });
  });

  it('never keeps the headers that carry keys, in any mode and any form', () => {
    for (const mode of ['off', 'full', 'metadata'] as const) {
      for (const name of ['x-api-key', 'Authorization', 'COOKIE', 'set-cookie']) {
        const kept = json(
          createRedactor({ mode }).fields({
            request: {
              headers: { [name]: 'hush=hush', accept: '*/*' },
              model: { list: [[name, 'hush=hush']], pair: [{ name, value: 'hush=hush' }] },
            },
            tags: {
              curl: `-H "${name}: ${name === 'Authorization' ? 'Token ' : 'a='}hush"`,
              json: json({ [name]: name === 'Authorization' ? 'basic hush' : 'hush=hush' }),
            },
          }),
        );
        assert.ok(!kept.includes('hush'), `${mode} ${name}: ${kept}`);
      }
    }
  });

  it('keeps only figures, names and ids where only metadata is wanted', () => {
    const kept = createRedactor({ mode: 'metadata' }).fields({
      kind: 'llm',
      request: { model: 'm', max_tokens: 5, messages: [{ content: 'text' }], system: 'text' },
      response: { id: 'msg_1', stop_reason: 'end_turn', content: [{ text: 'text' }] },
      usage: { input_tokens: 3 },
      tool_input: 'text',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.input.messages': 'text',
      constructor: 'text',
    });
    assert.deepEqual(kept, {
      kind: 'llm',
      request: { model: 'm', max_tokens: 5 },
      response: { id: 'msg_1', stop_reason: 'end_turn' },
      usage: { input_tokens: 3 },
      'gen_ai.usage.input_tokens': 3,
      redacted: {
        'request.messages': 'content',
        'request.system': 'content',
        'response.content': 'content',
        tool_input: 'content',
        'gen_ai.input.messages': 'content',
        constructor: 'content',
      },
    });
  });

  it('takes out the fields that paths name', () => {
    const { fields } = createRedactor({
      paths: ['request.messages[*].content', 'a[1]', '**.pin', 'x.*.y'],
    });
    const kept = fields({
      request: { messages: [{ role: 'user', content: [{ text: 'a' }] }, { content: 'b' }] },
      a: [1, 2],
      deep: { er: [{ pin: 1234 }], pin: { a: 1 } },
      x: { one: { y: 1, z: 2 }, y: 3 },
    });
    const gone = '[redacted:path]';
    assert.deepEqual(
      { ...kept, redacted: undefined },
      {
        request: { messages: [{ role: 'user', content: gone }, { content: gone }] },
        a: [1, gone],
        deep: { er: [{ pin: gone }], pin: gone },
        x: { one: { y: gone, z: 2 }, y: 3 },
        redacted: undefined,
      },
    );
  });

  it('takes out passwords by their name, not the schema of a tool that asks for one', () => {
    const schema = { properties: { password: { type: 'string' } } };
    assert.deepEqual(redactor.fields({ request: schema }), { request: schema });
    assert.deepEqual(redactor.fields({ tool_input: { 'api-key': 'x' } }).tool_input, {
      'api-key': '[redacted:secret]',
    });
  });

  it('knows secrets by one list of names, as fields and in JSON text, and only whole names', () => {
    const value = 'abc12345678';
    for (const name of [
      'auth_token',
      'session_token',
      'accessToken',
      'x-goog-api-key',
      'X-Auth-Token',
      'AWS_SECRET_ACCESS_KEY',
      'client_secret',
      'passphrase',
      'token',
      'secret',
    ]) {
      const kept = redactor.fields({ headers: { [name]: value }, text: json({ [name]: value }) });
      assert.ok(!json(kept).includes(value), `${name}: ${json(kept)}`);
      assert.deepEqual(Object.keys(kept.headers as object), [name]);
    }
    const counts = Object.fromEntries(
      ['max_tokens', 'token_count', 'input_tokens', 'tokens', 'next_page_token', 'secretary'].map(
        name => [name, 'figure 20000'],
      ),
    );
    const fields = { counts, text: json(counts), code: 'token = parse123(x); secret: 123456789a' };
    assert.deepEqual(redactor.fields(fields), fields);
  });

  it('knows a secret by the last part of its name, in a list and as a number', () => {
    const { redacted, ...left } = createRedactor().fields({
      'http.request.header.x-api-key': ['abcdef'],
      'rpc.metadata.authorization': 'abcdef',
      'db.password': 'correct horse',
      passwords: 3,
      password: 123_456_789,
      client_secret: ['correct horse', 7],
      token: 1_234_567,
      'gen_ai.usage.input_tokens': 1_234_567,
    });
    const marker = '[redacted:secret]';
    assert.deepEqual(left, {
      'db.password': marker,
      passwords: 3,
      password: marker,
      client_secret: [marker, 7],
      token: 1_234_567,
      'gen_ai.usage.input_tokens': 1_234_567,
    });
    assert.deepEqual(
      Object.keys(redacted as object).length,
      5,
      'what was taken out is said of each',
    );
  });

  it('takes the token of an MCP server out in any mode', () => {
    const server = { type: 'url', url: 'https://mcp.example', name: 'a' };
    const request = { mcp_servers: [{ ...server, authorization_token: 'mcp-abcdefghijklmnopq' }] };
    for (const mode of ['off', 'full'] as const) {
      const kept = createRedactor({ mode }).fields({ request, text: json(request) });
      assert.deepEqual(kept.request, { mcp_servers: [server] }, mode);
      assert.ok(!json(kept).includes('abcdefghijklmnopq'), mode);
    }
  });

  it('asks functions of the user first, and keeps nothing that one of them failed on', () => {
    const failures: string[] = [];
    const { fields, text } = createRedactor({
      functions: [
        (given, path) => {
          if (given.includes('boom')) throw new Error('boom');
          if (given.includes('void')) return undefined as unknown as string;
          return path === 'a' ? given.replace('Jane', 'a@b.example') : given;
        },
      ],
      failed: (_error, path) => {
        failures.push(path);
        throw new Error('and this one too');
      },
    });
    const kept = fields({ a: 'Jane', b: ['boom secret'], c: 'void secret' });
    assert.deepEqual(kept, {
      a: '[redacted:email]',
      b: ['[redacted:failed]'],
      c: '[redacted:failed]',
      redacted: { a: 'function, email', 'b[0]': 'failed', c: 'failed' },
    });
    assert.deepEqual(failures, ['b[0]', 'c']);
    assert.equal(text('boom secret'), '[redacted:failed]');
  });

  it('cuts long texts, the longest first, and says how long they were', () => {
    const value = createRedactor({ limits: { value: 100 } }).fields({ a: a(101), b: a(100) });
    assert.equal(String(value.a).length, 100);
    assert.match(String(value.a), /^a+…\[redacted:size\]$/);
    assert.equal(value.b, a(100));
    assert.deepEqual(value.redacted, { a: 'size: 101 characters' });
    const limits = { span: 1000 };
    const whole = createRedactor({ limits }).fields({ prompt: a(5000), usage: 'small', c: a(300) });
    assert.equal(whole.usage, 'small');
    assert.equal(whole.c, a(300), 'only the longest is cut');
    const many = createRedactor({ limits }).fields({
      usage: 'small',
      list: Array.from({ length: 100 }, () => a(90)),
    });
    assert.ok(json(many).length < 1200, json(many));
    assert.equal(many.usage, 'small');
    const half = createRedactor({ limits: { value: 64 } }).fields({ a: '🎉'.repeat(100) });
    assert.ok(!/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/.test(String(half.a)), 'no half character');
  });

  it('never throws and ends, whatever it is given', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle.self = circle;
    let deep: unknown = 'bottom';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    let wide: unknown = 'bottom';
    for (let i = 0; i < 60; i++) wide = [wide, wide];
    const hostile = {
      circle,
      deep,
      wide: 1,
      getter: Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
      json: {
        toJSON: () => {
          throw new Error('no');
        },
      },
      date: new Date(0),
      bytes: new Uint8Array(3),
      big: 10n,
      fn: () => 1,
      nothing: undefined,
      list: [undefined],
    };
    const kept = redactor.fields(hostile);
    const text = json(kept);
    assert.ok(text.length < 5000);
    assert.match(text, /"getter":\{"x":"\[unreadable\]"\},"proxy":\{\},"json":"\[unreadable\]"/);
    assert.match(
      text,
      /"date":"1970-01-01T00:00:00.000Z","bytes":"\[3 bytes\]","big":"10","list":\[null\]/,
    );
    assert.match(text, /"self":"\[circular\]"/);
    const most = createRedactor({ limits: { values: 1000 } }).fields({ wide });
    assert.ok(json(most).length < 20_000, 'what is shared may not grow without bound');
  });
});
