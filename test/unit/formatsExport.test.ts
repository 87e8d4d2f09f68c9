import assert from 'node:assert/strict';
import type { RunSummary } from '../../src/core/model.ts';
import { createRedactor } from '../../src/core/redaction.ts';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { fileFormats, formatOfName } from '../../src/formats/exportFormats.ts';
import { decodeOtlpJson } from '../../src/formats/otlpJson.ts';
import { otlpOfSpan } from '../../src/formats/otlpOfSpan.ts';
import { rowsOfOtlp } from '../../src/formats/otlpRows.ts';
import { destinations } from '../../src/net/destinations/all.ts';
import { encoded, tracesOf } from '../../src/net/sendTraces.ts';
import { run, exportedText as textOf } from './support/exportedText.ts';
import { recorded } from './support/recordedSpan.ts';

const call = recorded({
  span: { kind: 'llm', name: 'chat', model: 'm', usage: { input: 3, output: 4 } },
  metadata: {
    request: { messages: [{ role: 'user', content: 'Why <b>?' }] },
    response: { content: [{ type: 'text', text: 'So.' }] },
    big: 1,
  },
});
const child = recorded({
  span: {
    spanId: 's2',
    parentSpanId: 's1',
    kind: 'tool',
    name: '=HYPERLINK("x")',
    toolName: '@sum',
  },
  metadata: { tool_input: '+1', tool_result: 'a,"b"\nc' },
  error: '-2',
});

describe('A run that becomes a file', () => {
  it('is named after what it becomes', () => {
    assert.deepEqual(
      ['a.html', 'b.HTM', 'c.csv', 'd.md', 'e.json', 'f.otlp.jsonl', 'g.txt'].map(formatOfName),
      ['html', 'html', 'csv', 'markdown', 'json', 'otlp', undefined],
    );
  });

  it('as CSV holds no formula, and unknown figures are empty', async () => {
    const text = await textOf('csv', [call, child], { content: true, redaction: false });
    const rows = text.trim().split('\r\n');
    assert.equal(rows.length, 3);
    assert.match(rows[1]!, /^r1,s1,,,chat,llm,,m,ok,2023-11-14T22:13:20\.000Z,.*,1000,3,,4,,,/);
    assert.match(rows[2]!, /,"'=HYPERLINK\(""x""\)",tool,'@sum,/);
    assert.match(rows[2]!, /,'-2,'\+1,"a,""b""\nc"$/);
  });

  it('as CSV holds no formula in full width either', async () => {
    const wide = { ...child, error: '\uff1dA1' };
    const text = await textOf('csv', [wide], { content: true, redaction: false });
    assert.match(text, /,'\uff1dA1,/);
  });

  it('as OTLP keeps libraries apart that differ in their attributes alone', async () => {
    const by = (spanId: string, team: number) =>
      recorded({
        span: { spanId },
        metadata: { otel: { scope: { name: 'l', attributes: { team } } } },
      });
    const text = await textOf('otlp', [by('s1', 1), by('s2', 2), by('s3', 1)], {
      content: true,
      redaction: false,
    });
    const [resource] = decodeOtlpJson(text.trim()).resourceSpans;
    const scopes = resource!.scopeSpans.map(one => [
      one.spans.length,
      one.scope.attributes[0]?.value,
    ]);
    assert.deepEqual(scopes, [
      [2, 1n],
      [1, 2n],
    ]);
  });

  it('as JSON is one document with all that was recorded, digit by digit', async () => {
    const span = { ...call, metadata: '{"big":12345678901234567890,"one":1.0}' };
    const text = await textOf('json', [span, child], { content: true, redaction: false });
    const document = JSON.parse(text);
    assert.equal(document.runs[0].cost_usd, null);
    assert.equal(document.runs[0].spans.length, 2);
    assert.match(text, /"metadata":\{"big":12345678901234567890,"one":1\.0\}/);
  });

  it('as Markdown is read from the top, with each span below its run', async () => {
    const text = await textOf('markdown', [call, child], { content: true, redaction: false });
    assert.match(text, /^# `research`\n\n- Run id: `r1`\n/);
    assert.match(text, /\n## <a id="span-1"><\/a>1\. `chat`\n\n- Kind: LLM\n- Depth: 0\n/);
    assert.match(text, /### Prompt\n\n\*\*User\*\*\n\n```\nWhy <b>\?\n```\n/);
    assert.match(text, /- Cost: \$0\.50\d* and 1 unpriced/);
    assert.match(text, /2\. `=HYPERLINK\("x"\)`\n\n- Kind: tool `@sum`\n- Depth: 1\n/);
  });

  it('as OTLP comes back as the same row', async () => {
    const text = await textOf('otlp', [call, child], { content: true, redaction: false });
    const { resourceSpans } = decodeOtlpJson(text.trim());
    const [scope] = resourceSpans[0]!.scopeSpans;
    const rows = scope!.spans.map(span =>
      rowsOfOtlp(span, { resource: resourceSpans[0]!.resource, scope: scope!.scope }),
    );
    assert.deepEqual(
      rows.map(({ span }) => [span.spanId, span.runId, span.name, span.error]),
      [
        ['s1', 'r1', 'chat', undefined],
        ['s2', 'r1', '=HYPERLINK("x")', '-2'],
      ],
    );
  });

  it('as OTLP has as many lines as its texts need', async () => {
    const metadata = { request: { messages: [{ role: 'user', content: 'x'.repeat(1_100_000) }] } };
    const all = ['a', 'b', 'c'].map(spanId => recorded({ span: { spanId }, metadata }));
    const text = await textOf('otlp', all, { content: true, redaction: false });
    const lines = text.trim().split('\n').map(decodeOtlpJson);
    assert.deepEqual(
      lines.map(({ resourceSpans }) => resourceSpans[0]?.scopeSpans[0]?.spans.length),
      [1, 1, 1],
    );
  });

  it('keeps apart what ids were taken out of, and takes no id of chance for a card', () => {
    const redactor = createRedactor({});
    const ids = (spanId: string, parentSpanId: string) => {
      const own = recorded({
        span: { runId: '47628563-8236-4599-ad87-a8fb24240b98', spanId, parentSpanId },
      });
      const { span } = otlpOfSpan(exportedSpan(own, redactor), {})!;
      return [span.traceId, span.spanId, span.parentSpanId];
    };
    const [trace, first, above] = ids('4335088447409189', '4024205538821413');
    assert.equal(trace, '4762856382364599ad87a8fb24240b98');
    assert.notEqual(first, above);
    assert.ok(!`${first}${above}`.includes('4335088447409189'));
    const [, second] = ids('4024205538821413', '');
    assert.equal(second, above, 'a child finds its parent');
  });

  const secret = `sk-ant-api03-${'Ab3dEf6hIj'.repeat(9)}AA`;
  const everywhere = recorded({
    span: {
      spanId: `s ${secret}`,
      runId: `r ${secret}`,
      parentSpanId: `p ${secret}`,
      name: `n ${secret}`,
      kind: 'llm',
      toolName: `t ${secret}`,
      model: `m ${secret}`,
      status: 'error',
      recordedStatus: `x ${secret}`,
    },
    sessionId: `i ${secret}`,
    error: `e ${secret}`,
    metadata: {
      request: {
        model: secret,
        system: secret,
        tools: [{ name: secret, description: secret, input_schema: { a: secret } }],
        messages: [
          { role: 'user', content: secret },
          {
            role: secret,
            content: [{ type: 'tool_use', id: secret, name: secret, input: { [secret]: secret } }],
          },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: secret, content: secret }],
          },
        ],
      },
      response: {
        id: secret,
        model: secret,
        content: [{ type: 'text', text: secret }],
        stop_reason: secret,
      },
      usage: { input_tokens: 1, service_tier: secret },
      tool_name: secret,
      tool_use_id: secret,
      tool_input: { deep: [{ [secret]: secret }] },
      tool_result: [secret],
      session_id: secret,
      user_id: secret,
      tags: { [secret]: secret },
      source: { file: secret, line: 1, function: secret },
      input: secret,
      output: secret,
      request_id: secret,
      git: { commit: secret },
      'service.name': secret,
      [`key ${secret}`]: secret,
      otel: {
        links: [{ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), attributes: { a: secret } }],
        scope: { name: secret },
        trace_state: secret,
      },
    },
    events: [
      {
        time: 1,
        name: `v ${secret}`,
        attributes: JSON.stringify({ [secret]: secret, a: [secret] }),
      },
    ],
  });
  const tainted: RunSummary = {
    ...run,
    runId: secret,
    name: secret,
    sessionId: secret,
    error: secret,
    rootSpanId: secret,
    failingSpanId: secret,
  };
  const place = {
    spanId: secret,
    runId: secret,
    name: secret,
    toolName: secret,
    start: 1,
    end: 0,
    place: 0,
  };
  const failure = {
    span: place,
    toolUseId: secret,
    cause: { span: place, rule: 'tool-use-id', call: 1 },
  } as const;

  for (const content of [true, false]) {
    for (const format of fileFormats) {
      it(`holds no secret as ${format}${content ? ', with content' : ''}`, async () => {
        const text = await textOf(format, [everywhere], { content }, tainted, failure);
        const whole = await textOf(
          format,
          [everywhere],
          { content: true, redaction: false },
          tainted,
          failure,
        );
        assert.ok(whole.includes(secret.slice(8, 40)), 'it would be found');
        assert.ok(
          !text.includes(secret.slice(8, 40)),
          text.slice(text.indexOf(secret.slice(8, 40)) - 100).slice(0, 200),
        );
      });
    }
    it(`holds no secret on its way to an engine${content ? ', with content' : ''}`, () => {
      const redactor = createRedactor(content ? {} : { mode: 'metadata' });
      for (const destination of destinations) {
        const attributes =
          destination.attributes &&
          ((one: Parameters<typeof otlpOfSpan>[0]) => destination.attributes?.(one) ?? []);
        const span = otlpOfSpan(exportedSpan(everywhere, redactor), { attributes, exact: true })!;
        for (const encoding of ['protobuf', 'json'] as const) {
          const { body } = encoded(
            tracesOf([span], { service: undefined, version: '1' }),
            encoding,
          );
          const text = Buffer.from(body).toString('latin1');
          assert.ok(!text.includes(secret.slice(8, 40)), `${destination.id} ${encoding}`);
        }
      }
    });
  }
});
