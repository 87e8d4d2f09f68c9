import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { AgentTracer, type Backend, type TracerOptions } from '../../src/tracer/main.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { memoryTracer } from './support/memoryTracer.ts';

describe('What the tracer says', () => {
  it('is nothing where it is off', () => {
    const options = { enabled: false, pricess: {}, prices: { a: { input: -1, output: 1 } } };
    const { tracer, said } = memoryTracer(options as TracerOptions);
    tracer.span('call', {}, span => span.recordLlmCall('some-model-9', { input_tokens: 5 }));
    assert.deepEqual(said, []);
  });

  it('names options that are none, with those that there are', () => {
    const options = {
      enable: true,
      redaction: { path: ['input'], limits: { values: 10, depths: 3 } },
    };
    const { said } = memoryTracer(options as TracerOptions);
    assert.deepEqual(said, [
      'not an option: enable. There are backend, enabled, exitMs, file, git, host, log, prices, redact, redaction, sessionId, signals, source, tags, user, versions',
      'not an option: redaction.path. In redaction there are failed, functions, limits, mode, paths, patterns',
      'not an option: redaction.limits.depths. In redaction.limits there are depth, span, value, values',
    ]);
  });

  it('is nothing of options that there are', () => {
    const { said } = memoryTracer({
      sessionId: 's',
      source: 'always',
      redaction: { mode: 'full', paths: ['input'], limits: { depth: 3 } },
    });
    assert.deepEqual(said, []);
  });

  it('of a call without the name of its model is a whole sentence', () => {
    const { tracer, said } = memoryTracer();
    tracer.span('call', {}, span => span.recordLlmCall('', { input_tokens: 5 }));
    assert.deepEqual(said, ['a call without the name of its model is recorded without a cost']);
  });

  it('of a backend that throws begins with its name', async () => {
    const broken = (name: string | undefined): Backend =>
      ({
        name,
        write: () => {
          throw new Error('no room');
        },
        flush: async () => true,
        close: async () => undefined,
      }) as Backend;
    for (const [name, line] of [
      ['mine', 'mine: no room'],
      [undefined, 'the backend: no room'],
    ] as const) {
      const { tracer, said } = memoryTracer({ backend: broken(name) });
      tracer.span('a', {}, () => undefined);
      await tracer.flush();
      assert.deepEqual(said, [line]);
    }
  });

  it('of an empty file name is which file is written', async () => {
    const folder = temporaryFolder('options');
    const before = process.cwd();
    const said: string[] = [];
    const log = { error: (text: string) => void said.push(text), info: () => undefined };
    try {
      process.chdir(folder.path);
      const tracer = new AgentTracer({ file: '', git: false, signals: false, log });
      tracer.span('a', {}, () => undefined);
      assert.equal(await tracer.flush(), true);
      await tracer.close();
      assert.ok(fs.existsSync(path.join(folder.path, 'agent_traces.db')));
      assert.deepEqual(said, ['the option file is empty: agent_traces.db is written']);
    } finally {
      process.chdir(before);
      folder.remove();
    }
  });
});

describe('A new trace file', () => {
  it('has the rights that the umask leaves, and its log has the same', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = temporaryFolder('rights');
    const file = path.join(folder.path, 'a.db');
    const before = process.umask(0o077);
    try {
      const tracer = new AgentTracer({ file, git: false, signals: false });
      tracer.span('a', {}, () => undefined);
      assert.equal(await tracer.flush(), true);
      process.umask(before);
      const rights = ['', '-wal', '-shm'].map(end => fs.statSync(file + end).mode & 0o777);
      assert.deepEqual(rights, [0o600, 0o600, 0o600]);
      await tracer.close();
    } finally {
      process.umask(before);
      folder.remove();
    }
  });
});
