import assert from 'node:assert/strict';
import type http from 'node:http';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { Held, receiveBody } from '../../src/node/receiverBody.ts';

const million = Buffer.alloc(1_000_000, 'x');
const packed = zlib.gzipSync(million);

function incoming(bytes: Buffer): http.IncomingMessage {
  const headers = { 'content-length': String(bytes.length) };
  return Object.assign(Readable.from([bytes]), { headers }) as unknown as http.IncomingMessage;
}

describe('Bodies of requests', () => {
  it('count as what they are once nothing is compressed, also while they are on their way', async () => {
    const held = new Held(2_500_000);
    const shares = Array.from({ length: 8 }, () => ({ bytes: 0 }));
    const all = await Promise.all(
      shares.map(share => receiveBody(incoming(packed), 'gzip', 3_000_000, held, share)),
    );
    const sum = shares.reduce((bytes, share) => bytes + share.bytes, 0);
    assert.ok(sum <= 2_500_000, `${sum} bytes are held of 2,500,000`);
    for (const body of all) {
      if ('problem' in body) assert.equal(body.problem, 'no-room');
      else assert.equal(Buffer.compare(million, body.bytes), 0);
    }
    for (const share of shares) held.free(share);
    const share = { bytes: 0 };
    const body = await receiveBody(incoming(packed), 'gzip', 3_000_000, held, share);
    assert.deepEqual([Object.keys(body), share.bytes], [['bytes'], 1_000_000], 'all was let go of');
  });

  it('have room where no other is held, whatever the bound', async () => {
    const share = { bytes: 0 };
    const body = await receiveBody(incoming(packed), 'gzip', 3_000_000, new Held(10), share);
    assert.ok('bytes' in body);
  });

  it('say what is wrong with them', async () => {
    const problem = async (bytes: Buffer, limit: number) =>
      receiveBody(incoming(bytes), 'gzip', limit, new Held(3_000_000), { bytes: 0 });
    assert.deepEqual(await problem(packed, 999_999), { problem: 'too-long' });
    assert.deepEqual(await problem(packed.subarray(0, -9), 3_000_000), {
      problem: 'not-compressed',
    });
    assert.deepEqual(await problem(million, 3_000_000), { problem: 'not-compressed' });
  });
});
