import assert from 'node:assert/strict';
import type { Fields } from '../../src/core/fields.ts';
import { agreement } from '../../src/core/replay/agreement.ts';
import { type Answer, answerOf, recordedAnswer } from '../../src/core/replay/answer.ts';
import { callWords } from '../../src/core/replay/callWords.ts';
import { compareAnswers, toolChanges } from '../../src/core/replay/compareAnswers.ts';
import {
  agreementWords,
  comparisonLines,
  figureRows,
} from '../../src/core/replay/compareAnswerWords.ts';
import { estimateCall, estimateWords } from '../../src/core/replay/estimate.ts';
import { jsonDifferences, pathText } from '../../src/core/replay/jsonDifference.ts';
import {
  answerCost,
  editedPaths,
  type ReplayedCall,
  replayedAnswer,
  replayRows,
} from '../../src/core/replay/replayRun.ts';
import { numbers } from './support/runs.ts';

const figures = { usage: {}, cost: undefined, duration: undefined, firstToken: undefined };
const said = (text: string, more: Partial<Answer> = {}): Answer => ({
  model: 'm',
  text,
  tools: [],
  stopReason: 'end_turn',
  ...figures,
  ...more,
});
const tool = (name: string, input: unknown, id?: string) => ({ id, name, input });

describe('two answers', () => {
  it('are the same by what they say and ask for, whatever their ids and the order of fields', () => {
    const a = said('Hi', { tools: [tool('f', { a: 1, b: [2] }, 'x')], usage: { input: 1 } });
    const b = said('Hi', { tools: [tool('f', { b: [2], a: 1 }, 'y')], usage: { input: 9 } });
    const compared = compareAnswers(a, b);
    assert.deepEqual([compared.same, compared.toolsSame], [true, true]);
    assert.deepEqual(comparisonLines(compared, callWords), [
      'The same answer.',
      'The texts are the same.',
      'The same tool calls, with the same inputs: f.',
    ]);
  });

  it('part at a character, with what stands there', () => {
    const { text, same } = compareAnswers(
      said(`${'x'.repeat(50)}old ${'y'.repeat(200)}`),
      said(`${'x'.repeat(50)}new`),
    );
    assert.equal(same, false);
    assert.equal(text?.at, 51);
    assert.equal(text?.replayed, `…${'x'.repeat(20)}new`);
    assert.ok((text?.recorded.length ?? 0) < 90 && text?.recorded.endsWith('…'));
    const pair = compareAnswers(said('a😀'), said('a😁')).text;
    assert.deepEqual(pair, { at: 2, recorded: 'a😀', replayed: 'a😁' });
    assert.equal(compareAnswers(said(''), said('x')).text?.at, 1);
  });

  it('have differences of figures where both sides are known', () => {
    const a = said('x', {
      usage: { input: 10, cacheRead: 5, output: 7 },
      cost: 0.02,
      duration: 900,
    });
    const b = said('x', { usage: { input: 15, output: 9 }, cost: undefined, duration: 400 });
    const rows = figureRows(compareAnswers(a, b), callWords).map(row => Object.values(row));
    assert.deepEqual(rows, [
      ['Input tokens', '15', '15', 'the same'],
      ['Output tokens', '7', '9', '+2'],
      ['Cost', '$0.0200', '–', '–'],
      ['Duration', '900 ms', '400 ms', '−500 ms'],
      ['First token', '–', '–', '–'],
    ]);
  });

  it('stop for reasons', () => {
    const lines = comparisonLines(
      compareAnswers(said('x'), said('x', { stopReason: 'max_tokens' })),
      callWords,
    );
    assert.equal(lines.at(-1), 'Stop reason: recorded end_turn, replayed max_tokens.');
  });
});

describe('tool calls of two answers', () => {
  const changes = (a: readonly (readonly [string, unknown])[], b: typeof a) =>
    toolChanges(
      a.map(one => tool(...one)),
      b.map(one => tool(...one)),
    );
  const f = (n: number) => ['f', { n }] as const;
  const g = ['g', {}] as const;

  it('are the same, changed, moved, removed and added', () => {
    assert.deepEqual(
      changes([f(1), g, f(2)], [f(1), g, f(2)]).map(one => one.kind),
      ['same', 'same', 'same'],
    );
    const path = { name: 'f', path: 'n', recorded: '1', replayed: '3' };
    assert.deepEqual(changes([f(1), g], [f(3), g]), [
      { kind: 'input', ...path },
      { kind: 'same', name: 'g' },
    ]);
    assert.deepEqual(changes([f(1), g], [g, f(1)]), [
      { kind: 'moved', name: 'f', from: 1, to: 2 },
      { kind: 'same', name: 'g' },
    ]);
    assert.deepEqual(changes([f(1)], [g]), [
      { kind: 'removed', name: 'f', input: '{"n":1}' },
      { kind: 'added', name: 'g', input: '{}' },
    ]);
    assert.deepEqual(
      changes([f(1)], [f(2), f(1)]).map(one => one.kind),
      ['same', 'added'],
    );
  });

  it('account for every call of both sides once, whatever they are', () => {
    const random = numbers(3);
    const some = () =>
      Array.from({ length: Math.floor(random() * 6) }, () =>
        random() < 0.3 ? g : f(Math.floor(random() * 3)),
      );
    for (let round = 0; round < 500; round++) {
      const [a, b] = [some(), some()];
      const kinds = changes(a, b).map(one => one.kind);
      const count = (...of: string[]) => kinds.filter(kind => of.includes(kind)).length;
      assert.equal(count('same', 'input', 'moved', 'removed'), a.length);
      assert.equal(count('same', 'input', 'moved', 'added'), b.length);
    }
  });

  it('may be many and nest deeply', () => {
    let input: unknown = 1;
    for (let depth = 0; depth < 150; depth++) input = [input];
    const many = Array.from({ length: 3000 }, (_, n) => ['f', { n, input }] as const);
    assert.ok(changes(many, many).every(one => one.kind === 'same'));
    const [first] = changes([['f', input]], [['f', [[2]]]]);
    assert.deepEqual([first?.kind, first?.kind === 'input' && first.path], ['input', '[0][0]']);
  });
});

describe('several answers', () => {
  it('agree by groups', () => {
    const answers = ['a', 'b', 'a', 'a'].map(text => said(text));
    const agreed = agreement([...answers, undefined], said('b'));
    assert.deepEqual(
      agreed.groups.map(one => one.positions),
      [[0, 2, 3], [1]],
    );
    assert.deepEqual(
      [agreed.answers, agreed.failed, agreed.share, agreed.asRecorded],
      [4, 1, 0.75, 1],
    );
    assert.equal(
      agreementWords(agreed, callWords),
      '2 distinct answers in 4; the most frequent one came 3 times (75 %). As recorded: 1 of 4. Failed: 1.',
    );
    const all = agreement([said('a'), said('a')], undefined);
    assert.equal(agreementWords(all, callWords), 'All 2 answers are the same.');
    const none = agreement([undefined], said('a'));
    assert.deepEqual([none.share, agreementWords(none, callWords)], [undefined, 'Failed: 1.']);
  });
});

describe('differences of JSON', () => {
  it('are the innermost parts, in order and bounded', () => {
    const a = { a: [1, { b: 'x' }], c: null, d: {} };
    const b = { a: [1, { b: 'y' }, 2], c: 0, 'e f': 1 };
    assert.deepEqual(
      jsonDifferences(a, b, 9).map(one => [pathText(one.path), one.before, one.after]),
      [
        ['a[1].b', 'x', 'y'],
        ['a[2]', undefined, 2],
        ['c', null, 0],
        ['d', {}, undefined],
        ['["e f"]', undefined, 1],
      ],
    );
    assert.equal(jsonDifferences(a, b, 2).length, 2);
    assert.deepEqual(jsonDifferences(a, structuredClone(a), 9), []);
    const proto = JSON.parse('{"__proto__": {"x": 1}}');
    assert.equal(jsonDifferences(proto, {}, 9).length, 1);
    assert.equal(jsonDifferences([], {}, 9).length, 1);
  });

  it('are the places that were edited; how it is delivered is none', () => {
    assert.deepEqual(editedPaths({ model: 'a', stream: true }, { model: 'a' }), []);
    const many = Array.from({ length: 80 }, (_, at) => at);
    const paths = editedPaths({ many: [] }, { many });
    assert.deepEqual([paths.length, paths[0], paths.at(-1)], [51, 'many[0]', '…']);
  });
});

describe('the estimate of a call', () => {
  const request = (text: string, more: Fields = {}): Fields => ({
    model: 'claude-haiku-4-5',
    max_tokens: 1000,
    messages: [{ role: 'user', content: text }],
    ...more,
  });
  const now = Date.UTC(2026, 10, 28);
  const recorded = { request: request('x'.repeat(4000)), usage: { input: 2000, output: 100 } };
  const estimate = (sent: Fields, more: object = {}) =>
    estimateCall(sent, { recorded, times: 1, now, ...more });

  it('is what was counted, where nothing changed', () => {
    const same = estimate(request('x'.repeat(4000), { stream: true, max_tokens: 500 }));
    assert.deepEqual([same.inputTokens, same.how, same.mostOutputTokens], [2000, 'recorded', 500]);
    assert.equal(same.cost, 2000 / 1e6 + (100 * 5) / 1e6);
    assert.equal(same.mostCost, 2000 / 1e6 + (500 * 5) / 1e6);
  });

  it('goes by the length of what was edited', () => {
    const longer = estimate(request('x'.repeat(8000)));
    assert.equal(longer.how, 'scaled');
    assert.ok(longer.inputTokens > 3900 && longer.inputTokens < 4100, `${longer.inputTokens}`);
  });

  it('goes by length alone where nothing was counted, or by another model', () => {
    for (const one of [
      estimate(request('x'.repeat(4000)), { recorded: undefined }),
      estimate(request('x'.repeat(4000), { model: 'claude-opus-4-5' })),
      estimate(request('x'.repeat(4000)), { recorded: { ...recorded, usage: {} } }),
    ]) {
      assert.equal(one.how, 'length');
      assert.ok(one.inputTokens > 1000 && one.inputTokens < 1050, `${one.inputTokens}`);
      assert.equal(one.cost, undefined, 'nobody knows how long the answer is');
      assert.ok(one.mostCost !== undefined);
    }
  });

  it('counts a picture as one, not by its bytes', () => {
    const data = 'A'.repeat(1_000_000);
    const source = { type: 'base64', media_type: 'image/png', data };
    const sent = request('', {
      messages: [{ role: 'user', content: [{ type: 'image', source }] }],
    });
    const { inputTokens } = estimate(sent, { recorded: undefined });
    assert.ok(inputTokens > 1600 && inputTokens < 1620, `${inputTokens}`);
  });

  it('counts marks for the cache as written anew, each time', () => {
    const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } });
    const system = (ttl?: string) => [{ type: 'text', text: 'x', ...mark(ttl) }];
    const plain = estimate(request('x', { system: 'x' }), { recorded: undefined });
    const five = estimate(request('x', { system: system() }), { recorded: undefined, times: 3 });
    const hour = estimate(request('x', { system: system('1h') }), { recorded: undefined });
    assert.deepEqual([plain.cacheWrites, five.cacheWrites, hour.cacheWrites], [false, true, true]);
    assert.ok((five.mostCost ?? 0) > 3 * 0.005);
    assert.ok((hour.mostCost ?? 0) * 3 > (five.mostCost ?? 0));
  });

  it('says what it is and how it came about', () => {
    const words = (one: ReturnType<typeof estimate>) => estimateWords(one, callWords);
    assert.equal(
      words(estimate(request('x'.repeat(4000)), { times: 4 })),
      'claude-haiku-4-5: about 2,000 input tokens, as recorded, at most 1,000 output tokens. 4 times. About $0.0100, with as much output as recorded; at most $0.0280.',
    );
    assert.match(
      words(estimate(request('y'.repeat(4000)))),
      /, from the recorded count by the length/,
    );
    const unknown = words(estimate(request('x', { model: 'acme-1' })));
    assert.match(
      unknown,
      /one for four characters and 1,600 for a picture.*price of acme-1 is not known/,
    );
    const open = words(estimate(request('x', { max_tokens: undefined }), { recorded: undefined }));
    assert.match(open, /^claude-haiku-4-5: about \d+ input tokens, estimated .* picture\. /);
  });
});

describe('the rows of a replay', () => {
  const usage = { input_tokens: 10, output_tokens: 4, cache_read_input_tokens: 6 };
  const message = {
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5-20251001',
    content: [],
    usage,
  };
  const call: ReplayedCall = {
    origin: { runId: 'r', spanId: 's', file: '/a.db', name: 'chat' },
    body: '{"model":"claude-haiku-4-5","temperature":1.0,"messages":[]}',
    betas: [],
    edited: ['model'],
    baseUrl: 'https://api.anthropic.com',
    times: { id: 't', index: 2, of: 3 },
    message,
    error: undefined,
    status: undefined,
    errorType: undefined,
    retryAfterMs: undefined,
    requestId: 'req_1',
    retries: 1,
    start: 1_000_000,
    duration: 2500,
    firstToken: 40,
    git: { commit: 'abc', dirty: true },
    versions: { node: '24' },
  };
  const ids = { runId: 'r2', spanId: 's2' };

  it('are a run with one call, with the text that was sent', () => {
    const [root, span] = replayRows(call, ids);
    assert.deepEqual(
      [root?.runId, root?.spanId, root?.parentSpanId, span?.parentSpanId, span?.spanId],
      ['r2', 'r2', undefined, 'r2', 's2'],
    );
    assert.deepEqual([root?.inputTokens, root?.costUsd, root?.model], [0, 0, '']);
    assert.deepEqual([span?.inputTokens, span?.outputTokens], [10, 4]);
    assert.equal(
      span?.costUsd,
      answerCost('claude-haiku-4-5', { input: 10, cacheRead: 6, output: 4 }, 0),
    );
    assert.deepEqual([span?.startTime, span?.endTime, span?.status], [1000, 1002.5, 'ok']);
    assert.ok(span?.metadata.includes(`"request":${call.body},`));
    const { replay_edited, replay_times, git, kind } = JSON.parse(root?.metadata ?? '');
    assert.deepEqual(
      [replay_edited, replay_times, git, kind],
      [['model'], call.times, call.git, 'chain'],
    );
    assert.deepEqual(JSON.parse(span?.metadata ?? '').retries, 1);
  });

  it('are unpriced where the model is unknown, and failed where no whole answer came', () => {
    const unknown = { ...call, message: { ...message, model: 'acme-1' } };
    assert.equal(replayRows(unknown, ids)[1]?.costUsd, undefined);
    const failed = { ...call, message: undefined, error: 'refused', status: 401 };
    const [root, span] = replayRows(failed, ids);
    assert.deepEqual(
      [root?.status, span?.status, span?.error, span?.costUsd],
      ['error', 'error', 'refused', 0],
    );
    assert.deepEqual(JSON.parse(span?.metadata ?? '').http_status, 401);
    assert.equal(replayedAnswer(failed), undefined);
    const broken = replayRows({ ...call, error: 'broke off' }, ids)[1];
    assert.equal(JSON.parse(broken?.metadata ?? '').incomplete, true);
  });

  it('read back as the answer that they are of', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'tool_use', name: 'f', input: 1 },
    ];
    const replayed = replayedAnswer({
      ...call,
      message: { ...message, content, stop_reason: 'tool_use' },
    });
    assert.deepEqual(
      [replayed?.text, replayed?.tools, replayed?.duration, replayed?.usage.cacheRead],
      ['a\nb', [{ id: undefined, name: 'f', input: 1 }], 2500, 6],
    );
    const span = { usage: { input: 3 }, cost: 0.5, start: 10, end: 30 };
    const recorded = recordedAnswer({ response: message, time_to_first_token_ms: 4 }, span);
    assert.deepEqual([recorded?.cost, recorded?.duration, recorded?.firstToken], [0.5, 20, 4]);
    assert.equal(recordedAnswer({ response: { choices: [] } }, span), undefined);
    assert.deepEqual(answerOf({ content: 'no list' }, figures).tools, []);
  });
});
