import assert from 'node:assert/strict';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { otlpOfSpan } from '../../src/formats/otlpOfSpan.ts';
import { destinations } from '../../src/net/destinations/all.ts';
import { custom } from '../../src/net/destinations/custom.ts';
import { type Sending, sendTraces, targetOf } from '../../src/net/sendTraces.ts';
import { type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { recorded } from '../unit/support/recordedSpan.ts';
import { of, sendingTo, spanFor } from './otlpSending.ts';

describe('Destinations of traces', () => {
  let server: OtlpServer | undefined;
  afterEach(() => server?.close());

  const sending = (more: Partial<Sending> = {}): Sending =>
    sendingTo(server?.origin ?? 'http://localhost', more);
  const start = async () => {
    server = await startOtlpServer();
    return server;
  };

  const values = {
    HONEYCOMB_API_KEY: 'hcaik_1',
    DD_API_KEY: 'dd1',
    DD_SITE: 'us3.datadoghq.com',
    LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
    LANGFUSE_SECRET_KEY: 'sk-lf-1',
    WANDB_API_KEY: 'wb1',
    WANDB_ENTITY: 'team',
    WANDB_PROJECT: 'agents',
    PHOENIX_API_KEY: 'px1',
    PHOENIX_PROJECT_NAME: 'agents',
    GRAFANA_OTLP_ENDPOINT: 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp',
    GRAFANA_INSTANCE_ID: '12345',
    GRAFANA_OTLP_TOKEN: 'glc_1',
    HELICONE_API_KEY: 'sk-helicone-1',
  };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const expected: Readonly<
    Record<
      string,
      {
        url: string;
        type: string;
        headers: Record<string, string | undefined>;
        resource?: Record<string, string>;
        attributes?: Record<string, unknown>;
      }
    >
  > = {
    jaeger: { url: 'http://localhost:4318/v1/traces', type: 'protobuf', headers: {} },
    honeycomb: {
      url: 'https://api.honeycomb.io/v1/traces',
      type: 'protobuf',
      headers: { 'x-honeycomb-team': 'hcaik_1' },
    },
    'datadog-agent': { url: 'http://localhost:4318/v1/traces', type: 'protobuf', headers: {} },
    datadog: {
      url: 'https://otlp.us3.datadoghq.com/v1/traces',
      type: 'protobuf',
      headers: { 'dd-api-key': 'dd1', 'dd-otlp-source': 'llmobs' },
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 112n },
    },
    langfuse: {
      url: 'https://cloud.langfuse.com/api/public/otel/v1/traces',
      type: 'protobuf',
      headers: {
        authorization: `Basic ${base64('pk-lf-1:sk-lf-1')}`,
        'x-langfuse-ingestion-version': '4',
      },
      attributes: {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'claude-haiku-4-5',
        'langfuse.observation.usage_details': '{"input":12,"output":5,"input_cached_tokens":100}',
        'langfuse.observation.cost_details': '{"total":0.25}',
        'langfuse.observation.input':
          '[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},{"role":"user","parts":[{"type":"text","content":"Why?"}]}]',
        'langfuse.observation.output':
          '[{"role":"assistant","parts":[{"type":"text","content":"So."}],"finish_reason":"stop"}]',
        'langfuse.trace.name': 'chat',
        'session.id': 'session-1',
      },
    },
    weave: {
      url: 'https://trace.wandb.ai/otel/v1/traces',
      type: 'protobuf',
      headers: { 'wandb-api-key': 'wb1' },
      resource: { 'wandb.entity': 'team', 'wandb.project': 'agents' },
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.provider': 'anthropic',
        'llm.system': undefined,
        'gen_ai.response.model': 'claude-haiku-4-5',
        'gen_ai.usage.input_tokens': 112n,
        'output.value':
          '[{"role":"assistant","parts":[{"type":"text","content":"So."}],"finish_reason":"stop"}]',
        'wandb.thread_id': 'session-1',
        'wandb.is_turn': true,
      },
    },
    phoenix: {
      url: 'http://localhost:6006/v1/traces',
      type: 'protobuf',
      headers: { authorization: 'Bearer px1' },
      resource: { 'openinference.project.name': 'agents' },
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'claude-haiku-4-5',
        'llm.system': 'anthropic',
        'llm.provider': 'anthropic',
        'llm.finish_reason': 'stop',
        'session.id': 'session-1',
        'llm.token_count.prompt': 112n,
        'llm.token_count.completion': 5n,
        'llm.token_count.total': 117n,
        'llm.token_count.prompt_details.cache_read': 100n,
        'llm.cost.total': 0.25,
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'Be brief.',
        'llm.input_messages.1.message.content': 'Why?',
        'llm.output_messages.0.message.content': 'So.',
        'input.mime_type': 'application/json',
      },
    },
    tempo: {
      url: 'https://otlp-gateway-prod-eu-west-0.grafana.net/otlp/v1/traces',
      type: 'protobuf',
      headers: { authorization: `Basic ${base64('12345:glc_1')}` },
    },
    helicone: {
      url: 'https://api.helicone.ai/v1/trace/log',
      type: 'json',
      headers: { authorization: 'Bearer sk-helicone-1', 'content-encoding': undefined },
      attributes: {
        'llm.request.type': 'chat',
        'gen_ai.system': 'anthropic',
        'gen_ai.response.model': 'claude-haiku-4-5',
        'gen_ai.usage.prompt_tokens': 112n,
        'gen_ai.usage.completion_tokens': 5n,
        'llm.usage.total_tokens': 117n,
        'gen_ai.prompt.0.role': 'system',
        'gen_ai.prompt.0.content': 'Be brief.',
        'gen_ai.prompt.1.role': 'user',
        'gen_ai.prompt.1.content': 'Why?',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': 'So.',
        'gen_ai.completion.0.finish_reason': 'stop',
        'traceloop.association.properties.Helicone-Session-Id': 'session-1',
        'traceloop.association.properties.Helicone-Session-Name': 'chat',
        'traceloop.association.properties.Helicone-Session-Path': '/chat',
      },
    },
  };

  for (const destination of destinations) {
    it(`reach ${destination.label} at its address, with its headers and under its names`, async () => {
      const { origin } = await start();
      const preset = expected[destination.id]!;
      const { url } = targetOf({ destination, values });
      assert.equal(url.href, preset.url);
      const own = `${origin}${url.pathname}`;
      const sent = await sendTraces(
        of([spanFor(destination)]),
        sending({ destination, values, url: own }),
      );
      assert.deepEqual([sent.spans, sent.error], [1, undefined]);
      const [request] = server!.received;
      assert.equal(request?.path, url.pathname);
      assert.match(request.headers['content-type'] ?? '', new RegExp(preset.type));
      for (const [name, value] of Object.entries(preset.headers))
        assert.equal(request.headers[name], value, name);
      if (Object.keys(preset.headers).length === 0)
        assert.equal(request.headers.authorization, undefined);
      assert.deepEqual(request.resource, { 'service.name': 'my-agent', ...preset.resource });
      const [span] = request.spans;
      const attributes = Object.fromEntries(span!.attributes.map(({ key, value }) => [key, value]));
      for (const [key, value] of Object.entries(preset.attributes ?? {}))
        assert.deepEqual(attributes[key], value, key);
      assert.equal(span!.kind, 3);
    });
  }

  const where = (id: string, given: Readonly<Record<string, string>>) => {
    const destination = destinations.find(one => one.id === id)!;
    const { url, headers } = targetOf({ destination, values: { ...given } });
    return [url.href, headers, destination.resource?.(given)];
  };

  it('go to other regions and to servers of one’s own, by the variables that people have', () => {
    const honeycombKey = { HONEYCOMB_API_KEY: 'hcaik_1' };
    const eu = 'https://api.eu1.honeycomb.io:443';
    assert.deepEqual(where('honeycomb', { ...honeycombKey, HONEYCOMB_API_ENDPOINT: eu }), [
      'https://api.eu1.honeycomb.io/v1/traces',
      { 'x-honeycomb-team': 'hcaik_1' },
      undefined,
    ]);
    const classic = `hcaic_${'0a'.repeat(29)}`;
    for (const [key, dataset] of [
      [classic, 'agents'],
      ['0a'.repeat(16), 'agents'],
      ['hcaik_1', undefined],
    ] as const) {
      const given = { HONEYCOMB_API_KEY: key, HONEYCOMB_DATASET: 'agents' };
      const [, headers] = where('honeycomb', given);
      assert.equal((headers as Record<string, string>)['x-honeycomb-dataset'], dataset, key);
    }
    const langfuse = { LANGFUSE_PUBLIC_KEY: 'p', LANGFUSE_SECRET_KEY: 's' };
    const us = { LANGFUSE_BASE_URL: 'https://us.cloud.langfuse.com/' };
    assert.equal(
      where('langfuse', { ...langfuse, ...us })[0],
      'https://us.cloud.langfuse.com/api/public/otel/v1/traces',
    );
    const helicone = { HELICONE_API_KEY: 'sk-helicone-eu-1' };
    assert.equal(where('helicone', helicone)[0], 'https://eu.api.helicone.ai/v1/trace/log');
    const wandb = { WANDB_API_KEY: 'k', WANDB_ENTITY: 'e', WANDB_PROJECT: 'p' };
    for (const [given, url] of [
      [{ WANDB_BASE_URL: 'https://api.wandb.ai' }, 'https://trace.wandb.ai/otel/v1/traces'],
      [{ WANDB_BASE_URL: 'https://acme.wandb.io' }, 'https://acme.wandb.io/traces/otel/v1/traces'],
      [{ WF_TRACE_SERVER_URL: 'https://t.acme.org/' }, 'https://t.acme.org/otel/v1/traces'],
    ] as const) {
      assert.equal(where('weave', { ...wandb, ...given })[0], url);
    }
    const space = 'https://app.phoenix.arize.com/s/me';
    assert.deepEqual(
      where('phoenix', {
        PHOENIX_COLLECTOR_ENDPOINT: space,
        PHOENIX_CLIENT_HEADERS: 'api_key=px2',
        PHOENIX_PROJECT: 'a',
        PHOENIX_PROJECT_NAME: 'b',
      }),
      [`${space}/v1/traces`, { api_key: 'px2' }, { 'openinference.project.name': 'a' }],
    );
    const gateway = 'https://otlp-gateway-prod-us-east-0.grafana.net/otlp';
    const otel = { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi' };
    assert.deepEqual(where('tempo', { ...otel, OTEL_EXPORTER_OTLP_ENDPOINT: gateway }), [
      `${gateway}/v1/traces`,
      { Authorization: 'Basic YTpi' },
      undefined,
    ]);
    for (const address of ['https://example.org/otlp', 'https://grafana.net.example.org/']) {
      assert.deepEqual(
        where('tempo', { ...otel, OTEL_EXPORTER_OTLP_ENDPOINT: address }),
        ['http://localhost:4318/v1/traces', {}, undefined],
        'another engine’s key and address are not meant',
      );
    }
    const own = { GRAFANA_OTLP_ENDPOINT: 'https://tempo.example.org' };
    assert.deepEqual(where('tempo', { ...otel, ...own, OTEL_EXPORTER_OTLP_ENDPOINT: gateway }), [
      'https://tempo.example.org/v1/traces',
      {},
      undefined,
    ]);
  });

  it('to Helicone are calls of models alone, in its form and no other field', async () => {
    const { origin } = await start();
    const destination = destinations.find(one => one.id === 'helicone')!;
    const tool = otlpOfSpan(exportedSpan(recorded({ span: { spanId: 's2', kind: 'tool' } })), {
      attributes: one => destination.attributes?.(one) ?? [],
    })!;
    const sent = await sendTraces(
      of([tool, spanFor(destination)]),
      sending({ destination, values, url: `${origin}/v1/trace/log`, service: undefined }),
    );
    assert.deepEqual([sent.spans, sent.misfit, sent.error], [1, 1, undefined]);
    const body = JSON.parse(server!.received[0]!.body.toString());
    const [{ resource, scopeSpans }] = body.resourceSpans;
    const [{ scope, spans }] = scopeSpans;
    assert.deepEqual(
      [Object.keys(body), Object.keys(body.resourceSpans[0]), Object.keys(scopeSpans[0])],
      [['resourceSpans'], ['resource', 'scopeSpans'], ['scope', 'spans']],
    );
    assert.deepEqual(resource, {
      attributes: [{ key: 'service.name', value: { stringValue: 'agent' } }],
      droppedAttributesCount: 0,
    });
    assert.deepEqual(scope, { name: 'agent-trace-inspector', version: '0.1.0' });
    const { attributes, ...rest } = spans[0];
    assert.deepEqual(rest, {
      traceId: 'b'.repeat(32),
      spanId: 'a'.repeat(16),
      name: 'chat',
      kind: 3,
      startTimeUnixNano: '1700000000000000000',
      endTimeUnixNano: '1700000001000000000',
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      status: { code: 0 },
      links: [],
      droppedLinksCount: 0,
    });
    for (const { key, value } of attributes) {
      const [form, ...others] = Object.keys(value);
      assert.deepEqual(others, [], key);
      assert.equal(typeof value[form!], form === 'intValue' ? 'number' : 'string', key);
      assert.match(form!, /^(?:intValue|stringValue)$/, key);
    }
    const cost = attributes.find(({ key }: { key: string }) => key === 'gen_ai.usage.cost');
    assert.deepEqual(cost.value, { stringValue: '0.25' });
  });

  it('are not begun without what the destination needs', () => {
    for (const { id, variables } of destinations) {
      const destination = destinations.find(one => one.id === id)!;
      for (const { name, required } of variables) {
        const lacking = { ...values, [name]: ' ' };
        const check = () => targetOf({ destination, values: lacking });
        if (required) assert.throws(check, new RegExp(`needs ${name}`));
        else assert.doesNotThrow(check);
      }
    }
    const destination = custom('https://example.org/v1/traces');
    const bad = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%0Ab' };
    assert.throws(() => targetOf({ destination, values: bad }), /x-key has characters/);
    assert.throws(() => targetOf({ destination, values: {}, url: 'ftp://x' }), /not an address/);
    assert.throws(
      () => targetOf({ destination, values: {}, url: 'https://me:pw@x.org' }),
      error => !/pw/.test(String(error)),
    );
    assert.equal(
      targetOf({ destination, values: {}, url: 'http://example.org' }).unencrypted,
      true,
    );
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b, y=1=2' };
    assert.deepEqual(targetOf({ destination, values: headers }).headers, {
      'x-key': 'a b',
      y: '1=2',
    });
  });
});
