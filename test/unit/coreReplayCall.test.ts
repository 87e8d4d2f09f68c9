import assert from 'node:assert/strict';
import { callWords } from '../../src/core/replay/callWords.ts';
import { modelMessage, modelRequest } from '../../src/core/replay/languageModel.ts';
import { joinedPieces, type LivePiece, liveAnswer } from '../../src/core/replay/liveAnswer.ts';
import { partedTexts } from '../../src/core/replay/parted.ts';
import { sendLine, sendParts } from '../../src/core/replay/sendLine.ts';

const key = 'sk-ant-secret';
const begin = (block: object) => ({ type: 'content_block_start', content_block: block });
const text = (piece: string) => ({
  type: 'content_block_delta',
  delta: { type: 'text_delta', text: piece },
});

/** All that a page is told of these events, asked after each. */
function told(events: readonly object[]): readonly LivePiece[] {
  const live = liveAnswer(key);
  let all: readonly LivePiece[] = [];
  for (const event of events) {
    live.add({ ...event });
    all = joinedPieces(all, live.take());
  }
  return all;
}

describe('an answer as it comes', () => {
  it('is told block by block, with the names of tools', () => {
    const all = told([
      begin({ type: 'thinking', thinking: '' }),
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'Well' } },
      begin({ type: 'text', text: '' }),
      text('Hel'),
      text('lo'),
      begin({ type: 'tool_use', name: 'search', input: {} }),
      { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"q":1}' } },
      { type: 'message_stop' },
    ]);
    assert.deepEqual(
      all.map(one => [one.kind, one.name, one.text]),
      [
        ['thinking', undefined, 'Well'],
        ['text', undefined, 'Hello'],
        ['tool', 'search', '{"q":1}'],
      ],
    );
  });

  it('never shows the key, wherever its pieces part', () => {
    for (let at = 0; at <= key.length; at++) {
      const live = liveAnswer(key);
      let seen = '';
      const pieces = [`You sent ${key.slice(0, at)}`, `${key.slice(at)}, yes`];
      for (const event of [
        begin({ type: 'text', text: '' }),
        ...pieces.map(text),
        { type: 'message_stop' },
      ]) {
        live.add(event);
        seen += live
          .take()
          .map(one => one.text)
          .join('');
        assert.equal(/sk-ant/.test(seen), false, `${at}: ${seen}`);
      }
      assert.equal(seen, 'You sent [API key], yes');
    }
  });

  it('gives what only looked like the key once that is known', () => {
    assert.equal(told([begin({ type: 'text' }), text('ask-'), text('ed')])[0]?.text, 'ask-ed');
    const ends = [begin({ type: 'text' }), text('it is sk-an'), { type: 'message_stop' }];
    assert.equal(told(ends)[0]?.text, 'it is sk-an');
  });

  it('stays small, however long it is', () => {
    const long = Array.from({ length: 50 }, () => text('x'.repeat(10_000)));
    const [piece] = told([begin({ type: 'text' }), ...long]);
    assert.equal(piece?.text.length, 20_000);
  });
});

describe('a request for a language model of VS Code', () => {
  const request = {
    model: 'claude-haiku-4-5',
    max_tokens: 100,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    thinking: { type: 'enabled', budget_tokens: 50 },
    tools: [{ name: 'search', input_schema: { type: 'object' } }, { type: 'web_search_1' }],
    tool_choice: { type: 'any' },
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: {} },
          { type: 'text', text: 'How?' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'tool_use', id: 'a', name: 'search', input: { q: 1 } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'So.' }] },
    ],
  };

  it('carries texts, calls and results, and says what it cannot carry', () => {
    const { messages, tools, mustCall, lost } = modelRequest(request, callWords);
    assert.deepEqual(messages, [
      { role: 'user', parts: [{ kind: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ kind: 'text', text: 'How?' }] },
      { role: 'assistant', parts: [{ kind: 'call', id: 'a', name: 'search', input: { q: 1 } }] },
      { role: 'user', parts: [{ kind: 'result', id: 'a', text: 'So.' }] },
    ]);
    assert.deepEqual(tools, [{ name: 'search', description: '', inputSchema: { type: 'object' } }]);
    assert.equal(mustCall, true);
    const { lmUsage, lmSystem, lmPictures, lmThinking, lmCache, lmSettings, lmServerTools } =
      callWords;
    const expected = [
      lmUsage,
      lmSystem,
      lmPictures,
      lmThinking,
      lmCache,
      lmSettings,
      lmServerTools,
    ];
    assert.deepEqual([...lost].sort(), expected.sort());
  });

  it('loses of a plain one only what is never told', () => {
    const plain = { model: 'm', messages: [{ role: 'user', content: 'How?' }] };
    assert.deepEqual(modelRequest(plain, callWords).lost, [callWords.lmUsage]);
  });

  it('is answered with what the Messages API would have, and no counts', () => {
    const message = modelMessage('vendor/family', [
      { kind: 'text', text: 'Se' },
      { kind: 'text', text: 'arching' },
      { kind: 'call', id: 'b', name: 'search', input: {} },
    ]);
    assert.deepEqual(message, {
      type: 'message',
      role: 'assistant',
      model: 'vendor/family',
      content: [
        { type: 'text', text: 'Searching' },
        { type: 'tool_use', id: 'b', name: 'search', input: {} },
      ],
    });
  });
});

describe('two answers side by side', () => {
  const parts = (a: string, b: string) =>
    partedTexts(a, b).map(({ before, other, after }) => [before, other, after]);

  it('part in whole words', () => {
    assert.deepEqual(parts('for EUR 1.20 to account', 'for EUR 1204.50 to account'), [
      ['for EUR ', '1.20', ' to account'],
      ['for EUR ', '1204.50', ' to account'],
    ]);
    assert.deepEqual(parts('same', 'same'), [
      ['same', '', ''],
      ['same', '', ''],
    ]);
    assert.deepEqual(parts('', 'new'), [
      ['', '', ''],
      ['', 'new', ''],
    ]);
    assert.deepEqual(parts('a a', 'a a a'), [
      ['a ', 'a', ''],
      ['a ', 'a a', ''],
    ]);
  });

  it('are given whole in three parts, whatever they are', () => {
    for (const [a, b] of [
      ['ab', 'b'],
      ['x y', 'x y y'],
      ['"q": 1', '"q": 12'],
      ['aXa', 'aYa'],
    ] as const) {
      assert.deepEqual(
        parts(a, b).map(each => each.join('')),
        [a, b],
      );
    }
  });
});

describe('what will be sent', () => {
  const estimate = {
    model: 'claude-haiku-4-5',
    inputTokens: 3057,
    how: 'recorded',
    mostOutputTokens: 4096,
    times: 1,
    cost: 0.0137,
    mostCost: 0.0729,
    cacheWrites: false,
  } as const;

  it('is one sentence with model, address, tokens and cost', () => {
    assert.equal(
      sendLine(estimate, 'api.anthropic.com', callWords),
      'claude-haiku-4-5 to api.anthropic.com: about 3,057 input tokens, about $0.0137 and at most $0.0729.',
    );
    assert.deepEqual(sendParts({ ...estimate, times: 3 }, 'localhost', callWords), {
      to: 'claude-haiku-4-5 to localhost, 3 times',
      takes: 'about 3,057 input tokens each, about $0.0137 and at most $0.0729 in all',
    });
  });

  it('is of unknown price, never of none', () => {
    const { takes } = sendParts(
      { ...estimate, cost: undefined, mostCost: undefined },
      'x',
      callWords,
    );
    assert.equal(takes, 'about 3,057 input tokens, of unknown price');
  });
});
