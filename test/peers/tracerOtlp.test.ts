import assert from 'node:assert/strict';
import { AgentTracer, OtlpBackend } from '../../src/tracer/main.ts';
import { type Answer, type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';

describe('A tracer that sends over OTLP', () => {
  let server: OtlpServer | undefined;
  afterEach(() => server?.close());

  async function recorded(
    answers: readonly Answer[],
    options: ConstructorParameters<typeof OtlpBackend>[1] = {},
  ) {
    server = await startOtlpServer(count => answers[count]);
    const errors: string[] = [];
    const log = { info: () => undefined, error: (text: string) => void errors.push(text) };
    const backend = new OtlpBackend(`${server.origin}/v1/traces`, { env: {}, ...options });
    const tracer = new AgentTracer({ backend, git: false, signals: false, log });
    await tracer.run('agent', undefined, async () => {
      await tracer.span(
        'search',
        { kind: 'tool', metadata: { tool_name: 'search', tool_input: { q: 'MARKED' } } },
        async span => {
          span.event('found', { hits: 3 });
        },
      );
    });
    const stored = await tracer.flush();
    await tracer.close();
    return { spans: server.received.flatMap(one => one.spans), stored, errors };
  }

  it('sends each span once, when it has ended, with its parent and its events, without content', async () => {
    const { spans, stored } = await recorded([]);
    assert.equal(stored, true);
    const tool = spans.find(span => span.name === 'search')!;
    const agent = spans.find(span => span.name === 'agent')!;
    assert.equal(tool.parentSpanId, agent.spanId);
    assert.equal(tool.traceId, agent.traceId);
    assert.deepEqual(
      tool.events.map(event => event.name),
      ['found'],
    );
    assert.equal(new Set(spans.map(span => span.spanId)).size, spans.length);
    const keys = Object.fromEntries(tool.attributes.map(({ key, value }) => [key, value]));
    assert.equal(keys['gen_ai.tool.name'], 'search');
    assert.ok(!Buffer.concat(server!.received.map(one => one.body)).includes('MARKED'));
  });

  it('tells each span of a run what its root says for all of them', async () => {
    server = await startOtlpServer();
    const env = {
      LANGFUSE_PUBLIC_KEY: 'p',
      LANGFUSE_SECRET_KEY: 's',
      LANGFUSE_BASE_URL: server.origin,
    };
    const backend = new OtlpBackend('langfuse', { env });
    const log = { info: () => undefined, error: (text: string) => assert.fail(text) };
    const tracer = new AgentTracer({ backend, git: false, signals: false, log });
    const options = { sessionId: 'session-1', user: 'me', tags: { team: 'a' } };
    const work = async () => {
      await tracer.span('early', {}, () => undefined);
      // It has left before the run ends.
      await tracer.flush();
      await tracer.span('late', {}, () => undefined);
    };
    await tracer.run('agent', undefined, work, options);
    await tracer.close();
    const { received } = server;
    assert.ok(received.length > 1 && received.every(one => one.path.endsWith('/otel/v1/traces')));
    const spans = received.flatMap(one => one.spans);
    assert.deepEqual(spans.map(span => span.name).sort(), ['agent', 'early', 'late']);
    for (const span of spans) {
      const found = Object.fromEntries(span.attributes.map(({ key, value }) => [key, value]));
      assert.deepEqual(
        ['langfuse.trace.name', 'session.id', 'user.id', 'langfuse.trace.tags'].map(
          name => found[name],
        ),
        ['agent', 'session-1', 'me', ['team:a']],
        span.name,
      );
    }
  });

  it('sends content where it is told to', async () => {
    await recorded([], { content: true });
    assert.ok(Buffer.concat(server!.received.map(one => one.body)).includes('MARKED'));
  });

  it('says what was not taken, and does not hold the program up', async () => {
    const { spans, stored, errors } = await recorded([
      { status: 400 },
      { status: 400 },
      { status: 400 },
    ]);
    assert.deepEqual([spans.length, stored], [0, false]);
    assert.match(errors.join('\n'), /refused what was sent: HTTP 400/);
    assert.match(errors.join('\n'), /spans are lost/);
  });

  it('is not begun without the key that it needs', () => {
    assert.throws(() => new OtlpBackend('honeycomb', { env: {} }), /needs HONEYCOMB_API_KEY/);
    assert.throws(() => new OtlpBackend('no address', { env: {} }));
  });
});
