import assert from 'node:assert/strict';
import { readContent, toolUse } from '../../src/core/blocks.ts';
import { readRequest } from '../../src/core/conversation.ts';
import { readDocuments } from '../../src/core/documents.ts';
import { keepRecorded, recordedJson } from '../../src/core/recordedJson.ts';
import { requestMessages, responseMessages } from '../../src/core/transcript.ts';

describe('readDocuments', () => {
  const found = (fields: object) =>
    readDocuments({ ...fields })?.documents.map(one =>
      `${one.id} ${one.score} ${one.source} ${one.text?.text} ${one.rest?.text ?? ''}`.trim(),
    );

  it('reads lists, flattened attributes, JSON texts and LangChain documents', () => {
    assert.deepEqual(
      found({ documents: [{ id: 7, content: 'a', score: 0.5, metadata: { url: 'u', page: 2 } }] }),
      ['7 0.5 u a {\n  "page": 2\n}'],
    );
    assert.deepEqual(
      found({
        'retrieval.documents.10.document.content': 'eleventh',
        'retrieval.documents.2.document.content': 'third',
        'retrieval.documents.2.document.score': 0.25,
        'retrieval.documents.2.document.metadata': '{"source":"s"}',
      }),
      ['undefined 0.25 s third', 'undefined undefined undefined eleventh'],
    );
    assert.deepEqual(found({ 'gen_ai.retrieval.documents': '[{"id":"d","score":1}]' }), [
      'd 1 undefined undefined',
    ]);
    const lang = { page_content: 'p', metadata: { source: 'f.md' }, type: 'Document' };
    assert.deepEqual(found({ output: [lang] }), [
      'undefined undefined f.md p {\n  "type": "Document"\n}',
    ]);
    assert.deepEqual(
      found({ documents: [[lang, 0.125]] })?.[0]?.slice(0, 23),
      'undefined 0.125 f.md p ',
    );
  });

  it('keeps their order, bounds their number and takes no other list for them', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ content: `${i}`, score: i }));
    const read = readDocuments({ documents: many });
    assert.equal(read?.documents.length, 200);
    assert.equal(read?.total, 500);
    assert.equal(read?.documents[1]?.score, '1');
    assert.equal(readDocuments({ output: [1, 2] }), undefined);
    assert.equal(readDocuments({ documents: 'text' }), undefined);
    assert.equal(readDocuments({ documents: [] }), undefined);
  });
});

describe('recorded numbers', () => {
  const parse = (text: string): Record<string, unknown> => {
    const value = JSON.parse(text);
    keepRecorded(value, text);
    return value;
  };

  it('stay as they were in the input of a tool', () => {
    const fields = parse(
      '{"input": {"amount": 318.00, "id": 12345678901234567890, "10": 1, "2": 1}}',
    );
    const use = toolUse('id', 'post', fields.input);
    assert.equal(
      use.type === 'toolUse' && use.input.text,
      '{\n  "amount": 318.00,\n  "id": 12345678901234567890,\n  "10": 1,\n  "2": 1\n}',
    );
    const [block] = readContent([{ a: 1 }]);
    assert.equal(block?.type === 'json' && block.json.text, '[\n  {\n    "a": 1\n  }\n]');
  });

  it('stay in arguments that are a text of their own', () => {
    const call = { id: 'c', function: { name: 'f', arguments: '{"x": 1.50}' } };
    const [message] = readRequest([{ role: 'assistant', tool_calls: [call] }])?.messages ?? [];
    const [block] = message?.blocks ?? [];
    assert.equal(block?.type === 'toolUse' && block.input.text, '{\n  "x": 1.50\n}');
  });

  it('are not kept where nothing would change, nor for a text of other values', () => {
    assert.equal(recordedJson(parse('{"a": {"b": 1.5}}').a), undefined);
    const value = { a: { b: 1 } };
    keepRecorded(value, '{"a": [1.0');
    assert.equal(recordedJson(value), undefined);
    const deep = `${'['.repeat(5000)}1.0${']'.repeat(5000)}`;
    keepRecorded(JSON.parse(deep), deep);
  });
});

describe('the messages of a call as texts', () => {
  it('are whole and at their places', () => {
    const text = 'x'.repeat(100_000);
    const request = {
      system: 'be brief',
      tools: [{ name: 't' }],
      messages: [{ role: 'user', content: [{ type: 'text', text }] }, 'plain'],
    };
    const messages = requestMessages(request);
    assert.equal(messages.length, readRequest(request)?.messages.length);
    assert.equal(messages[0], 'be brief');
    assert.equal(messages[2], text);
    assert.equal(messages[3], 'plain');
    assert.deepEqual(requestMessages('text'), ['text']);
    assert.deepEqual(requestMessages(undefined), []);
  });

  it('are those of the answer', () => {
    assert.deepEqual(responseMessages({ content: [{ type: 'text', text: 'a' }] }), ['a']);
    assert.deepEqual(
      responseMessages({ choices: [{ message: { content: 'a' } }, { message: { content: 'b' } }] }),
      ['a', 'b'],
    );
  });
});
