// The sample agent as a program of its own: replayProgram.ts QUESTION [FILE]. It knows of no replay; where
// its API is stands in its environment. With a file, its run is recorded. LIBRARY changes pages of its tools.
import Anthropic from '@anthropic-ai/sdk';
import { AgentTracer, instrumentAnthropic, MemoryBackend } from '../../src/tracer/main.ts';
import { rewrite } from '../tools/agent/library.ts';
import { researcher } from '../tools/agent/research.ts';

rewrite(JSON.parse(process.env.LIBRARY ?? '{}'));
const [question = '', file] = process.argv.slice(2);
const where = file === undefined ? { backend: new MemoryBackend() } : { file };
const tracer = new AgentTracer({ ...where, git: false, signals: false });
const ask = researcher(instrumentAnthropic(new Anthropic(), tracer), tracer);
try {
  console.log(await ask(question));
} catch (error) {
  console.log(`failed: ${(error as Error).message}`);
  process.exitCode = 3;
}
await tracer.close();
