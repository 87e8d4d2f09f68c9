// Runs the sample agent and records it: agent.ts [<trace file>]. Against a scripted model on this machine, or,
// with AGENT_TRACES_REAL_API=1 and ANTHROPIC_API_KEY, against the real API.
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { AgentTracer, instrumentAnthropic } from '../../src/tracer/main.ts';
import { researcher } from './agent/research.ts';
import { questions, scriptedModel } from './agent/script.ts';
import { startMessagesApi } from './messagesApi.ts';

/** Asks the agent its questions; two of the runs fail, as agents do. */
export async function recordSampleAgent(file: string): Promise<readonly string[]> {
  const real = process.env.AGENT_TRACES_REAL_API === '1';
  const api = real ? undefined : await startMessagesApi(scriptedModel());
  const tracer = new AgentTracer({ file, sessionId: 'sample agent', signals: false });
  const client = instrumentAnthropic(
    api ? new Anthropic({ apiKey: 'none', baseURL: api.baseURL }) : new Anthropic(),
    tracer,
  );
  const ask = researcher(client, tracer);
  const answers: string[] = [];
  try {
    for (const question of questions) {
      answers.push(await ask(question).catch(error => `failed: ${error.message}`));
    }
  } finally {
    await tracer.close();
    await api?.close();
  }
  return answers;
}

if (import.meta.main) {
  const file = path.resolve(process.argv[2] ?? 'agent_traces.db');
  for (const answer of await recordSampleAgent(file)) console.log(answer);
  console.log(`recorded in ${file}`);
}
