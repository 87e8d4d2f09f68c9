import assert from 'node:assert/strict';
import type { Fields } from '../../src/core/fields.ts';
import type { Decision, PlanOptions } from '../../src/core/replay/decision.ts';
import { mismatchWords, stopWords } from '../../src/core/replay/describeReplay.ts';
import { replayPlan } from '../../src/core/replay/plan.ts';
import { replayWords } from '../../src/core/replay/replayWords.ts';
import { callFrom, type RunScript, sharedMessages } from '../../src/core/replay/script.ts';
import { answer, asked, call, retry529 } from './support/replay.ts';

const scriptOf = (...exchanges: RunScript['exchanges']): RunScript => ({
  runId: 'r',
  name: 'run',
  exchanges,
});
/** One recorded call for each list of messages, named by its place. */
const recorded = (...requests: string[][]): RunScript =>
  scriptOf(
    ...requests.map((texts, at) =>
      call(String(at + 1), { request: asked(...texts), response: answer(`msg_${at + 1}`) }),
    ),
  );

/** What happened, short: `2 content`, `stop mismatch 2`. */
function short(decision: Decision): string {
  const { kind, call: of } = decision;
  const attempt = kind === 'answer' && decision.attempt > 1 ? ` ${decision.attempt}` : '';
  return kind === 'answer'
    ? `${of?.call} ${decision.how}${attempt}`
    : `${kind} ${decision.why} ${of?.call ?? '-'}`;
}

function play(
  script: RunScript,
  options: PlanOptions,
  ...requests: (Fields | readonly [Fields, number])[]
): string[] {
  const plan = replayPlan(script, options);
  return requests.map(one =>
    Array.isArray(one) ? short(plan.next(one[0], one[1])) : short(plan.next(one as Fields, 0)),
  );
}

describe('A run that is replayed', () => {
  it('is answered by content, in whatever order parallel calls come', () => {
    const script = recorded(['a'], ['b'], ['a', '1', 'x'], ['b', '2', 'y']);
    assert.deepEqual(
      play(script, {}, asked('b'), asked('a'), asked('b', '2', 'y'), asked('a', '1', 'x')),
      ['2 content', '1 content', '4 content', '3 content'],
    );
  });

  it('answers equal requests in the order in which they were recorded', () => {
    assert.deepEqual(play(recorded(['a'], ['a']), {}, asked('a'), asked('a'), asked('a')), [
      '1 content',
      '2 content',
      'stop mismatch -',
    ]);
  });

  it('fails as often as the API did, and again for a program that tries once more', () => {
    const metadata = { request: asked('a'), response: answer('msg_1'), retries: 2 };
    const script = scriptOf(
      call('1', metadata, { events: [retry529, retry529] }),
      call('2', { request: asked('a'), response: answer('msg_2') }),
    );
    assert.deepEqual(
      play(script, {}, asked('a'), asked('a'), [asked('a'), 1], [asked('a'), 2], [asked('a'), 3]),
      ['1 content', '2 content', '1 content 2', '1 content 3', '2 again'],
    );
    const plan = replayPlan(script);
    const withoutCount = [1, 2, 3, 4].map(() => short(plan.next(asked('a'), undefined)));
    assert.deepEqual(withoutCount, ['1 content', '1 content 2', '1 content 3', '2 content']);
  });

  it('stops at a request that differs, and says at which call and where', () => {
    const script = recorded(['a'], ['a', '1', 'found'], ['a', '1', 'found', '2', 'x']);
    const plan = replayPlan(script);
    assert.equal(short(plan.next(asked('a'), 0)), '1 content');
    const stopped = plan.next(asked('a', '1', 'lost'), 0);
    assert.equal(short(stopped), 'stop mismatch 2');
    assert.ok(stopped.kind === 'stop' && stopped.mismatch);
    assert.equal(
      mismatchWords(stopped.mismatch, 3, replayWords),
      'This request is not as recorded. It differs from call 2 (chat) at messages[2].content[0].text: recorded “found”, now “lost”.',
    );
    assert.match(stopWords(stopped, 3, replayWords), /^Replay stopped\. This request .* See what/);
    assert.deepEqual(plan.progress, { asked: 2, calls: 3 });
  });

  it('goes on with the nearest answer, or live, where that was asked', () => {
    const script = recorded(['a'], ['a', '1', 'found'], ['a', '1', 'found', '2', 'x'], ['z']);
    const requests = [
      asked('a'),
      asked('a', '1', 'lost'),
      asked('a', '1', 'lost', '2', 'x'),
      asked('q'),
    ];
    assert.deepEqual(play(script, { onDifference: 'nearest' }, ...requests, asked('more')), [
      '1 content',
      '2 nearest',
      '3 nearest',
      '4 nearest',
      'stop mismatch -',
    ]);
    assert.deepEqual(play(script, { onDifference: 'live' }, ...requests, [asked('q'), 1]), [
      '1 content',
      'live mismatch 2',
      'live mismatch 3',
      'live mismatch 4',
      'live mismatch 4',
    ]);
  });

  it('is answered up to the chosen call, then stops, or goes on live, or with an edited answer', () => {
    const script = recorded(['a'], ['a', '1', 'x'], ['a', '1', 'x', '2', 'y']);
    const requests = [asked('a'), asked('a', '1', 'x'), asked('a', '1', 'changed', '2', 'y')];
    assert.deepEqual(play(script, { until: 1 }, ...requests), [
      '1 content',
      'stop until 2',
      'stop until 3',
    ]);
    assert.deepEqual(play(script, { until: 1, fromUntil: 'live' }, ...requests), [
      '1 content',
      'live until 2',
      'live until 3',
    ]);
    const edits = new Map([['2', answer('edited')]]);
    assert.deepEqual(play(script, { until: 1, fromUntil: 'live', edits }, ...requests), [
      '1 content',
      '2 edited',
      'live until 3',
    ]);
    const decision = replayPlan(script, { edits }).next(asked('a', '1', 'x'), 0);
    assert.deepEqual(decision.kind === 'answer' && decision.outcome, {
      kind: 'message',
      message: answer('edited'),
      requestId: undefined,
    });
    assert.deepEqual(
      play(
        script,
        { until: 3, fromUntil: 'live' },
        ...requests.slice(0, 2),
        asked('q'),
        asked('r'),
      ),
      ['1 content', '2 content', 'stop mismatch 3', 'live until -'],
    );
  });

  it('does not compare what it is told to leave out', () => {
    const at = (time: string, text: string): Fields => ({
      ...asked(text),
      system: `It is ${time}.`,
    });
    const script = scriptOf(call('1', { request: at('noon', 'a'), response: answer('1') }));
    assert.deepEqual(play(script, {}, at('one', 'a')), ['stop mismatch 1']);
    const ignore = ['system'];
    assert.deepEqual(play(script, { ignore }, at('one', 'a')), ['1 content']);
    assert.deepEqual(play(script, { ignore }, asked('a')), ['1 content']);
    assert.deepEqual(play(script, { ignore }, at('one', 'b')), ['stop mismatch 1']);
  });

  it('says of a call without a recorded answer why it stops there', () => {
    const script = scriptOf(
      call('1', { request: asked('a'), response: { choices: [] } }),
      call('2', { request: asked('b'), response: answer('msg_2') }),
    );
    const stopped = replayPlan(script).next(asked('a'), 0);
    assert.equal(short(stopped), 'stop unanswered 1');
    assert.match(
      stopped.kind === 'stop' ? stopWords(stopped, 2, replayWords) : '',
      /call 1 \(chat\) was recorded, but not as the Messages API gives it\. Go on with the real API/,
    );
    assert.deepEqual(play(script, { onDifference: 'live' }, asked('a')), ['live unanswered 1']);
  });

  it('is answered by position where requests were not recorded', () => {
    const script = scriptOf(
      call('1', { response: answer('1') }),
      call('2', { response: answer('2') }),
    );
    assert.deepEqual(play(script, {}, asked('a'), asked('b'), [asked('b'), 1], asked('c')), [
      '1 position',
      '2 position',
      '2 again',
      'stop mismatch -',
    ]);
  });

  it('knows the tokens of a prompt that was recorded', () => {
    const usage = {
      input_tokens: 3,
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: null,
    };
    const script = scriptOf(
      call('1', { request: asked('a'), response: { ...answer('1'), usage } }),
      call('2', { request: asked('b'), response: answer('2') }),
    );
    const plan = replayPlan(script);
    const { max_tokens: _, ...counted } = asked('a');
    assert.equal(plan.tokensOf(counted), 43);
    assert.equal(plan.tokensOf({ ...counted, system: 'x' }), undefined);
    assert.equal(plan.tokensOf(asked('b')), undefined);
    assert.equal(plan.progress.asked, 0);
  });

  it('is cut at a span that is no call where the next call begins', () => {
    const script = scriptOf(
      ...[0, 10, 20].map(start => call(`c${start}`, { response: answer('x') }, { start })),
    );
    const from = (spanId: string, start: number | undefined) => callFrom(script, { spanId, start });
    assert.deepEqual(
      [
        from('c10', 10),
        from('tool', 11),
        from('tool', 10),
        from('late', 21),
        from('none', undefined),
      ],
      [1, 2, 1, 3, 3],
    );
  });

  it('keeps equal messages once', () => {
    const share = sharedMessages();
    const [first, second] = recorded(['a', 'b'], ['a', 'c']).exchanges.map(share);
    const messages = (of: typeof first): unknown => of?.request?.messages;
    const [[a, b], [same, c]] = [messages(first), messages(second)] as [unknown[], unknown[]];
    assert.equal(a, same);
    assert.notEqual(b, c);
  });
});
