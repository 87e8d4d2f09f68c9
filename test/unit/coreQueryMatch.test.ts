import assert from 'node:assert/strict';
import type { Span } from '../../src/core/model.ts';
import { askedOfSpans, neededTexts, runSays, spanMatches } from '../../src/core/query/evaluate.ts';
import { parseQuery } from '../../src/core/query/parse.ts';
import { like, plainFinder, recordedFinder } from '../../src/core/query/pattern.ts';
import { type Plan, planOf, type SpanFacts } from '../../src/core/query/plan.ts';
import { providerOf, tagsOf } from '../../src/core/query/recordedFields.ts';
import { snippetOf } from '../../src/core/query/snippet.ts';
import { runOf } from './support/runs.ts';

const now = new Date(2026, 10, 18, 12).getTime();

function plan(text: string): Plan {
  const { query } = parseQuery(text);
  assert.ok(query, `“${text}” is no query`);
  return planOf(query, now);
}

const sought = (text: string, quoted = false) => ({ text, quoted });

describe('a run', () => {
  const run = runOf('run-7', {
    name: 'Invoice_Reconcile',
    sessionId: 'desk-7',
    status: 'error',
    error: 'does not balance',
    start: now - 3_600_000,
    end: now - 3_590_000,
    cost: 0.3,
    spans: 12,
    usage: { input: 9000, cacheRead: 1000, output: 500 },
  });
  const says = (text: string, more = {}) => runSays(plan(text), { run, ...more });

  it('is asked by its own fields', () => {
    for (const yes of [
      'status:error',
      'status:failed',
      'cost>0.05 cost<=0.3 cost=0.3',
      'duration:10s duration>=10s duration<11s',
      'tokens>10k input=10000 output<1k',
      'spans=12 spans!=11',
      'after:today before:2h OR after:2026-11-18',
      'after:61m before:59m',
      'session:DESK session=desk-7',
      'name:invoice name=invoice_reconcile name:inv*cile',
      'error:balance id:run-7',
      'invoice "not balance" desk',
      'status:ok OR spans>1',
      '-status:ok',
      '-(status:ok cost>0.05)',
    ]) {
      assert.equal(says(yes), true, yes);
    }
    for (const no of [
      'status:ok',
      'cost>0.3',
      'after:59m',
      'session=desk',
      '-invoice',
      'spans<12',
    ]) {
      assert.equal(says(no), false, no);
    }
  });

  it('does not tell alone what its spans have', () => {
    for (const open of [
      'tool:x',
      'refund',
      'name:llm',
      'status:error tool:x',
      '-tool:x',
      'calls>1',
    ]) {
      assert.equal(says(open), undefined, open);
    }
    assert.equal(says('status:ok tool:x'), false);
    assert.equal(says('status:error OR tool:x'), true);
    assert.equal(says('calls>1', { calls: 2 }), true);
  });

  it('has no unknown number that is more, less or 0', () => {
    const unknown = runOf('1', { cost: undefined, pricedCost: 1, end: undefined, usage: {} });
    for (const no of ['cost>=0', 'cost<1', 'tokens=0', 'output<5']) {
      assert.equal(runSays(plan(no), { run: unknown }), false, no);
    }
    const untimed = { run: runOf('1', { start: undefined }) };
    assert.equal(runSays(plan('after:2026-01-01'), untimed), false);
    assert.equal(runSays(plan('before:2026-01-01'), untimed), false);
  });
});

describe('a span', () => {
  const span = {
    spanId: 'sp-1',
    name: 'tool_execution',
    kind: 'tool',
    toolName: 'post_entry',
    status: 'error',
    model: 'claude-haiku-4-5',
    error: 'LedgerError',
    start: 1000,
    end: 3500,
    usage: { input: 100, output: 20 },
    cost: 0.01,
    costSource: 'recorded',
  } as unknown as Span;
  const facts: SpanFacts = {
    span,
    error: () => 'LedgerError 422 at the very end',
    provider: () => 'anthropic',
    tags: () => ['prod', 'batch'],
    holds: ({ text }) => 'the whole prompt'.includes(text),
  };
  const run = { run: runOf('r', { name: 'invoice', status: 'error', spans: 3 }) };
  const matches = (text: string) => spanMatches(plan(text), run, facts);

  it('is asked by its own fields, and by those of its run', () => {
    for (const yes of [
      'tool:post kind:tool model:haiku provider:anthropic tag:prod tag=batch',
      'name:tool_ error:422 id:sp-1',
      'span.status:failed span.cost=0.01 span.duration=2.5s span.tokens=120',
      'span.input<=100 span.output>19',
      'model:claude* model=claude-haiku-4-5',
      'prompt invoice',
      'status:error spans=3 tool:post',
    ]) {
      assert.equal(matches(yes), true, yes);
    }
    for (const no of [
      'tool=post',
      'kind:llm',
      'model:haiku*',
      'tag:pro*x',
      'absent',
      'span.cost>1',
    ]) {
      assert.equal(matches(no), false, no);
    }
  });

  it('has the tool of its name where nothing else names one, as costs by tool have it', () => {
    const named = (kind: Span['kind']) =>
      spanMatches(plan('tool=tool_execution'), run, {
        ...facts,
        span: { ...span, kind, toolName: undefined },
      });
    assert.deepEqual([named('tool'), named('retrieval'), named('chain')], [true, true, false]);
  });

  it('has to have by itself all that is asked of one, whatever its neighbours have', () => {
    assert.equal(matches('tool:post model:haiku'), true);
    assert.equal(matches('tool:post kind:llm'), false);
  });

  it('is left out where it is asked itself, and where its run is for the whole run', () => {
    assert.equal(matches('tool:post -kind:llm'), true);
    const asked = plan('tool:post -kind:llm');
    const not = asked.kind === 'and' ? asked.parts.find(part => part.kind === 'not') : undefined;
    assert.ok(not);
    assert.equal(spanMatches(asked, run, facts, new Map([[not, false]])), false);
  });

  it('is read for no more than is needed', () => {
    const texts = (text: string) =>
      neededTexts(plan(text), run).map(leaf => leaf.sought?.text ?? '');
    assert.deepEqual(texts('refund tool:x'), ['refund']);
    assert.deepEqual(texts('refund OR tool:x'), [], 'another span may do');
    assert.deepEqual(texts('-refund'), []);
    assert.deepEqual(texts('invoice refund'), ['refund'], 'its run has the other one');
    assert.equal(askedOfSpans(plan('status:error -tool:x')).length, 0);
    const expensive = plan('words tag:x kind:tool status:error');
    assert.deepEqual(
      expensive.kind === 'and' &&
        expensive.parts.map(part => (part.kind === 'leaf' ? (part.field ?? 'text') : '')),
      ['status', 'kind', 'tag', 'text'],
      'what costs most comes last',
    );
  });
});

describe('finding a text', () => {
  it('has no wildcard in quotes, and one that must fit the whole of a short text', () => {
    assert.equal(like(sought('a*c'), false)('xabcx'), false);
    assert.equal(like(sought('A*c'), false)('abbC'), true);
    assert.equal(like(sought('a*', true), false)('xa*x'), true);
    assert.equal(like(sought('aa*aa'), false)('aaa'), false, 'no sign is used twice');
    // Tried in all ways, these would take for ever.
    assert.equal(like(sought('a*'.repeat(200)), false)(`${'a'.repeat(100_000)}b`), true);
    assert.equal(plainFinder(sought(`${'a*'.repeat(200)}b`))('a'.repeat(20_000)), undefined);
  });

  it('takes what is typed as it is, in any case', () => {
    const find = (what: string, text: string) => plainFinder(sought(what))(text);
    assert.deepEqual(find('B.C', 'ab.cd'), { at: 1, end: 4 });
    assert.equal(find('b.c', 'abxcd'), undefined);
    assert.deepEqual(find('É', 'café'), { at: 3, end: 4 });
    assert.deepEqual(find('foo*bar', 'a foo and bar'), { at: 2, end: 13 });
    assert.equal(find('foo*bar', `foo${' '.repeat(500)}bar`), undefined, 'they are not close');
  });

  it('sees through the escapes of JSON, once and twice', () => {
    const found = (what: string, recorded: string): boolean =>
      recordedFinder(sought(what, true))(recorded) !== undefined;
    const ascii = (json: string): string =>
      json.replace(
        /[\u0080-\uffff]/g,
        one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    for (const text of [
      'say "hi"',
      'C:\\temp\\new',
      'line one\nline two',
      'tab\there',
      'café Zürich',
      '日本語',
      'smile 😀 end',
      'a/b <c> & d',
      'null\u0000sign',
    ]) {
      const once = JSON.stringify({ text: `before ${text} after` });
      const twice = JSON.stringify({ attribute: once });
      for (const recorded of [
        once,
        twice,
        ascii(once),
        ascii(twice),
        once.replaceAll('/', '\\/'),
      ]) {
        assert.ok(found(text, recorded), `${text} in ${recorded}`);
        assert.ok(found(text.toUpperCase(), recorded), `${text} in capitals in ${recorded}`);
      }
      assert.ok(
        found(
          text,
          ascii(once).replace(/u[0-9a-f]{4}/g, one => one.toUpperCase().replace('U', 'u')),
        ),
      );
    }
  });

  it('tells how many backslashes there are, and what stands behind them', () => {
    const found = (what: string, plain: string): readonly boolean[] => {
      const once = JSON.stringify({ text: plain });
      const hex = once.replaceAll('\\\\', '\\u005c');
      return [once, JSON.stringify({ once }), hex].map(
        recorded => recordedFinder(sought(what, true))(recorded) !== undefined,
      );
    };
    for (const what of [
      '\\',
      '\\\\',
      'a\\',
      '\\a',
      '\\"',
      '\\\\"x',
      '\\\n',
      '\\\\/',
      '\\é\\',
      'n\\n',
    ]) {
      assert.deepEqual(found(what, `(${what})`), [true, true, true], what);
    }
    for (const [what, plain] of [
      ['a\\b', 'ab'],
      ['a\\\nx', 'a\nx'],
    ] as const) {
      assert.equal(found(what, plain)[0], false, `${what} in ${plain}`);
    }
    assert.equal(found('a\\\\\\b', 'a\\b')[0], false, 'one is not three');
  });

  it('comes to an end whatever runs of backslashes are sought in whatever runs', () => {
    const run = (length: number): string => '\\'.repeat(length);
    const find = (what: string, recorded: string) => recordedFinder(sought(what, true))(recorded);
    for (const what of [`${run(200)}x`, `a${run(200)}x`, `${run(200)}"x`, `${run(63)}\n/"x`]) {
      assert.equal(find(what, run(5000)), undefined);
      assert.equal(find(what, `a${run(5000)}"`), undefined);
    }
    for (const sign of ['"', '/', '\n', '\\"', '"/', '\\\\/', 'u005c', '\\u005c']) {
      for (const recorded of [`${run(31)}"`, `${run(30)}/`, `${run(29)}u005c`, `${run(3)}n`]) {
        assert.equal(find(`${sign.repeat(30)}x`, recorded.repeat(100)), undefined);
      }
    }
    assert.deepEqual(find(`${run(200)}x`, `say ${run(5000)}x`), { at: 4, end: 5005 });
    assert.deepEqual(find(`a${run(6)}"b`, `--a${run(13)}"b`), { at: 2, end: 18 });
  });

  it('takes no letter of an escape for a letter', () => {
    const find = recordedFinder(sought('nother'));
    assert.equal(find(JSON.stringify('one\nother')), undefined);
    assert.ok(find(JSON.stringify('one\nother another')), 'a later place counts');
    assert.ok(find(JSON.stringify('one\\nother')), 'a backslash and a letter are what was written');
    assert.equal(recordedFinder(sought('u00e9'))('"caf\\u00e9"'), undefined);
  });
});

describe('a snippet', () => {
  it('is one line around what was found, whose place it keeps', () => {
    const text = `${'x'.repeat(100)}\n\n  say\t"hi" there\n${'y'.repeat(300)}`;
    const found = plainFinder(sought('"hi"'))(text);
    assert.ok(found);
    const snippet = snippetOf(text, found);
    const [[at, length] = [0, 0]] = snippet.matches;
    assert.equal(snippet.text.slice(at, at + length), '"hi"');
    assert.match(snippet.text, /^…x+ say "hi" there y+…$/);
  });

  it('tears no sign apart, and is short whatever was found', () => {
    const text = `${'😀'.repeat(300)}a${'😀'.repeat(300)}`;
    const { text: shown } = snippetOf(text, { at: 600, end: 601 });
    assert.doesNotMatch(
      shown,
      /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/,
    );
    assert.ok(snippetOf('z'.repeat(1e6), { at: 0, end: 1e6 }).text.length < 500);
  });
});

describe('recorded fields', () => {
  it('name the provider, else the model does', () => {
    assert.equal(providerOf({ 'gen_ai.system': 'aws.bedrock' }, 'claude-x'), 'aws.bedrock');
    assert.equal(providerOf({}, 'us.claude-haiku'), 'anthropic');
    assert.equal(providerOf({ provider: 7 }, undefined), undefined);
  });

  it('name tags, as a list, as JSON or as a text', () => {
    assert.deepEqual(tagsOf({ tags: ['a', 7, 'b'] }), ['a', 'b']);
    assert.deepEqual(tagsOf({ 'tag.tags': '["a","b"]' }), ['a', 'b']);
    assert.deepEqual(tagsOf({ tags: 'a, b' }), ['a', 'b']);
    assert.deepEqual(tagsOf({ tags: '[a' }), ['[a']);
    assert.deepEqual(tagsOf({}), []);
  });
});
