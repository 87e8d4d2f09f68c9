import assert from 'node:assert/strict';
import { TraceError } from '../../src/core/errors.ts';
import type { Fields } from '../../src/core/fields.ts';
import { isStreamed, withField } from '../../src/core/replay/bodyText.ts';
import { callWords } from '../../src/core/replay/callWords.ts';
import { jsonFlaw, jsonPlaces, lineAndColumn } from '../../src/core/replay/jsonPlaces.ts';
import { replayRequest } from '../../src/core/replay/replayRequest.ts';
import { checkDocument } from '../../src/core/replay/requestDocument.ts';
import { modelIds, requestSchema } from '../../src/core/replay/requestSchema.ts';
import { numbers } from './support/runs.ts';

const good = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello' }],
};
const use = { type: 'tool_use', id: 'toolu_1', name: 'search', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'found' };
const problems = (fields: Fields): string[] =>
  checkDocument(JSON.stringify({ ...good, ...fields }), callWords).problems.map(one => one.words);

describe('a text that is no JSON', () => {
  const cases: readonly [text: string, offset: number, expected: string][] = [
    ['', 0, 'value'],
    ['{', 1, 'name'],
    ['{"a" 1}', 5, 'colon'],
    ['{"a":}', 5, 'value'],
    ['{"a":1,}', 7, 'name'],
    ['{"a":1 "b":2}', 7, 'comma'],
    ['[1,]', 3, 'value'],
    ['[1 2]', 3, 'comma'],
    ['[01]', 1, 'value'],
    ['[1.]', 1, 'value'],
    ['[truer]', 1, 'value'],
    ['"a\nb"', 0, 'string-end'],
    ['"a\\x"', 0, 'string-end'],
    ['"a', 0, 'string-end'],
    ["{'a':1}", 1, 'name'],
    ['{} {}', 3, 'end'],
    ['[}', 1, 'value'],
    ['[1}', 2, 'comma'],
  ];
  for (const [text, offset, expected] of cases) {
    it(`has its place: ${JSON.stringify(text)}`, () => {
      const flaw = jsonFlaw(text);
      assert.deepEqual([flaw?.offset, flaw?.expected], [offset, expected]);
    });
  }

  it('is one exactly where the parser says so', () => {
    const seed = JSON.stringify({ a: [1, -2.5e3, true, null, 'x\u00e9"\\'], b: { '': [], c: {} } });
    const random = numbers(7);
    const signs = '{}[],:"\\ \n1e.-tx';
    for (let round = 0; round < 3000; round++) {
      let text = seed;
      for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
        const at = Math.floor(random() * text.length);
        const sign = signs[Math.floor(random() * signs.length)] ?? '';
        const gone = random() < 0.5 ? 1 : 0;
        text = text.slice(0, at) + (random() < 0.7 ? sign : '') + text.slice(at + gone);
      }
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      assert.equal(jsonFlaw(text) === undefined, parses, text);
    }
  });

  it('may nest and be as long as it likes', () => {
    const deep = '['.repeat(200_000);
    assert.equal(jsonFlaw(deep)?.offset, 200_000);
    assert.equal(jsonFlaw(`${deep}${']'.repeat(200_000)}`), undefined);
    assert.equal(jsonFlaw(`"${'\\u00e9'.repeat(2_000_000)}"`), undefined);
    assert.match(checkDocument(deep, callWords).problems[0]?.words ?? '', /no JSON.*the end/);
  });
});

describe('a place in a document', () => {
  it('is that of the value, or of what is around it', () => {
    const text = '{ "a": [1, {"b": "x"}], "c": 2 }';
    const paths = [['a', 1, 'b'], ['a', 1, 'none'], ['c'], [], ['none', 3]];
    const shown = jsonPlaces(text, paths).map(({ from, to }) => text.slice(from, to));
    assert.deepEqual(shown, ['"x"', '{"b": "x"}', '2', text, text]);
  });

  it('has a line and a column', () => {
    assert.deepEqual(lineAndColumn('ab\ncd\r\nef', 7), { line: 3, column: 1 });
    assert.deepEqual(lineAndColumn('ab', 0), { line: 1, column: 1 });
    assert.deepEqual(lineAndColumn('a\nb', 1), { line: 1, column: 2 });
  });
});

describe('a document that is a request', () => {
  it('has no problems, also with what is not known here', () => {
    const { request, problems: none } = checkDocument(
      JSON.stringify({
        ...good,
        new_field: { a: 1 },
        system: [{ type: 'text', text: 'Be kind', cache_control: { type: 'ephemeral' } }],
        tools: [
          { name: 'search', input_schema: {} },
          { type: 'web_search_20250305', name: 'web_search' },
        ],
        messages: [
          { role: 'user', content: [{ type: 'hologram', beam: 1 }] },
          { role: 'assistant', content: [{ type: 'thinking', thinking: '', signature: 's' }, use] },
          { role: 'user', content: [result] },
        ],
      }),
      callWords,
    );
    assert.deepEqual(none, []);
    assert.equal(request?.model, good.model);
  });

  const cases: readonly [Fields, RegExp][] = [
    [{ model: undefined }, /^model is missing: the id of a model/],
    [{ model: '' }, /^model is missing/],
    [{ model: 5 }, /^model must be the id of a model, as a text\.$/],
    [{ max_tokens: undefined }, /^max_tokens is missing/],
    [{ max_tokens: '100' }, /^max_tokens must be a whole number from 0 up/],
    [{ messages: undefined }, /^messages is missing/],
    [{ messages: {} }, /^messages must be the conversation, as a list/],
    [{ messages: [] }, /^messages is empty/],
    [{ messages: [5] }, /^messages\[0\] must be an object/],
    [{ messages: [{ role: 'robot', content: '' }] }, /^messages\[0\]\.role must be user, assist/],
    [{ messages: [{ role: 'user' }] }, /^messages\[0\]\.content is missing: a text or a list/],
    [{ messages: [{ role: 'user', content: ['x'] }] }, /^messages\[0\]\.content\[0\] must be an/],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      /content\[0\]\.text is missing/,
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'x' }] }] },
      /signature is missing: the signature that came with/,
    ],
    [{ temperature: 2 }, /^temperature must be a number from 0 to 1/],
    [{ stop_sequences: [1] }, /^stop_sequences must be a list of texts/],
    [{ tools: [{ name: 'a' }] }, /^tools\[0\]\.input_schema is missing/],
    [{ tools: [null] }, /^tools\[0\] must be an object/],
    [{ tool_choice: 'auto' }, /^tool_choice must be an object with a type/],
    [{ stream: 'yes' }, /^stream must be true or false/],
  ];
  for (const [fields, words] of cases) {
    it(`says what is wrong: ${words.source.slice(0, 40)}`, () => {
      const text = JSON.stringify({ ...good, ...fields });
      const checked = checkDocument(text, callWords);
      assert.equal(checked.request, undefined);
      assert.equal(checked.problems.length, 1, JSON.stringify(checked.problems));
      assert.match(checked.problems[0]?.words ?? '', words);
    });
  }

  it('is warned of, and may be sent, where the API has the last word', () => {
    const assistant = { role: 'assistant', content: [use] };
    const answer = { role: 'user', content: [result] };
    assert.match(problems({ messages: [answer] }).join(), /^No tool call .* has the id toolu_1/);
    const { request, problems: warned } = checkDocument(
      JSON.stringify({ ...good, messages: [assistant, { role: 'user', content: 'So?' }] }),
      callWords,
    );
    assert.ok(request);
    assert.deepEqual([warned[0]?.severity, warned.length], ['warning', 1]);
    const thinking = { type: 'enabled', budget_tokens: 100 };
    assert.match(
      problems({ thinking }).join(),
      /^thinking\.budget_tokens must be less than.* 100\.$/,
    );
  });

  it('shows a problem at its place', () => {
    const text = `{\n  "model": "m",\n  "max_tokens": "many",\n  "messages": [{ "role": "user" }]\n}`;
    const { problems: found } = checkDocument(text, callWords);
    assert.deepEqual(
      found.map(one => [one.line, one.column, text.slice(one.from, one.to)]),
      [
        [3, 17, '"many"'],
        [4, 16, '{ "role": "user" }'],
      ],
    );
  });

  it('is nothing else than an object, and bounded', () => {
    for (const text of ['[]', '5', 'null', '"x"']) {
      assert.match(checkDocument(text, callWords).problems[0]?.words ?? '', /is a JSON object/);
    }
    const many = { ...good, messages: Array.from({ length: 1000 }, () => 5) };
    const { problems: found } = checkDocument(JSON.stringify(many), callWords);
    assert.equal(found.length, 20);
    assert.match(found.at(-1)?.words ?? '', /\(and 30 more\)$/);
    const deep = `{"model":"m","messages":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    assert.match(
      checkDocument(deep, callWords).problems[0]?.words ?? '',
      /nests deeper than the 200/,
    );
    const strange = { ...good, messages: [{ role: 'user', content: [{ type: '__proto__' }] }] };
    assert.deepEqual(problems(strange), []);
  });
});

describe('a field of a body', () => {
  it('is set in its text, and nothing else is touched', () => {
    const text = '{ "n": 1.0, "model": "a", "10": 1e2, "m": {"model": "x"} }';
    const changed = '{ "n": 1.0, "model": "b", "10": 1e2, "m": {"model": "x"} }';
    assert.equal(withField(text, 'model', 'b'), changed);
    assert.equal(withField(text, 'model', 'a'), text);
    assert.equal(withField('{"a":1}', 'stream', true), '{"stream":true,"a":1}');
    assert.equal(withField('{\n  "a": 1\n}', 'b', 2), '{\n  "b": 2,\n  "a": 1\n}');
    assert.equal(withField('{}', 'a', null), '{"a":null}');
    assert.equal(withField('{"a":false}', 'a', true), '{"a":true}');
    assert.deepEqual(
      ['{"stream":true}', '{"stream":false}', '{}', '{"a":{"stream":true}}'].map(isStreamed),
      [true, false, false, false],
    );
  });
});

describe('the schema of a request', () => {
  it('offers the models that have a price, the own ones first, and takes any', () => {
    const own = {
      model: 'acme-large-2',
      rates: { input: 1, cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 1, output: 1 },
      source: 'user',
    } as const;
    const ids = modelIds([own]);
    assert.equal(ids[0], 'acme-large-2');
    assert.ok(ids.includes('claude-haiku-4-5') && !ids.some(one => one.startsWith('gpt')));
    assert.equal(new Set(ids).size, ids.length);
    const { properties } = requestSchema([own]) as { properties: Record<string, Fields> };
    assert.deepEqual(properties.model, { anyOf: [{ enum: ids }, { type: 'string' }] });
  });
});

describe('the request of a recorded call', () => {
  const of = (metadata: unknown) =>
    replayRequest(
      typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
      'chat',
      callWords,
    );

  it('is its text: numbers and order stay', () => {
    const text = `{"kind":"llm","request":{"top_p":0.10,"10":1e2,"model":"m","messages":[{"x":12345678901234567890}]}}`;
    const { text: document, model, notes } = of(text);
    assert.ok(document.includes('"top_p": 0.10,\n  "10": 1e2,\n  "model"'));
    assert.ok(document.includes('12345678901234567890'));
    assert.deepEqual([model, notes], ['m', []]);
  });

  it('says what was cut, and what is only named', () => {
    const source = { type: 'file', file_id: 'file_1' };
    const request = {
      ...good,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source },
            { type: 'text', text: 'k [redacted:key]' },
          ],
        },
      ],
      container: 'c_1',
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    };
    const betas = ['files-api-2025-04-14', 'evil\r\nx: y', 5];
    const { notes, betas: sent } = of({ request, betas });
    assert.deepEqual(sent, ['files-api-2025-04-14']);
    for (const [at, words] of [
      /a mark such as \[redacted:key\] for what was taken out: 1\./,
      /Files of the API that it names: 1\./,
      /container/,
      /bills by their use.*web_search/,
      /beta headers.*files-api/,
    ].entries()) {
      assert.match(notes[at] ?? '', words);
    }
    const redacted = { 'request.messages[0].content': 'email ×2', response: 'x' };
    assert.deepEqual(of({ request: good, redacted }).notes, [
      'messages[0].content was cut when it was recorded (email ×2). It is sent as it stands in the document.',
      'The recorded answer was cut (x), so that the two may differ there by that alone.',
    ]);
    const broken = of({ request: good, incomplete: true }).notes;
    assert.match(broken.join(), /^The recorded answer broke off/);
    const whole = of({ request: good, redacted: 'the redact function failed' }).notes;
    assert.match(whole.join(), /^Parts of it were cut .*: the redact function failed\.$/);
  });

  it('has a reason where it cannot be sent', () => {
    const cases: readonly [unknown, string][] = [
      [{}, 'replayUnrecorded'],
      [{ request: null }, 'replayUnrecorded'],
      ['no json', 'replayUnrecorded'],
      ['[]', 'replayUnrecorded'],
      [{ messages: [{ role: 'user', content: 'Go' }], only_new_messages: true }, 'replayOnlyNew'],
      [{ redacted: { request: 'content' } }, 'replayCutAway'],
      [{ request: [{ role: 'user' }] }, 'replayForeign'],
      [{ request: 'Hello' }, 'replayForeign'],
      [`{"request":{"messages":${'['.repeat(9000)}${']'.repeat(9000)}}}`, 'replayForeign'],
    ];
    for (const [metadata, code] of cases) {
      assert.throws(
        () => of(metadata),
        (error: unknown) => {
          assert.ok(error instanceof TraceError);
          assert.equal(error.code, code);
          assert.match(error.message, /“chat”.*\. /);
          return true;
        },
      );
    }
  });
});
