import assert from 'node:assert/strict';
import { readContent, toolUses } from '../../src/core/blocks.ts';
import { causeView, followedValues } from '../../src/core/causeView.ts';
import { type Block, type Conversation, cut } from '../../src/core/content.ts';
import { messageLimit, readRequest, readResponse } from '../../src/core/conversation.ts';
import { readMetadata } from '../../src/core/metadata.ts';
import { span } from './support/tree.ts';

/** Blocks as a picture: `text hi`, `call read {} -> text hi`, `result`, `json label`. */
const draw = (blocks: readonly Block[]): string =>
  blocks
    .map(one => {
      switch (one.type) {
        case 'text':
        case 'thinking':
          return `${one.type} ${one.text.text}`;
        case 'toolUse': {
          const input = one.input.text.replace(/\s+/g, '');
          return `call ${one.name} ${input}${one.result ? ` -> ${draw(one.result.blocks)}` : ''}`;
        }
        case 'toolResult':
          return `result ${draw(one.blocks)}`;
        case 'image':
          return `image ${one.mediaType} ${one.bytes ?? one.url}`;
        default:
          return `json ${one.label}`;
      }
    })
    .join(' | ');
const drawn = (conversation: Conversation | undefined): string[] =>
  (conversation?.messages ?? []).map(one =>
    one.answersOnly ? `(${one.role})` : `${one.role}: ${draw(one.blocks)}`,
  );

const use = (id: string, input: unknown = {}) => ({ type: 'tool_use', id, name: 'read', input });
const result = (id: string, content: unknown) => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
});

describe('conversation', () => {
  it('reads a Messages API body', () => {
    const body = {
      model: 'm',
      max_tokens: 5,
      system: 'be brief',
      tools: [{ name: 'read' }],
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm' }, use('1')] },
        { role: 'user', content: [result('1', 'done')] },
      ],
    };
    assert.deepEqual(drawn(readRequest(body)), [
      'system: text be brief',
      'tools: json read',
      'user: text hi',
      'assistant: thinking hm | call read {} -> text done',
      '(user)',
    ]);
    assert.deepEqual(readRequest(body)?.settings, [
      ['model', 'm'],
      ['max_tokens', '5'],
    ]);
  });

  it('reads chat completions', () => {
    const called = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: '1', type: 'function', function: { name: 'read', arguments: '{"a":1}' } }],
    };
    const request = [
      { role: 'user', content: 'hi' },
      called,
      { role: 'tool', tool_call_id: '1', content: 'done' },
    ];
    assert.deepEqual(drawn(readRequest({ messages: request })), [
      'user: text hi',
      'assistant: call read {"a":1} -> text done',
      '(tool)',
    ]);
    assert.deepEqual(drawn(readResponse({ choices: [{ message: called }] })), [
      'assistant: call read {"a":1}',
    ]);
  });

  it('reads OpenTelemetry’s parts', () => {
    const messages = [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'tool_call', id: '1', name: 'read', arguments: '{"a":1}' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: '1', response: 'done' }] },
      { role: 'user', parts: [{ type: 'text', content: 'go on' }] },
    ];
    assert.deepEqual(drawn(readRequest(messages)), [
      'assistant: thinking hm | call read {"a":1} -> text done',
      '(tool)',
      'user: text go on',
    ]);
  });

  it('reads a plain text, and nothing', () => {
    assert.deepEqual(drawn(readRequest('hi')), ['user: text hi']);
    assert.deepEqual(drawn(readResponse('hi')), ['assistant: text hi']);
    assert.equal(readRequest(undefined), undefined);
    assert.equal(readResponse(null), undefined);
  });

  it('keeps every shape it does not know', () => {
    assert.deepEqual(drawn(readRequest({ odd: 1 })), ['request: json request']);
    assert.deepEqual(drawn(readResponse({ odd: 1 })), ['assistant: json response']);
    assert.deepEqual(drawn(readRequest([{ role: 'user', content: [{ type: 'hologram' }, 5] }])), [
      'user: json hologram | json ',
    ]);
    assert.deepEqual(drawn(readRequest([7, { odd: 1 }])), [
      'message: json message',
      'message: json message',
    ]);
    assert.deepEqual(
      drawn(readRequest([{ role: 'assistant', content: null, refusal: 'no' }])),
      ['assistant: json assistant'],
      'a refusal stands beside an empty content',
    );
    assert.equal(draw(readContent({ rows: [] })), 'json ');
  });

  it('pairs by id; an id used twice in its order; what has no call stays', () => {
    const messages = [
      { role: 'assistant', content: [use('1'), use('2')] },
      {
        role: 'user',
        content: [
          result('2', 'two'),
          result('1', 'one'),
          result('9', 'lost'),
          { type: 'text', text: 'well?' },
        ],
      },
      { role: 'assistant', content: [use('1')] },
      { role: 'user', content: [result('1', 'again')] },
    ];
    assert.deepEqual(drawn(readRequest(messages)), [
      'assistant: call read {} -> text one | call read {} -> text two',
      'user: result text lost | text well?',
      'assistant: call read {} -> text again',
      '(user)',
    ]);
  });

  it('measures a picture and never hands out its bytes', () => {
    const picture = (source: unknown) => draw(readContent([{ type: 'image', source }]));
    assert.equal(picture({ media_type: 'image/png', data: 'QUJDRA==' }), 'image image/png 4');
    const url = `data:image/gif;base64,${'QUJD'.repeat(100_000)}`;
    assert.equal(
      draw(readContent([{ type: 'image_url', image_url: { url } }])),
      'image image/gif 300000',
    );
    assert.equal(
      draw(readContent([{ type: 'image_url', image_url: { url: 'https://x/y' } }])),
      'image image https://x/y',
    );
  });

  it('shows the first and the latest of 500 messages and counts the gap', () => {
    const list = Array.from({ length: 500 }, (_, i) => ({ role: 'user', content: `m${i}` }));
    const conversation = readRequest(list);
    assert.equal(conversation?.messages.length, messageLimit);
    assert.equal(conversation?.omitted, 300);
    const all = drawn(conversation);
    assert.equal(all[2], 'user: text m2');
    assert.equal(all[3], 'user: text m303');
    assert.equal(all.at(-1), 'user: text m499');
  });

  const big = 'x'.repeat(100_000);
  const many = Array.from({ length: 300 }, () => ({ type: 'text', text: 'y'.repeat(200) }));
  const nested = (depth: number): unknown =>
    depth === 0 ? 'z' : Array.from({ length: 12 }, () => result('9', nested(depth - 1)));
  const hostile: readonly (readonly [string, unknown])[] = [
    ['20 MB in 200 texts', Array.from({ length: 200 }, () => ({ role: 'user', content: big }))],
    [
      '20 MB in 100,000 parts',
      Array.from({ length: 334 }, () => ({ role: 'user', content: many })),
    ],
    ['results in results', [{ role: 'user', content: nested(5) }]],
    [
      'names of 20 MB',
      [{ role: big, content: [{ ...use(big), name: big.repeat(100) }, { type: big }] }],
    ],
    [
      '100,000 calls',
      [
        {
          role: 'assistant',
          tool_calls: Array.from({ length: 100_000 }, () => ({
            function: { name: 'f', arguments: '{}' },
          })),
        },
      ],
    ],
    [
      '10,000 settings',
      {
        messages: [],
        ...Object.fromEntries(
          Array.from({ length: 10_000 }, (_, i) => [`${i}${'k'.repeat(500)}`, 'v']),
        ),
      },
    ],
  ];
  for (const [what, request] of hostile) {
    it(`bounds the whole reply: ${what}`, () => {
      const size = JSON.stringify(readRequest(request)).length;
      assert.ok(size < 2_500_000, `${size} units`);
    });
  }

  it('cuts old texts shorter than recent ones, and says how long they are', () => {
    const list = Array.from({ length: 200 }, () => ({ role: 'user', content: big }));
    const text = (i: number) => {
      const part = readRequest(list)?.messages.at(i)?.blocks[0];
      return part?.type === 'text' ? [part.text.text.length, part.text.chars] : [];
    };
    assert.deepEqual(text(-1), [20_000, 100_000]);
    assert.deepEqual(text(0), [200, 100_000]);
  });

  it('parts no surrogate pair', () => {
    const text = '😀'.repeat(10);
    for (let limit = 0; limit < 20; limit++) {
      const short = cut(text, limit).text;
      assert.doesNotMatch(short, /\p{Surrogate}/u, `at ${limit}`);
      assert.ok(limit - short.length <= 1);
    }
    assert.deepEqual(cut('a\nb\n', 2), { text: 'a\n', chars: 4, lines: 3 });
  });

  it('looks for calls only where something is', () => {
    let reads = 0;
    // Every object without calls of its own is counted, also one that stands for an absent value.
    const get = () => {
      reads++;
    };
    Object.defineProperty(Object.prototype, 'tool_calls', { configurable: true, get });
    try {
      toolUses({ content: [{ type: 'text', text: 'hi' }] });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'tool_calls');
    }
    assert.ok(reads < 10, `${reads} objects: five absent keys at each level multiply`);
  });

  it('ends on nesting that would overflow the stack', () => {
    const deep = JSON.parse(
      `${'[{"type":"tool_result","content":'.repeat(20_000)}""${'}]'.repeat(20_000)}`,
    );
    assert.doesNotThrow(() => readContent(deep));
    assert.doesNotThrow(() =>
      readRequest({ messages: [{ role: 'user', content: deep }], odd: deep }),
    );
    assert.deepEqual(toolUses({ content: deep }), []);
  });
});

describe('cause and failure side by side', () => {
  const view = (failed: object, cause: object, error = '') =>
    causeView(
      span('f', { error, toolName: 'read' }),
      readMetadata(JSON.stringify(failed)),
      readMetadata(JSON.stringify(cause)),
    );
  const answer = {
    content: [
      { type: 'text', text: 'I will read' },
      use('1', { path: 'a.txt', n: 1 }),
      use('2', { path: 'b.txt' }),
    ],
  };

  it('shows the call of the recorded id, else the last of the tool’s name', () => {
    assert.match(view({ tool_use_id: '1' }, { response: answer }).asked?.text ?? '', /a\.txt/);
    assert.match(view({}, { response: answer }).asked?.text ?? '', /b\.txt/);
    assert.equal(view({ tool_use_id: '7' }, { response: answer }).asked, undefined, 'not just any');
    assert.equal(draw(view({}, { response: answer }).reasoned), 'text I will read');
  });

  it('compares inputs whatever the order of their keys', () => {
    const same = (tool_input: unknown) =>
      view({ tool_use_id: '1', tool_input }, { response: answer }).sameInput;
    assert.equal(same({ n: 1, path: 'a.txt' }), true);
    assert.equal(same({ n: 2, path: 'a.txt' }), false);
    assert.equal(
      view({ tool_use_id: '1' }, { response: answer }).sameInput,
      false,
      'nothing was received',
    );
  });

  it('shows the results the model was given, and what the user said beside them', () => {
    const given = (...messages: object[]) => draw(view({}, { request: { messages } }).given);
    const called = { role: 'assistant', content: [use('1')] };
    assert.equal(given({ role: 'user', content: 'go' }), 'text go');
    assert.equal(given(called, { role: 'user', content: [result('1', 'done')] }), 'text done');
    assert.equal(
      given(called, {
        role: 'user',
        content: [result('1', 'done'), { type: 'text', text: 'hurry' }],
      }),
      'text done | text hurry',
    );
    assert.equal(
      given({ role: 'user', content: 'go' }, { role: 'assistant', content: 'So' }),
      'text So',
      'a prefilled answer',
    );
    assert.equal(draw(view({}, {}).given), '');
  });

  it('follows values of the input that the error names as whole words, longest first', () => {
    const input = { path: 'a.txt', dir: '/srv/a.txt', n: 42, one: 7, deep: [{ id: 'ledger' }] };
    assert.deepEqual(followedValues(input, 'ledger: no /srv/a.txt in 42 (427)'), [
      '/srv/a.txt',
      'ledger',
      'a.txt',
      '42',
    ]);
    assert.deepEqual(followedValues({ a: 'led' }, 'ledger'), []);
    assert.deepEqual(
      followedValues({ currency: 'EUR', amount: '1.20' }, 'debit 1.20 EUR'),
      ['1.20'],
      'EUR would be marked wherever money is',
    );
    assert.deepEqual(followedValues({ currency: 'EUR' }, 'no EUR'), ['EUR']);
    assert.deepEqual(followedValues(undefined, 'x'), []);
  });

  it('looks at a bounded part of a huge input', () => {
    let reads = 0;
    const counted = () =>
      Object.defineProperty({}, 'a', { enumerable: true, get: () => `v${reads++}` });
    followedValues(Array.from({ length: 100_000 }, counted), 'none of them');
    assert.ok(reads <= 2_000, `${reads} values read`);
  });
});
