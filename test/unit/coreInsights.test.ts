import assert from 'node:assert/strict';
import fs from 'node:fs';
import { TraceError } from '../../src/core/errors.ts';
import { finders } from '../../src/core/insights/detectors.ts';
import type { Detector } from '../../src/core/insights/evidence.ts';
import { findInsights, gravestOfEach, mostOfRun } from '../../src/core/insights/findInsights.ts';
import { type Insight, mostSpans, type Severity } from '../../src/core/insights/insight.ts';
import { insightWords } from '../../src/core/insights/insightWords.ts';
import { findFiles, inRepo } from '../tools/repo.ts';
import { contextOf, evidenceOf, found, type Look, type Story } from './support/story.ts';

const plain = (s: Story): void => {
  for (let i = 0; i < 5; i++) {
    s.llm({}, [['search', { q: i }]]);
    s.tool('search', { q: i }, { hits: [`hit ${i}`] });
  }
  s.within('agent', { name: 'writer' }, () =>
    s.llm({ metadata: { response: { stop_reason: 'end_turn' } } }),
  );
};

const of = (severity: Severity, spanId: string, type: Insight['type'] = 'loop'): Insight => ({
  type,
  severity,
  runId: 'run',
  spanIds: [spanId],
  said: { word: 'evidenceCalls', values: ['3'] },
  evidence: [],
});
const run = (all: readonly Detector[], onFailure?: (thrown: unknown) => void) =>
  findInsights(
    evidenceOf(plain),
    contextOf(),
    onFailure,
    all.map(find => ({ type: 'loop', find })),
  );

describe('insights of a run', () => {
  it('are none where all went well', () => {
    assert.deepEqual(found(plain), []);
  });

  it('come the most serious first, then in the order of the tree', () => {
    const all = run([
      () => [of('info', 'llm1', 'stuck'), of('warning', 'tool5', 'orphan'), of('warning', 'tool5')],
      () => [of('error', 'tool2'), of('warning', 'llm1'), of('error', 'nowhere')],
    ]);
    assert.deepEqual(
      all.map(({ severity, spanIds, type }) => `${severity} ${spanIds[0]} ${type}`),
      [
        'error tool2 loop',
        'error nowhere loop',
        'warning llm1 loop',
        'warning tool5 loop',
        'warning tool5 orphan',
        'info llm1 stuck',
      ],
    );
  });

  it('are bounded, the least serious ones left out', () => {
    const many = Array.from({ length: 5000 }, () => of('info', 'llm1', 'stuck'));
    const all = run([() => many, () => [of('error', 'tool1')]]);
    assert.deepEqual([all.length, all[0]?.severity], [mostOfRun, 'error']);
  });

  it('of many runs are bounded too, the most serious one of each run first', () => {
    const runs = [3, 1, 0, 3].map((count, run) =>
      Array.from({ length: count }, (_, rank) => of('info', `${run}.${rank}`)),
    );
    const kept = (most: number) =>
      gravestOfEach(runs, most)
        .map(({ spanIds: [first] }) => first)
        .join(' ');
    assert.equal(kept(4), '0.0 0.1 1.0 3.0');
    assert.equal(kept(2), '0.0 1.0');
    assert.equal(kept(100), '0.0 0.1 0.2 1.0 3.0 3.1 3.2');
  });

  it('are not told twice of the same calls, made over and over', () => {
    const spans = (one: Insight, ...spanIds: readonly string[]): Insight => ({ ...one, spanIds });
    const storm = spans(of('warning', 'tool1', 'retry-storm'), 'tool1', 'tool2', 'tool3');
    const loop = spans(of('error', 'tool1'), 'tool1', 'tool2');
    const ring = spans(of('warning', 'tool3'), 'tool3', 'tool4');
    const wider = spans(of('warning', 'tool3'), 'tool3', 'tool4', 'tool5');
    const apart = spans(of('info', 'tool1', 'latency-outlier'), 'tool1');
    const all = run([() => [loop, ring, wider, apart], () => [storm]]);
    assert.deepEqual(
      all.map(one => `${one.severity} ${one.type} ${one.spanIds.join(' ')}`),
      [
        'error retry-storm tool1 tool2 tool3',
        'warning loop tool3 tool4 tool5',
        'info latency-outlier tool1',
      ],
    );
  });

  it('are not lost by a slip in one detector, which is told', () => {
    const slip = new RangeError('a slip');
    const broken: Detector = () => {
      throw slip;
    };
    const told: unknown[] = [];
    const all = run([broken, () => [of('error', 'tool1')]], thrown => told.push(thrown));
    assert.deepEqual([all.length, told], [1, [slip]]);
    assert.throws(() => run([broken]), slip, 'a test cannot miss it');
  });

  it('are none at all where a span could not be read', () => {
    const unread: Detector = () => {
      throw new TraceError('fileBusy', ['a.db']);
    };
    assert.throws(() => run([unread], () => assert.fail('no slip')), { code: 'fileBusy' });
  });

  it('name spans of the run, and no more than are shown', () => {
    const look: Look = { root: { status: 'error', error: 'turns' } };
    const all = found(s => {
      for (let i = 0; i < 200; i++) {
        s.llm({ costSource: 'unpriced', model: 'acme' });
        s.tool('search', { q: 'x' }, { error: 'down' });
      }
    }, look);
    assert.deepEqual(all.map(one => one.type).sort(), ['loop', 'silent-tool-failure', 'unpriced']);
    for (const one of all) {
      assert.equal(one.spanIds.length, mostSpans, one.type);
      assert.equal(one.runId, 'run');
    }
  });

  it('say what strangers recorded in one short line', () => {
    const evil = `\u202e${'x\n'.repeat(5000)}\u0000`;
    const all = found(
      s => {
        for (let i = 0; i < 5; i++) {
          s.llm({ name: evil, model: evil, costSource: 'unpriced' });
          s.tool(evil, { [evil]: evil }, { error: evil });
        }
        s.llm({
          name: '',
          metadata: { request: { max_tokens: 1e99 }, response: { stop_reason: 'length' } },
        });
        s.llm({
          events: [{ name: `context truncated ${evil}`, time: Number.NaN, attributes: evil }],
        });
        for (let i = 0; i < 4; i++) s.failed(evil, {}, evil);
        s.tool('', {}, '', { parentSpanId: evil, name: '', start: Number.NaN });
      },
      { root: { status: 'error', error: evil } },
    );
    const types = new Set(all.map(one => one.type));
    assert.deepEqual([...types].sort(), [
      'loop',
      'orphan',
      'retry-storm',
      'silent-tool-failure',
      'truncation',
      'unpriced',
    ]);
    for (const { said, evidence } of all) {
      for (const value of [said, ...evidence].flatMap(one => one.values)) {
        assert.ok(value.length <= 320, value);
        for (const sign of ['\n', '\u202e', '\u0000']) assert.ok(!value.includes(sign), value);
        assert.notEqual(value, '');
      }
    }
  });

  it('are found in a run of 4,000 spans, looking at each a few times', () => {
    let asked = 0;
    const evidence = evidenceOf(s => {
      for (let i = 0; i < 2_000; i++) {
        s.add('llm', { name: 'think' });
        s.add('tool', { name: 'search', status: i % 3 ? 'ok' : 'error' });
      }
    });
    const { facts } = evidence;
    const counted = {
      ...evidence,
      facts: (span: Parameters<typeof facts>[0]) => {
        asked++;
        return facts(span);
      },
    };
    findInsights(counted, contextOf());
    assert.ok(asked < 4_001 * finders.length * 2, `${asked} times`);
  });
});

describe('words of insights', () => {
  it('number their places without a gap, save the first, which may be a count of one', () => {
    for (const [word, text] of Object.entries(insightWords)) {
      const places = [...text.matchAll(/\{(\d)\}/g)].map(([, place]) => Number(place));
      const first = word.endsWith('One') ? 1 : 0;
      for (let i = first; i <= Math.max(-1, ...places); i++) assert.ok(places.includes(i), word);
    }
  });

  it('are used, each of them', () => {
    const sources = findFiles('src/core/insights/*.ts').filter(file => !/insightWords/.test(file));
    const code = sources.map(file => fs.readFileSync(inRepo(file), 'utf8')).join('\n');
    const unused = Object.keys(insightWords).filter(word => {
      const stem = word.replace(/(?:One|Many)$/, '');
      return !code.includes(`'${word}'`) && !code.includes(`'${stem}'`);
    });
    assert.deepEqual(unused, []);
  });

  it('are one sentence each where they say what was found', () => {
    for (const [word, text] of Object.entries(insightWords)) {
      if (word.startsWith('insight')) assert.match(text, /^[^.]+(?:\.\d[^.]*)*\.$/, word);
    }
  });
});
