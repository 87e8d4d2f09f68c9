import assert from 'node:assert/strict';
import { block } from '../../src/core/blocks.ts';
import { imageHeader } from '../../src/core/imageHeader.ts';
import { base64Bytes, decodeBase64, findImage, imageKey, imageOf } from '../../src/core/images.ts';
import { png } from '../ui/support/conversationFile.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('pictures', () => {
  const data = base64(png(3, 2));

  it('are found in the shapes of four interfaces', () => {
    for (const one of [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'input_image', image_url: `data:image/png;base64,${data}` },
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: data },
    ]) {
      const image = imageOf(one);
      assert.equal(image?.data, data);
      assert.equal(image.mediaType, 'image/png');
      assert.equal(image.url, undefined);
      const shown = block(one, 0);
      assert.equal(shown.type === 'image' && shown.key, imageKey(data));
    }
    assert.equal(imageOf({ type: 'blob', modality: 'audio', content: data }), undefined);
  });

  it('that lie elsewhere have their address only', () => {
    const image = imageOf({ type: 'image_url', image_url: { url: 'https://example.com/x.png' } });
    assert.deepEqual(image, {
      mediaType: undefined,
      data: undefined,
      url: 'https://example.com/x.png',
    });
  });

  it('are found by their key, however deep they lie', () => {
    const other = base64(png(9, 9));
    const request = {
      messages: [
        {
          content: [{ type: 'tool_result', content: [{ type: 'image', source: { data: other } }] }],
        },
        { content: [{ type: 'image', source: { data } }] },
      ],
    };
    assert.equal(findImage(request, imageKey(other))?.data, other);
    assert.equal(findImage(request, 'none'), undefined);
    assert.notEqual(imageKey(data), imageKey(other));
  });

  it('are decoded as Node decodes them', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
      assert.deepEqual(decodeBase64(base64(bytes)), bytes);
      assert.deepEqual(decodeBase64(Buffer.from(bytes).toString('base64url')), bytes);
      assert.equal(base64Bytes(base64(bytes)), length);
    }
    assert.equal(decodeBase64('no base64!'), undefined);
    assert.equal(decodeBase64('äöü'), undefined);
  });

  it('are known by their first bytes alone', () => {
    assert.deepEqual(imageHeader(png(30, 20)), { type: 'image/png', width: 30, height: 20 });
    const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([5, 0, 4, 0]), Buffer.alloc(10)]);
    assert.deepEqual(imageHeader(gif), { type: 'image/gif', width: 5, height: 4 });
    const jpeg = Buffer.from([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 6, 0, 7, 3, 0, 0,
    ]);
    assert.deepEqual(imageHeader(jpeg), { type: 'image/jpeg', width: 7, height: 6 });
    const webp = Buffer.alloc(40);
    webp.write('RIFF');
    webp.write('WEBPVP8X', 8);
    webp.set([99, 0, 0, 49, 0, 0], 24);
    assert.deepEqual(imageHeader(webp), { type: 'image/webp', width: 100, height: 50 });
    for (const text of [
      '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
      '<html></html>      ',
      '',
    ]) {
      assert.equal(imageHeader(Buffer.from(text)), undefined, text);
    }
    assert.equal(imageHeader(Buffer.from([0xff, 0xd8, 0xff, ...Array(40).fill(0xff)])), undefined);
  });
});
