import assert from 'node:assert/strict';
import MarkdownIt, { type Token } from 'markdown-it';
import type { RecordedFailure } from '../../src/core/recordedSpan.ts';
import { exportedText, run } from './support/exportedText.ts';
import { recorded } from './support/recordedSpan.ts';

const whole = { content: true, redaction: false } as const;
const markdown = (
  spans: Parameters<typeof exportedText>[1],
  failure?: RecordedFailure,
): Promise<string> =>
  exportedText('markdown', spans, whole, failure ? { ...run, status: 'error' } : run, failure);

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const call = (spanId: string, request: unknown, parentSpanId?: string) =>
  recorded({ span: { spanId, kind: 'llm', parentSpanId }, metadata: { request } });

/** All that a viewer makes of a text, also of what stands within other blocks. */
function tokensOf(text: string): readonly Token[] {
  const viewer = new MarkdownIt({ html: true, linkify: true, typographer: true });
  return viewer.parse(text, {}).flatMap(token => [token, ...(token.children ?? [])]);
}

describe('A run as Markdown', () => {
  it('writes what calls have in common once, and names where', async () => {
    const request = (...messages: unknown[]) => ({
      system: 'Be brief.',
      tools: [{ name: 'search' }],
      max_tokens: 100,
      messages,
    });
    const text = await markdown([
      call('s1', request(user('one'))),
      call('s2', request(user('one'), assistant('two'), user('three'))),
      call('s3', { ...request(user('one'), assistant('two'), user('four')), system: 'Be long.' }),
    ]);
    assert.equal(text.match(/Be brief\./g)?.length, 1);
    assert.equal(text.match(/"search"/g)?.length, 1);
    assert.equal(text.match(/\*\*System\*\*: the same as in \[span 1\]\(#span-1\)\./g)?.length, 1);
    assert.equal(text.match(/\*\*Tools\*\*: the same as in \[span 1\]\(#span-1\)\./g)?.length, 2);
    assert.equal(text.match(/\*\*Settings\*\*: the same as/g)?.length, 2);
    const [, second, third] = text.split('\n## ').slice(1);
    assert.match(second!, /\n1 earlier message, the same as in \[span 1\]\(#span-1\)\.\n/);
    assert.doesNotMatch(second!, /```\none\n/);
    assert.match(second!, /\*\*Assistant\*\*\n\n```\ntwo\n```\n\n\*\*User\*\*\n\n```\nthree\n/);
    assert.match(
      third!,
      /\n2 earlier messages, the same as the first of \[span 2\]\(#span-2\), which has 3\.\n/,
    );
    assert.match(third!, /\*\*System\*\*\n\n```\nBe long\.\n/);
  });

  it('writes again what differs by a sign, a role or a picture', async () => {
    const picture = (data: string) => [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
    ];
    for (const [first, then] of [
      [user('one'), user('one ')],
      [user('one'), assistant('one')],
      [user(picture('AAAA')), user(picture('AAAB'))],
    ] as const) {
      const text = await markdown([
        call('s1', { messages: [first] }),
        call('s2', { messages: [then, user('more')] }),
      ]);
      assert.doesNotMatch(text, /earlier message/);
    }
  });

  it('goes on with the conversation of the same agent, whatever came between', async () => {
    const text = await markdown([
      call('s1', { messages: [user('task'), assistant('a')] }, 'agent'),
      call('s2', { messages: [user('task')] }, 'other'),
      call('s3', { messages: [user('task'), assistant('a'), user('b')] }, 'agent'),
    ]);
    assert.match(text, /\n2 earlier messages, the same as in \[span 1\]\(#span-1\)\.\n/);
  });

  it('says where it failed, what asked for that, and how that is known', async () => {
    const place = { runId: 'r1', start: 1000, end: 2000, toolName: undefined };
    const failure: RecordedFailure = {
      span: { ...place, spanId: 's2', name: 'x', toolName: 'post_entry', place: 1 },
      toolUseId: 'toolu_1',
      cause: {
        span: { ...place, spanId: 's1', name: 'chat_[x]', end: 980, place: 0 },
        rule: 'tool-use-id',
        call: 1,
      },
    };
    const spans = [call('s1', 'Go.'), recorded({ span: { spanId: 's2', status: 'error' } })];
    const text = await markdown(spans, failure);
    assert.match(
      text,
      /\n\nThe run failed at \[2\. `post_entry`\]\(#span-2\)\.\n\nAsked for by \[1\. `chat_\[x\]`\]\(#span-1\), call 1, 20 ms before\. Rule \*\*tool-use-id\*\*, exact: both sides recorded `toolu_1`\.\n/,
    );
    assert.match(text, /\n- Failure: cause of \[span 2\]\(#span-2\), where the run failed\n/);
    assert.equal(text.match(/\n- Failure: the run failed here\n/g)?.length, 1);
    const links = tokensOf(text).filter(({ type }) => type === 'link_open');
    assert.equal(links.length, 3);
    const none = await markdown(spans, { ...failure, cause: undefined });
    assert.match(none, /failed at \[2[^\n]*\n\nNo LLM call before this span\.\n/);
    assert.doesNotMatch(none, /Asked for|Rule/);
  });

  it('keeps recorded text from being anything but text, and whole', async () => {
    const hostile = [
      '```\n# heading\n<script>alert(1)</script>',
      '`````\n````js\n~~~\n',
      '\n\n# heading\n\n[go](javascript:alert(1)) https://example.invalid www.example.invalid a@b.example',
      '<!-- --><img src=x onerror=alert(1)><svg><template>]]>',
      '![x](data:image/png;base64,AAAA)\r# heading\r```\r\n[a]: https://example.invalid',
      '- [ ] task\n| a | b |\n|---|---|\n$x$ @someone #1 :smile: &lt;',
    ];
    const spans = hostile.map((text, at) =>
      recorded({
        span: { spanId: text, kind: 'tool', name: text, toolName: text, model: text, status: 'ok' },
        error: text,
        metadata: {
          request: { system: text, messages: [{ role: text, content: `${at}${text}` }] },
          response: { content: [{ type: 'text', text }] },
          tool_input: text,
          tool_result: text,
          [text]: text,
        },
        events: [{ time: 1, name: text, attributes: JSON.stringify({ [text]: text }) }],
      }),
    );
    const placed = { ...spans[0]!.span, place: 0 };
    const text = await exportedText(
      'markdown',
      spans,
      whole,
      { ...run, name: hostile[2]!, runId: hostile[2]!, sessionId: hostile[3]!, error: hostile[0]! },
      {
        span: { ...placed, name: hostile[3]!, toolName: hostile[2]! },
        toolUseId: hostile[2]!,
        cause: { span: { ...placed, toolName: '` [x](y) `' }, rule: 'tool-use-id', call: 1 },
      },
    );
    const tokens = tokensOf(text);
    const ofType = (type: string) => tokens.filter(token => token.type === type);
    assert.deepEqual(
      [...new Set(tokens.map(({ type }) => type))].filter(type =>
        /image|html_block|table|code_block|blockquote|hr/.test(type),
      ),
      [],
    );
    for (const { content } of ofType('html_inline')) {
      assert.match(content, /^(<a id="span-\d+">|<\/a>)$/);
    }
    for (const link of ofType('link_open'))
      assert.match(String(link.attrGet('href')), /^#span-\d+$/);
    assert.equal(ofType('heading_open').filter(({ tag }) => tag === 'h1').length, 1);
    assert.equal(ofType('heading_open').filter(({ tag }) => tag === 'h2').length, hostile.length);
    const fences = ofType('fence').map(({ content }) => content);
    for (const one of hostile) {
      // Viewers take each end of a line for the same.
      const shown = `${one.replace(/\r\n?/g, '\n')}\n`;
      assert.ok(fences.filter(content => content === shown).length >= 4, one);
    }
  });

  it('says how many events it does not have', async () => {
    const span = {
      ...recorded({ events: [{ time: 1, name: 'e', attributes: undefined }] }),
      eventsTotal: 4,
    };
    for (const format of ['markdown', 'html'] as const) {
      assert.match(
        await exportedText(format, [span], whole),
        /… 3 more events are not in this file\./,
      );
    }
    assert.match(await exportedText('json', [span], whole), /"events_left_out":3/);
    assert.match(await exportedText('otlp', [span], whole), /"droppedEventsCount":3/);
  });
});
