import assert from 'node:assert/strict';
import { TraceError } from '../../src/core/errors.ts';
import type { Sent } from '../../src/net/sendTraces.ts';
import { run } from './support/exportedText.ts';
import { toasts, workspace } from './support/vscode.ts';

const { noticedWords, sentenceOf, sentWords } = await import('../../src/extension/export/words.ts');
const { fileNameOf } = await import('../../src/extension/export/toFile.ts');
const { sendTo } = await import('../../src/extension/export/toEngine.ts');

const sent = (more: Partial<Sent>): Sent => ({
  ...{
    spans: 0,
    already: 0,
    again: 0,
    unsure: 0,
    rejected: 0,
    tooLarge: 0,
    requests: 1,
    retries: 0,
  },
  ...{ misfit: 0, bytes: 9, repairedTexts: 0, messages: [], error: undefined },
  ...more,
});
const nothing = { open: 0, leftOut: 0 };
const around = { total: 1500, doubtful: 0, remembered: true };

describe('what is said of an export', () => {
  it('is how much went where, and all that did not', () => {
    assert.equal(sentWords(sent({ spans: 1 }), nothing, 'h', around), 'Sent 1 span to h.');
    const more = { already: 2, again: 3, unsure: 4, misfit: 7, rejected: 5, messages: ['full'] };
    assert.equal(
      sentWords(
        sent({ spans: 1200, ...more }),
        { open: 6, timeless: 3, leftOut: 1, events: 1000 },
        'h',
        around,
      ),
      [
        'Sent 1,200 spans to h. Sent before, and left out: 2 spans.',
        'May be there twice, as the answer to the first time was lost: 3 spans.',
        'Left out, as it may have arrived before: 4 spans.',
        'Left out, as it has no place for their kind: 7 spans. Not taken: 5 spans. Only Send All Again sends them again. It says: full',
        'Left out, as not ended yet: 6 spans.',
        'Left out, as OTLP cannot hold their times: 3 spans.',
        'Without metadata, which are too large: 1 span.',
        'Events left out, as too many or too large: 1,000.',
      ].join(' '),
    );
    assert.deepEqual(noticedWords(nothing), []);
  });

  it('is how far it came where it ended early, and what the next one does', () => {
    const cut = sent({ spans: 512, already: 100, error: new TraceError('cancelled') });
    assert.equal(
      sentWords(cut, nothing, 'h', { ...around, doubtful: 512 }),
      'Stopped. Sent so far: 612 of 1,500 spans. May have arrived, or not: 512 spans. The next export sends the rest.',
    );
    assert.equal(
      sentWords(cut, nothing, 'h', { ...around, remembered: false }),
      'Stopped. Sent so far: 612 of 1,500 spans. The next export sends all of them again.',
    );
    const busy = { ...cut, error: new TraceError('exportBusy', ['h', 'HTTP 503']) };
    assert.equal(sentWords(busy, nothing, 'h', around), 'Sent before that: 612 of 1,500 spans.');
    assert.equal(sentWords({ ...busy, spans: 0, already: 0 }, nothing, 'h', around), '');
  });

  it('has a file named after the run, without what the file is without', () => {
    const named = { ...run, name: 'mail to bob@example.org' };
    const without = fileNameOf([named], { content: false }, 'html');
    assert.match(without, /^mail-to-.*\.html$/);
    assert.doesNotMatch(without, /bob|example/);
    const whole = fileNameOf([named], { content: true, redaction: false }, 'html');
    assert.equal(whole, 'mail-to-bob-example.org.html');
  });

  it('names what may leave', () => {
    assert.deepEqual(
      [{ content: false }, { content: true }, { content: true, redaction: false as const }].map(
        leaving => sentenceOf(2, leaving, 'h'),
      ),
      [
        '2 spans without content, to h',
        '2 spans with content, redacted, to h',
        '2 spans as recorded, to h',
      ],
    );
  });

  it('is that nothing is sent from a workspace that is not trusted', async () => {
    const untouched = new Proxy({}, { get: (_, name) => assert.fail(`${String(name)} was asked`) });
    Object.assign(workspace, { isTrusted: false });
    try {
      assert.equal(
        await sendTo(untouched as never, untouched as never, untouched as never),
        undefined,
      );
    } finally {
      Object.assign(workspace, { isTrusted: true });
    }
    const { words, buttons } = toasts.at(-1) ?? {};
    assert.match(words ?? '', /^Nothing is sent from a workspace that is not trusted\. Trust it/);
    assert.deepEqual(buttons, ['Manage Workspace Trust']);
  });
});
