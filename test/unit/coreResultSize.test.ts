import assert from 'node:assert/strict';
import { readMetadata } from '../../src/core/metadata.ts';
import { resultSize } from '../../src/core/resultSize.ts';
import { png } from '../ui/support/conversationFile.ts';

const sizeOf = (tool_result: unknown, more: object = {}) =>
  resultSize(readMetadata(JSON.stringify({ tool_result, ...more })));

describe('the size of a result', () => {
  const data = Buffer.from(png(300, 250)).toString('base64');
  const text = { type: 'text', text: 'four' };

  it('counts a picture by its pixels, not by its base64', () => {
    const forms = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      { type: 'image', data, mimeType: 'image/png' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
    ];
    for (const image of forms) {
      assert.deepEqual(sizeOf([text, image]), { chars: 4, tokens: 101 });
      assert.deepEqual(sizeOf({ type: 'tool_result', content: [text, image] }).tokens, 101);
      assert.deepEqual(sizeOf({ shot: image, n: 1 }), { chars: 19, tokens: 100 + 19 / 4 });
    }
    const [image] = forms;
    assert.equal(sizeOf([image, image]).tokens, 200 + 2 / 4);
    assert.equal(sizeOf([text, image], { result_tokens: 7 }).tokens, 7, 'the recorded count');
  });

  it('leaves out a picture of which no size is known, and bounds that of a large one', () => {
    const url = { type: 'image_url', image_url: { url: 'https://example.com/x.png' } };
    const broken = { type: 'image', source: { data: 'A'.repeat(40_000) } };
    const huge = png(300, 250);
    new DataView(huge.buffer, huge.byteOffset).setUint32(16, 2 ** 31);
    const large = { type: 'image', source: { data: Buffer.from(huge).toString('base64') } };
    const tokens = [url, broken, large].map(image => sizeOf([text, image]).tokens);
    assert.deepEqual(tokens, [1, 1, 1601]);
  });

  it('counts all else by its length, also where it is nested without end', () => {
    assert.deepEqual(sizeOf({ a: [1, 2] }), { chars: 11, tokens: undefined });
    const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
    assert.ok((resultSize(readMetadata(`{"tool_result":${deep}}`)).chars ?? 0) > 0);
  });
});
