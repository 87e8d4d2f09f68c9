import assert from 'node:assert/strict';
import { TraceError, type TraceErrorCode } from '../../src/core/errors.ts';
import { answer, asApi, Caller, type Request } from '../../src/protocol/rpc.ts';

interface Fruit {
  peel(name: string): Promise<string>;
  drop(): Promise<void>;
}
const methods = ['peel', 'drop'] as const;
const failing = (thrown: unknown): Fruit => ({
  peel: () => {
    throw thrown;
  },
  drop: () => Promise.reject(thrown),
});
const call = (method: string, args: readonly unknown[] = []) =>
  ({ kind: 'call', id: 1, method, args }) as const;

/** A caller, what it sent, and its api. */
function connect() {
  const sent: Request[] = [];
  const caller = new Caller<Fruit>(request => sent.push(request));
  return { sent, caller, api: asApi<Fruit>(caller, methods) };
}
const code = (wanted: TraceErrorCode) => (error: unknown) =>
  error instanceof TraceError && error.code === wanted;

describe('rpc: answering', () => {
  it('gives the value under the id of the call', async () => {
    const reply = await answer<Fruit>(
      { ...failing(0), peel: async n => `${n}!` },
      methods,
      call('peel', ['fig']),
    );
    assert.deepEqual(reply, { kind: 'ok', id: 1, value: 'fig!' });
  });

  it('answers whatever a handler throws, at once or later', async () => {
    const hostile = {
      toString: () => {
        throw new Error('no words');
      },
    };
    for (const thrown of [
      new Error('x'),
      'x',
      undefined,
      null,
      Symbol('x'),
      Object.create(null),
      hostile,
    ]) {
      for (const method of methods) {
        const reply = await answer(failing(thrown), methods, call(method));
        assert.equal(reply.kind === 'failed' && reply.code, 'unexpected');
      }
    }
  });

  it('keeps the code, words and cause of a failure that has words', async () => {
    const error = new TraceError('damaged', ['a.db', 'page 3'], new Error('deep'));
    const reply = await answer(failing(error), methods, call('drop'));
    assert.ok(reply.kind === 'failed');
    assert.deepEqual([reply.code, reply.args], ['damaged', ['a.db', 'page 3']]);
    assert.match(reply.stack, /caused by Error: deep/);
  });

  it('answers calls of methods that are not offered, and calls without arguments', async () => {
    for (const method of ['steal', 'constructor', '__proto__', 'toString']) {
      const reply = await answer(failing(0), methods, call(method));
      assert.equal(reply.kind, 'failed', method);
    }
    const broken = {
      kind: 'call',
      id: 1,
      method: 'peel',
      args: undefined,
    } as unknown as ReturnType<typeof call>;
    assert.equal((await answer(failing(0), methods, broken)).kind, 'failed');
  });
});

describe('rpc: calling', () => {
  it('resolves each call with its own answer, in any order', async () => {
    const { caller, api } = connect();
    const both = Promise.all([api.peel('a'), api.peel('b')]);
    caller.receive({ kind: 'ok', id: 2, value: 'B' });
    caller.receive({ kind: 'ok', id: 1, value: 'A' });
    assert.deepEqual(await both, ['A', 'B']);
  });

  it('rejects with the words of the other side', async () => {
    const { caller, api } = connect();
    const one = api.drop();
    caller.receive({ kind: 'failed', id: 1, code: 'runMissing', args: [], stack: 'theirs' });
    await assert.rejects(one, code('runMissing'));
  });

  it('rejects a failure whose code it does not know, instead of never', async () => {
    for (const unknown of ['fromTheFuture', 'constructor']) {
      const { caller, api } = connect();
      const one = api.drop();
      caller.receive({
        kind: 'failed',
        id: 1,
        code: unknown as TraceErrorCode,
        args: [],
        stack: '',
      });
      await assert.rejects(one, code('unexpected'));
    }
  });

  it('rejects where sending fails', async () => {
    const caller = new Caller<Fruit>(() => {
      throw new Error('channel closed');
    });
    await assert.rejects(caller.call('drop'), /channel closed/);
  });

  it('rejects everything still open when the other side is gone', async () => {
    const { caller, api } = connect();
    const open = Promise.allSettled([api.drop(), api.peel('a')]);
    caller.close(new TraceError('readerStopped', ['code 1']));
    for (const one of await open)
      assert.ok(one.status === 'rejected' && code('readerStopped')(one.reason));
  });

  it('cancels once, tells the other side, and drops the late answer', async () => {
    const { caller, sent } = connect();
    const one = caller.call('peel', 'a');
    one.cancel();
    one.cancel();
    caller.receive({ kind: 'ok', id: 1, value: 'late' });
    await assert.rejects(one, code('cancelled'));
    assert.deepEqual(
      sent.map(request => request.kind),
      ['call', 'cancel'],
    );
  });

  it('cancels without throwing when the other side is gone', async () => {
    let gone = false;
    const caller = new Caller<Fruit>(() => {
      if (gone) throw new Error('channel closed');
    });
    const one = caller.call('drop');
    gone = true;
    one.cancel();
    await assert.rejects(one, code('cancelled'));
  });

  it('drops answers that nobody waits for', () => {
    const { caller } = connect();
    caller.receive({ kind: 'ok', id: 99, value: 0 });
    caller.receive({ kind: 'failed', id: 99, code: 'cancelled', args: [], stack: '' });
  });
});
