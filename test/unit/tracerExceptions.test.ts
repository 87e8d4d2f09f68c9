import assert from 'node:assert/strict';
import vm from 'node:vm';
import type { TracerOptions } from '../../src/tracer/main.ts';
import { memoryTracer } from './support/memoryTracer.ts';

const secret = `sk-ant-${'api03'}-${'Ab3_'.repeat(10)}-AA`;

class QuotaError extends Error {}

/** The exception events of a run and of the tool in it that threw. */
async function thrownIn(error: unknown, options: TracerOptions = {}) {
  const { tracer, memory, rows } = memoryTracer(options);
  const failing = () =>
    tracer.run('run', undefined, () =>
      tracer.span('tool', {}, () => {
        throw error;
      }),
    );
  assert.throws(failing, (caught: unknown) => caught === error);
  const found = await rows();
  const eventsOf = (name: string) =>
    memory.events
      .filter(event => event.spanId === found.get(name)?.spanId)
      .map(event => [event.name, JSON.parse(event.attributes)] as const);
  const [tool, ...others] = eventsOf('tool');
  assert.deepEqual(others, []);
  return {
    name: tool?.[0],
    fields: tool?.[1],
    above: eventsOf('run'),
    error: found.get('tool')?.error,
  };
}

describe('An error that a span fails by', () => {
  it('is kept with class and stack; its message stays the error of the span', async () => {
    const { name, fields, above, error } = await thrownIn(new QuotaError('used up'));
    assert.deepEqual(
      [name, fields['exception.type'], fields['exception.message'], error],
      ['exception', 'QuotaError', 'used up', 'used up'],
    );
    assert.match(fields['exception.stacktrace'], /used up\n\s+at .*tracerExceptions\.test\.ts/);
    assert.deepEqual(
      above,
      [['exception', { 'exception.type': 'QuotaError', 'exception.message': 'used up' }]],
      'the stack stands with the innermost span',
    );
  });

  it('is kept with its causes and the errors that it holds', async () => {
    const cause = new TypeError('no host', { cause: 'the name server' });
    const error = new AggregateError(
      [new RangeError('first'), new QuotaError('second')],
      'both failed',
      { cause },
    );
    // A cause that goes round.
    (error.errors[1] as Error).cause = error;
    const { fields } = await thrownIn(error);
    const stack: string = fields['exception.stacktrace'];
    const heads = stack.split('\n').filter(line => !/^\s+at /.test(line));
    assert.deepEqual(heads, [
      'AggregateError: both failed',
      'Caused by: TypeError: no host',
      'One of its errors: RangeError: first',
      'One of its errors: Error: second',
      'Caused by: the name server',
    ]);
    assert.equal(fields['exception.type'], 'AggregateError');
  });

  it('is bounded, however long its message and the list of its causes are', async () => {
    let error = new Error('x'.repeat(100_000));
    for (let i = 0; i < 50_000; i++) error = new Error(`cause ${i}`, { cause: error });
    const { fields } = await thrownIn(error);
    assert.match(fields['exception.stacktrace'], /Caused by: Error: cause 49990/);
    assert.ok(JSON.stringify(fields).length < 40_000);
    const long = await thrownIn(new Error('y'.repeat(100_000)));
    assert.ok(JSON.stringify(long.fields).length < 60_000);
  });

  it('may be of another realm, or lie about itself; what is no error has its words alone', async () => {
    const other = await thrownIn(vm.runInNewContext('new TypeError("from there")'));
    assert.equal(other.fields['exception.type'], 'TypeError');
    const hostile = new Error('hides');
    for (const key of ['name', 'stack', 'cause', 'constructor']) {
      Object.defineProperty(hostile, key, {
        get() {
          throw new Error('not for you');
        },
      });
    }
    assert.deepEqual((await thrownIn(hostile)).fields, {
      'exception.type': 'Error',
      'exception.message': 'hides',
      'exception.stacktrace': 'Error: hides',
    });
    for (const thrown of ['words', undefined, { code: 4 }]) {
      assert.equal((await thrownIn(thrown)).fields, undefined);
    }
  });

  it('is redacted as what spans keep', async () => {
    const error = () => new Error(`no access with ${secret}`);
    const full = await thrownIn(error(), { redaction: 'full' });
    assert.match(full.fields['exception.message'], /^no access with \[redacted:/);
    assert.match(full.fields['exception.stacktrace'], /^Error: no access with \[redacted:/);
    const { fields } = await thrownIn(error(), { redaction: 'metadata' });
    assert.equal(fields['exception.type'], 'Error');
    assert.deepEqual(Object.keys(fields).sort(), ['exception.type', 'redacted']);
  });
});
