import assert from 'node:assert/strict';
import { answered, found, said } from './support/driftRuns.ts';
import { place, type Recorded } from './support/insightRuns.ts';

describe('instructions that got lost', () => {
  const long = 'Answer in German. Never delete anything. '.repeat(20);
  const talk = (...systems: readonly (string | undefined)[]): readonly Recorded[] =>
    systems.map((system, i) =>
      answered(`c${i + 1}`, i * 1000, {
        ...(system !== undefined && { system }),
        messages: ['Tidy up.', 'a', 'b', 'c', 'd', 'e']
          .slice(0, i + 1)
          .map(content => ({ role: 'user', content })),
      }),
    );

  it('are said where a later call has none, or far shorter ones', () => {
    assert.deepEqual(said(...talk(long, long, undefined, undefined)), [
      'A sign that instructions were lost: call 3 has no system prompt, unlike call 2 of the same conversation.',
    ]);
    assert.equal(place(found(...talk(long, undefined, undefined))), 'warning at c2');
    assert.match(
      said(...talk(long, long, long.slice(0, 300), long.slice(0, 300))).join(),
      /prompt of call 3 has 302 characters; in call 2/,
    );
  });

  it('are said in messages of the system as well', () => {
    const user = { role: 'user', content: 'Tidy up.' };
    const reply = { role: 'assistant', content: 'a' };
    const lost = said(
      answered('c1', 0, { messages: [{ role: 'system', content: long }, user] }),
      answered('c2', 1000, { messages: [user, reply] }),
      answered('c3', 2000, { messages: [user, reply, { role: 'user', content: 'b' }] }),
    );
    assert.match(lost.join(), /call 2 has no system prompt/);
  });

  it('are said without alarm of the last call alone, and of other instructions of their length', () => {
    assert.equal(place(found(...talk(long, long, undefined))), 'info at c3');
    const other = 'You are a helpful pirate who tells stories. '.repeat(24);
    assert.equal(place(found(...talk(long, long, other, other))), 'info at c3');
  });

  it('are said without alarm of one sentence that is missing', () => {
    const short = 'Handle refunds. Never refund more than 50 EUR. Always answer in German.';
    const less = short.replace('Never refund more than 50 EUR. ', '');
    assert.equal(place(found(...talk(short, short, less, less))), 'info at c3');
  });

  /** A call of an agent: what it was told, and the tools that it was offered. */
  const begun = (at: number, system: string | undefined, ask: string, tools = [{ name: 'tidy' }]) =>
    answered(`c${at}`, at * 1000, { system, tools, messages: [{ role: 'user', content: ask }] });

  it('are said without alarm where it began anew with the same tools', () => {
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), begun(2, undefined, 'Summary: half done.')), [
      'A sign that instructions were lost: call 2 has no system prompt, unlike call 1 before it, which was offered the same tools.',
    ]);
    const title = begun(2, undefined, 'A title for: Tidy up.', []);
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), title), []);
    assert.deepEqual(said(begun(1, long, 'Tidy up.'), begun(2, 'You plan.', 'Plan it.')), []);
    assert.deepEqual(said(begun(1, undefined, 'Tidy up.'), begun(2, long, 'Summary.')), []);
  });

  const none = (...systems: readonly (string | undefined)[]) =>
    assert.deepEqual(said(...talk(...systems)), []);

  it('are none where they stay, come later, or grow', () => {
    none(long, long, long);
    none(undefined, long, long);
    none(long, `${long}${long}${long}`, `${long}${long}${long}`);
  });

  it('are none where a time or a name in them changes', () => {
    none(`${long} 10:00`, `${long} 10:01`, `${long} 10:02`);
    none(`${long} 10:00`, `${long} 10:00`, `${long} 10:02`);
  });

  it('are none of a call in between, for a summary or a title', () => {
    none(long, undefined, long, long);
  });

  it('are none of instructions that were too short to be missed, or another conversation', () => {
    none('Be brief.', undefined, undefined);
    const messages = [{ role: 'user', content: 'Another thing.' }];
    const other = answered('x', 9000, { messages });
    assert.deepEqual(said(...talk(long, long), other), []);
  });
});

describe('answers that contradict each other', () => {
  const question = 'Is the invoice 4711 of Miller and Sons of last year paid? Answer yes or no.';
  const answer = (
    id: string,
    at: number,
    text: string,
    ask = question,
    more: readonly string[] = [],
  ) =>
    answered(
      id,
      at,
      {
        messages: [...more, ask].map((content, i) => ({
          role: i % 2 ? 'assistant' : 'user',
          content,
        })),
      },
      [{ type: 'text', text }],
    );

  it('are said with both', () => {
    assert.deepEqual(said(answer('c1', 0, 'Yes, it is.'), answer('c2', 1000, 'No. It is open.')), [
      'Two answers to the same question seem to contradict each other: call 1 says “Yes, it is.”, call 2 says “No. It is open.”.',
    ]);
    const numbers = found(answer('c1', 0, 'The answer is 42.'), answer('c2', 1000, '$41'));
    assert.equal(place(numbers), 'info at c2');
    const again = [question, 'Yes.'];
    assert.equal(
      said(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'No.', question, again)).length,
      1,
    );
  });

  const none = (...below: readonly Recorded[]) => assert.deepEqual(said(...below), []);

  it('are said of other words for yes and no', () => {
    for (const [one, other] of [
      ['approve', 'reject'],
      ['**Decision:** Approved.', 'Decision: denied – too late.'],
      ['{"verdict": "pass"}', '{"verdict": "fail"}'],
      ['Valid.', 'Invalid: the date is missing.'],
    ] as const) {
      assert.equal(said(answer('c1', 0, one), answer('c2', 1000, other)).length, 1, one);
    }
  });

  it('are none that begin with such a word and say something else', () => {
    none(answer('c1', 0, 'Right now it is open.'), answer('c2', 1000, 'Wrong numbers are common.'));
    none(answer('c1', 0, 'Approved.'), answer('c2', 1000, 'Approve'));
    none(answer('c1', 0, 'Pass on the note.'), answer('c2', 1000, 'Fail.'));
  });

  it('are none that agree, in whatever words', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'yes, paid in May'));
    none(answer('c1', 0, '1,200'), answer('c2', 1000, 'The answer is 1200.00'));
    none(answer('c1', 0, 'It was paid.'), answer('c2', 1000, 'No.'));
  });

  it('are none to different questions, or about different things', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 1000, 'No.', question.replace('4711', '4712')));
    const about = (text: string) => [`The text: ${text}`, 'Read.'];
    none(
      answer('c1', 0, 'Yes.', question, about('one')),
      answer('c2', 1000, 'No.', question, about('two')),
    );
  });

  it('are none where something was learnt in between', () => {
    const messages = [
      { role: 'user', content: question },
      { role: 'user', content: [{ type: 'tool_result', content: 'It was cancelled.' }] },
      { role: 'user', content: question },
    ];
    const later = answered('c2', 1000, { messages }, [{ type: 'text', text: 'No.' }]);
    none(answer('c1', 0, 'Yes.'), later);
  });

  it('are none of a vote, and none of words that are said again and again', () => {
    none(answer('c1', 0, 'Yes.'), answer('c2', 100, 'No.'));
    none(answer('c1', 0, '1', 'Go on.'), answer('c2', 1000, '2', 'Go on.'));
  });
});
