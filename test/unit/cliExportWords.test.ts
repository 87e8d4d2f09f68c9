import assert from 'node:assert/strict';
import { noticedWords, runsAndSpans, sentWords } from '../../src/cli/exportWords.ts';
import type { Sent } from '../../src/net/sendTraces.ts';

const url = new URL('http://h:1/v1/traces');
const sent = (more: Partial<Sent>): Sent => ({
  ...{ spans: 1, already: 0, again: 0, unsure: 0, rejected: 0, tooLarge: 0, requests: 1 },
  ...{ misfit: 0, bytes: 9, repairedTexts: 0, messages: [], error: undefined, retries: 0 },
  ...more,
});

describe('What the command says of an export', () => {
  it('counts one as one', () => {
    assert.equal(runsAndSpans(1, 1), '1 run with 1 span');
    assert.equal(runsAndSpans(0, 1200), '0 runs with 1,200 spans');
    assert.equal(
      sentWords(sent({ already: 1, rejected: 1 }), { open: 1, leftOut: 0 }, url),
      [
        'Sent 1 span to h:1 (9 B in 1 request).',
        '1 span sent before, and not again. With --again all are sent, such as to add --content to them.',
        '1 span not taken by it. Which, it does not say: they are not sent again, unless --again sends all.',
        '1 span not ended yet. Export again once they have.\n',
      ].join('\n'),
    );
    assert.match(
      sentWords(sent({ spans: 2, requests: 0 }), { open: 0, leftOut: 0 }, url),
      /^Sent 2 spans .* in 0 requests\)\.\n$/,
    );
  });

  it('tells spans that will end from those that OTLP has no time for', () => {
    assert.deepEqual(noticedWords({ open: 2, timeless: 3, leftOut: 1, events: 1 }), [
      '2 spans not ended yet. Export again once they have.',
      '3 spans left out, with no time that OTLP can hold.',
      '1 span without content, which is too large.',
      '1 event left out: too many of a span, or too large.',
    ]);
    assert.deepEqual(noticedWords({ open: 0, leftOut: 0 }), []);
  });
});
