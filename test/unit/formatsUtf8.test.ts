import assert from 'node:assert/strict';
import { decodeUtf8, type Repairs } from '../../src/formats/utf8.ts';

const decoded = (bytes: Uint8Array): [text: string, repaired: number] => {
  const repairs: Repairs = { texts: 0 };
  return [decodeUtf8(bytes, 0, bytes.length, repairs), repairs.texts];
};

describe('texts of UTF-8', () => {
  const host = new TextDecoder('utf-8', { ignoreBOM: true });

  it('are what the host makes of them, however often and in whatever order they come', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    // Few letters, so that texts that are alike, and halves of characters, come often.
    const letters = [0x61, 0x62, 0x2e, 0xc3, 0xa9, 0xff, 0x00];
    const texts = Array.from({ length: 3000 }, () =>
      Uint8Array.from({ length: random(5) === 0 ? 60 + random(10) : random(5) }, () =>
        Number(letters[random(letters.length)]),
      ),
    );
    for (const bytes of [...texts, ...texts]) {
      assert.equal(decoded(bytes)[0], host.decode(bytes));
    }
  });

  it('count as repaired each time they come', () => {
    const broken = Uint8Array.of(0x61, 0xff);
    assert.deepEqual(
      [decoded(broken), decoded(broken)],
      [
        ['a\ufffd', 1],
        ['a\ufffd', 1],
      ],
    );
    // The mark itself was sent, or a letter whose code is the byte that is none.
    assert.deepEqual(decoded(Uint8Array.of(0xef, 0xbf, 0xbd)), ['\ufffd', 0]);
    assert.deepEqual(decoded(Uint8Array.of(0xc3, 0xbf)), ['ÿ', 0]);
    assert.deepEqual(decoded(Uint8Array.of(0xff)), ['\ufffd', 1]);
  });
});
