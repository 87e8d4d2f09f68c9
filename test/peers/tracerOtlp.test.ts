import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { AgentTracer, OtlpBackend } from '../../src/tracer/main.ts';
import { type Answer, type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { tempFolder } from './python.ts';
import { start } from './tracerRuns.ts';

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

  it('sends what a lost connection did not take with it, and nothing twice', async () => {
    server = await startOtlpServer(count => (count === 0 ? 'cut-unanswered' : undefined));
    const errors: string[] = [];
    const log = { info: () => undefined, error: (text: string) => void errors.push(text) };
    const backend = new OtlpBackend(`${server.origin}/v1/traces`, { env: {} });
    const tracer = new AgentTracer({ backend, git: false, signals: false, log });
    await tracer.run('agent', undefined, async () => {
      for (let at = 0; at < 700; at++) await tracer.span('tool', {}, () => undefined);
    });
    await tracer.close();
    const ids = server.received.flatMap(one => one.spans).map(span => span.spanId);
    assert.deepEqual([ids.length, new Set(ids).size], [701, 701]);
    assert.match(errors.join('\n'), /512 spans are lost: .* they may have arrived/);
    assert.doesNotMatch(errors.join('\n'), /the program ends/);
  });

  it('goes on where a program takes its key out of the environment', async () => {
    server = await startOtlpServer();
    const env: Record<string, string> = {
      ...{ LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's' },
      LANGFUSE_BASE_URL: server.origin,
    };
    const backend = new OtlpBackend('langfuse', { env });
    delete env.LANGFUSE_SECRET_KEY;
    const tracer = new AgentTracer({ backend, git: false, signals: false });
    await tracer.run('agent', undefined, () => undefined);
    await tracer.close();
    assert.equal(server.received.length, 1);
  });

  it('sends what waits when a program ends by itself, or says that it is lost', async () => {
    server = await startOtlpServer();
    const folder = tempFolder();
    const file = path.join(folder, 'traces');
    const { out, code } = await start(file, 'sends', `${server.origin}/v1/traces`).ended;
    assert.deepEqual([code, out], [0, '']);
    assert.deepEqual(server.received.flatMap(one => one.spans.map(span => span.name)).sort(), [
      'sends',
      'tool',
    ]);
    const gone = `${server.origin}/v1/traces`;
    await server.close();
    const lost = await start(file, 'sends', gone).ended;
    assert.match(lost.out, /2 spans are lost: the program ends/);
    assert.equal(lost.code, 0);
    fs.rmSync(folder, { recursive: true });
  });

  it('is not begun without the key that it needs', () => {
    assert.throws(() => new OtlpBackend('honeycomb', { env: {} }), /needs HONEYCOMB_API_KEY/);
    assert.throws(() => new OtlpBackend('langfuze', { env: {} }), /“langfuze” is not an address/);
  });
});
