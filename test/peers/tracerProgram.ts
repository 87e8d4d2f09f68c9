// An agent that records itself: tracerProgram.ts <file> <what> [<name>]. Run by tracer.test.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentTracer, JsonLinesBackend, OtlpBackend } from '../../src/tracer/main.ts';

const [file = '', what = '', name = 'agent'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tracer = new AgentTracer({ file, git: false, log: { error: say, info: say } });

async function oneRun(run: string): Promise<void> {
  await tracer.run(run, { question: run }, async () => {
    await tracer.span('llm_call', { kind: 'llm' }, async span => {
      span.metadata.request = { messages: [{ role: 'user', content: 'x'.repeat(500) }] };
      span.recordLlmCall('claude-haiku-4-5', { input_tokens: 10, output_tokens: 2 });
    });
    await Promise.all(
      ['a', 'b'].map(tool =>
        tracer.span(`tool_${tool}`, { kind: 'tool' }, async s => s.event('e')),
      ),
    );
  });
}

const programs: Record<string, () => Promise<void>> = {
  /** Says which run is flushed, until it is killed. */
  async flushing() {
    for (let i = 0; ; i++) {
      await oneRun(`${name} ${i}`);
      if (i % 3 === 0 && (await tracer.flush())) say(`${i}`);
    }
  },
  /** Says what its flushes say. */
  async flushes() {
    for (let i = 0; i < 2; i++) {
      await oneRun('flushes');
      say(`${await tracer.flush()}`);
    }
    say(`${await tracer.flush()}`);
    await tracer.close();
  },
  async hundred() {
    for (let i = 0; i < 100; i++) {
      await oneRun(`${name} ${i}`);
      if (i % 10 === 0) await sleep(3);
    }
    if (!(await tracer.flush())) process.exitCode = 3;
  },
  /** Sends to an address, and ends without a flush. */
  async sends() {
    const backend = new OtlpBackend(name, { env: {} });
    const other = new AgentTracer({ backend, git: false, log: { error: say, info: say } });
    await other.run('sends', undefined, async () => other.span('tool', {}, () => undefined));
  },
  /** Ends without a flush. */
  async ends() {
    await oneRun('ends');
    process.exitCode = 7;
  },
  async exits() {
    await tracer.run('exits', undefined, () => process.exit(9));
  },
  async throws() {
    await tracer.run('throws', undefined, async () => {
      await sleep(1);
      setTimeout(() => {
        throw new Error('nobody catches this');
      });
      await sleep(10_000);
    });
  },
  async waits() {
    await tracer.run('waits', undefined, async () => {
      await tracer.span('inner', {}, async () => {
        say('ready');
        await sleep(20_000);
      });
    });
  },
  async handles() {
    process.once('SIGTERM', () => {
      setTimeout(() => process.exit(5), 50);
    });
    await programs.waits?.();
  },
  /** Ends, in one way or the other, while the tracer is being closed. */
  async closing() {
    for (let i = 0; i < 3000; i++) tracer.run('run', 'x'.repeat(2000), () => undefined);
    const closed = tracer.close();
    if (name === 'exit') {
      // Until the recorder has been asked.
      await Promise.resolve();
      process.exit(0);
    }
    setImmediate(() => process.kill(process.pid, 'SIGTERM'));
    await closed;
  },
  /** Closes twice, and says when the second one came back. */
  async closesTwice() {
    for (let i = 0; i < 3000; i++) tracer.run('run', 'x'.repeat(2000), () => undefined);
    void tracer.close().then(() => say('first'));
    await tracer.close();
    say('second');
  },
  /** Ends some milliseconds after it recorded more than one write takes. */
  async lines() {
    const lines = new AgentTracer({
      backend: new JsonLinesBackend(file),
      git: false,
      source: false,
    });
    for (let i = 0; i < 4000; i++) {
      lines.run(`run ${i}`, 'x'.repeat(2000), run => run.event('e'));
    }
    setTimeout(() => process.exit(0), Number(name));
  },
};

await programs[what]?.();
