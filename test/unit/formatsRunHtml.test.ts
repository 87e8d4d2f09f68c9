import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { pre } from '../../src/formats/htmlText.ts';
import { styles, stylesHash } from '../../src/formats/runHtmlStyles.ts';
import { run, exportedText as textOf } from './support/exportedText.ts';
import { recorded } from './support/recordedSpan.ts';

const whole = { content: true, redaction: false } as const;

describe('A run as a page', () => {
  it('as HTML lets nothing be loaded, and has only text of what was recorded', async () => {
    const hostile =
      '</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>\u202e"\'&\u0000';
    const spans = [
      recorded({
        span: { kind: 'llm', name: hostile, model: hostile },
        metadata: {
          request: { system: hostile, messages: [{ role: hostile, content: hostile }] },
          response: { content: [{ type: hostile, text: hostile }] },
          [hostile]: hostile,
        },
        error: hostile,
        events: [{ time: 1, name: hostile, attributes: JSON.stringify({ [hostile]: hostile }) }],
      }),
    ];
    const text = await textOf('html', spans, whole, { ...run, name: hostile, error: hostile });
    assert.equal(stylesHash, `sha256-${createHash('sha256').update(styles).digest('base64')}`);
    assert.match(
      text,
      /default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'/,
    );
    assert.doesNotMatch(text, /<script|<img/i);
    assert.ok(!text.includes('\u0000'));
    // Every tag is one of ours.
    const tags = new Set(
      [...text.matchAll(/<([a-z!/][a-z0-9]*)/gi)].map(([, tag]) => tag!.replace('/', '')),
    );
    for (const tag of ['script', 'img', 'iframe', 'template', 'link', 'object'])
      assert.ok(!tags.has(tag), tag);
    assert.equal(text.match(/<\/details>/g)?.length, text.match(/<details /g)?.length);
    assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(text.slice(text.indexOf('<body>')), /https?:/);
  });

  it('lets a keyboard reach a text that scrolls, and passes by those that do not', () => {
    assert.match(pre('short\n'.repeat(10)), /^<pre>/);
    assert.match(pre('line\n'.repeat(40)), /^<pre tabindex="0">/);
    assert.match(pre('x'.repeat(5000)), /^<pre tabindex="0">/);
  });

  it('as HTML is cut where a browser would stop, and says so', async () => {
    const long = recorded({
      span: { kind: 'tool' },
      metadata: { tool_result: 'x'.repeat(300_000) },
    });
    const text = await textOf('html', [long], whole);
    assert.ok(text.length < 220_000);
    assert.match(text, /… 100,000 more characters are not on this page\./);
  });

  it('opens where it failed and at the cause, and says an error once above', async () => {
    const error = 'It broke.';
    const spans = [
      recorded({ span: { spanId: 's1', kind: 'agent', status: 'error' }, error }),
      recorded({ span: { spanId: 's2', parentSpanId: 's1', kind: 'llm' }, metadata: { big: 1 } }),
      recorded({ span: { spanId: 's3', parentSpanId: 's1', status: 'error' }, error }),
    ];
    const placed = { ...spans[1]!.span, place: 1 };
    const text = await textOf(
      'html',
      spans,
      whole,
      { ...run, status: 'error', error },
      {
        span: { ...placed, spanId: 's3', place: 2, name: 'write <b>', start: placed.end! + 20 },
        toolUseId: undefined,
        cause: { span: placed, rule: 'preceding', call: undefined },
      },
    );
    assert.match(
      text,
      /<p>The run failed at <a href="#span-3">write &lt;b&gt;<\/a>\.<\/p><pre>It broke\./,
    );
    assert.match(
      text,
      /The last call before it was <a href="#span-2">span<\/a>, 20 ms before\. Rule <b>preceding<\/b>, inferred from time:/,
    );
    const opened = [...text.matchAll(/<details class="span[^"]*" id="([^"]*)" open>/g)];
    assert.deepEqual(
      opened.map(([, id]) => id),
      ['span-2', 'span-3'],
    );
    assert.match(text, /✗ the run failed here/);
    const [root] = text.split('id="span-1"')[1]!.split('</details>');
    assert.match(root!, /Its error is that of the run, above\./);
    assert.equal(text.match(/It broke\./g)?.length, 2, 'above, and where it failed');
    // What nobody reads first is folded.
    assert.match(text, /<details class="message"><summary><b>More<\/b>/);
  });

  it('has no link but to its own spans', async () => {
    const link = 'javascript:alert(1) https://example.invalid #span-9';
    const text = await textOf('html', [recorded({ span: { name: link }, error: link })], whole, {
      ...run,
      name: link,
      runId: link,
    });
    assert.deepEqual(
      [...text.matchAll(/\s(?:href|src|action|style|on\w+)="?([^"\s>]*)/g)]
        .map(([, to]) => to)
        .filter(to => !/^#(?:icon|span)-/.test(to!)),
      [],
    );
  });
});
