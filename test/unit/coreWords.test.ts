import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CountedText, counted } from '../../src/core/counted.ts';
import {
  isolated,
  oneLine,
  runDescription,
  runMark,
  spanDescription,
  spanMark,
} from '../../src/core/describe.ts';
import { errorTexts, fillIn, TraceError, type TraceErrorCode } from '../../src/core/errors.ts';
import { insightWords } from '../../src/core/insights/insightWords.ts';
import type { RunSummary } from '../../src/core/model.ts';
import { summariseRun } from '../../src/core/run.ts';
import { deepestRow } from '../../src/core/tree.ts';
import { englishWords } from '../../src/core/words.ts';
import { span, tree } from './support/tree.ts';

const places = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/\{(\d+)\}/g)].map(found => Number(found[1]) + 1));

describe('words of failures', () => {
  it('number their places without a gap', () => {
    for (const [code, text] of Object.entries(errorTexts)) {
      for (let i = 0; i < places(text); i++) assert.ok(text.includes(`{${i}}`), `${code} {${i}}`);
    }
  });

  it('get as many arguments as they have places from whoever throws them', () => {
    const src = new URL('../../src/', import.meta.url).pathname;
    for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const thrown = readFileSync(join(src, file), 'utf8').matchAll(
        /new TraceError\(\s*'(\w+)'\s*(?:,\s*\[((?:[^[\]]|\[[^\]]*\])*)\])?/g,
      );
      for (const [, code = '', args = ''] of thrown) {
        // Commas within calls and templates are no separators.
        let flat = args.replace(/`[^`]*`|'[^']*'/g, '_');
        while (/\([^()]*\)/.test(flat)) flat = flat.replace(/\([^()]*\)/g, '_');
        if (flat.includes('...')) continue;
        const given = flat.split(',').filter(one => one.trim() !== '').length;
        assert.equal(given, places(errorTexts[code as TraceErrorCode] ?? ''), `${code} in ${file}`);
      }
    }
  });

  it('are filled in literally; a place without an argument stays', () => {
    assert.equal(fillIn('{0} and {1} and {0}', ['$&', 2]), '$& and 2 and $&');
    assert.equal(fillIn('{0} {7}', ['a']), 'a {7}');
    assert.equal(fillIn('{0}', ['{0}']), '{0}', 'arguments are not filled in again');
  });

  it('are found for anything that is thrown', () => {
    const known = new TraceError('noSpans', ['a.db']);
    assert.equal(TraceError.from(known), known);
    assert.match(TraceError.from(new Error('boom')).message, /boom/);
    assert.equal(TraceError.from(Object.create(null)).code, 'unexpected');
  });
});

describe('rows in words', () => {
  const facts = { recovered: false, flaw: undefined, isCause: false, depth: 1 };
  const now = 100_000;
  const row = (part: Parameters<typeof span>[1], more: Partial<typeof facts> = {}) =>
    spanDescription(
      span('s', { start: 0, end: 340, ...part }),
      { ...facts, ...more },
      englishWords,
      now,
    );

  it('say the most telling first', () => {
    assert.equal(row({}), '340 ms · 2m ago');
    assert.equal(
      row({
        status: 'error',
        toolName: 'read',
        usage: { input: 9204 },
        cost: 0.0235,
        costSource: 'computed',
      }),
      'failed · read · 340 ms · 9,204 · $0.0235 · 2m ago',
    );
    assert.equal(
      row({ status: 'error', toolName: 'read', error: '\nno such\nfile' }),
      'failed · read · no such file · 340 ms · 2m ago',
    );
    assert.equal(
      row({ status: 'error' }, { recovered: true }),
      'failed, recovered · 340 ms · 2m ago',
    );
    assert.equal(
      row({ costSource: 'unpriced' }, { isCause: true }),
      'cause · 340 ms · unpriced · 2m ago',
    );
    assert.equal(
      row({ status: 'unknown', recordedStatus: undefined, end: undefined }),
      'no status · 2m ago',
    );
    assert.equal(row({ start: undefined }), 'no start');
  });

  it('stay on one line, whatever was recorded', () => {
    const text = row({
      status: 'unknown',
      recordedStatus: 'a\nb',
      toolName: `x\u202ey${'z'.repeat(1000)}`,
    });
    assert.ok(!/[\n\u202e]/.test(text) && text.length < 140, text);
  });

  it('say how deep a span is where its place in the tree no longer does', () => {
    assert.equal(row({}, { depth: deepestRow }), '340 ms · 2m ago');
    assert.equal(row({}, { depth: 1233 }), 'level 1,234 · 340 ms · 2m ago');
  });

  it('keep words from right to left apart from the figures', () => {
    const status = { status: 'unknown', recordedStatus: 'שלום' } as const;
    assert.equal(row(status), '\u2068שלום\u2069 · 340 ms · 2m ago');
    assert.equal(isolated('größer 日本 é'), 'größer 日本 é', 'nothing unseen where none is needed');
    for (const letter of ['ע', 'ع', 'ܐ', 'ﷺ', '𐤀', '𞤀']) assert.notEqual(isolated(letter), letter);
  });

  const run = (picture: string): RunSummary =>
    summariseRun(tree(picture), { now, staleAfter: 1000 });
  it('say that a run cost nothing only where its calls counted something', () => {
    const known = { ...run('r agent 0-340 !'), spans: 2, usage: { input: 10, output: 1 } };
    const of = (one: RunSummary) => runDescription(one, now, englishWords);
    assert.equal(of(known), 'failed · 340 ms · $0.00 · 2m ago');
    assert.equal(of({ ...known, usage: {} }), 'failed · 340 ms · 2m ago');
  });

  it('tell of a run how it ended and who says so', () => {
    const drawn = (picture: string) =>
      `${runMark(run(picture))}: ${runDescription(run(picture), now, englishWords)}`;
    assert.equal(drawn('r agent 0-340\n  a tool 1-2'), 'none: 340 ms · 2m ago');
    assert.equal(drawn('r agent 0-340 !\n  a tool 1-2'), 'failed: failed · 340 ms · 2m ago');
    assert.equal(drawn('r agent 0- ?\n  a tool 1-340'), 'judged: OK, judged · 340 ms · 2m ago');
    assert.equal(drawn('r agent 0- ?\n  a tool 1- ?'), 'stale: stale, judged · 1 ms · 2m ago');
    assert.equal(drawn('r agent 0- ?\n  a tool 1-99500'), 'running: running · 1m 40s… · 2m ago');
  });

  it('mark what is open, failed and recovered', () => {
    assert.equal(spanMark(span('s', { status: 'error' }), facts), 'failed');
    assert.equal(spanMark(span('s', { status: 'error' }), { recovered: true }), 'recovered');
    assert.equal(spanMark(span('s', { status: 'running', end: undefined }), facts), 'running');
    assert.equal(spanMark(span('s'), facts), 'none');
  });
});

describe('texts about so many', () => {
  it('speak of one as one, and of others with their figure', () => {
    assert.equal(counted(englishWords, 'jsonKeys', 1), '1 key');
    assert.equal(counted(englishWords, 'jsonKeys', 0), '0 keys');
    assert.equal(counted(englishWords, 'session', 12_408), '12,408 runs');
    assert.equal(counted(englishWords, 'matchingOf', 1, '0'), '0 of 1 run');
    assert.equal(counted(englishWords, 'matchingOf', 51, '1'), '1 of 51 runs');
  });

  it('have a second form for each first one', () => {
    for (const key of Object.keys(englishWords)) {
      const text = /^(.+)One$/.exec(key)?.[1];
      if (text === undefined) continue;
      assert.ok(`${text}Many` in englishWords, key);
      // A detector chooses between these two; in its first place there may be a name.
      if (key in insightWords) continue;
      const said = counted(englishWords, text as CountedText, 1, 'a', 'b');
      assert.doesNotMatch(said, /\{\d\}|\b1 \w+s\b/, key);
    }
  });
});

describe('one line', () => {
  it('shows control characters and takes reordering ones out', () => {
    assert.equal(oneLine('a\r\n\tb\u2028c'), 'a b c');
    assert.equal(oneLine('\u0000\u001b[31m\u007f\u0085'), '␀␛[31m␡␡');
    assert.equal(oneLine('a\u202eb\u2066c\u200fd\u061ce'), 'abcde');
  });

  it('cuts with a sign that it did, and parts no surrogate pair', () => {
    assert.equal(oneLine('abcdef', 4), 'abc…');
    assert.equal(oneLine('abcd', 4), 'abcd');
    assert.equal(oneLine(`a${'\n'.repeat(100)}b`, 4), 'a …', 'b lies beyond what was looked at');
    for (let limit = 1; limit < 12; limit++) {
      assert.doesNotMatch(oneLine('😀'.repeat(30), limit), /\p{Surrogate}/u);
    }
  });
});
