// What the tests of the replay share: an agent, its recorded run, and the run replayed.
import fs from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import type { ReplayEvent } from '../../src/core/replay/replayEvents.ts';
import type { ReplayServer, ReplayServerOptions } from '../../src/core/replay/replayServing.ts';
import type { RunScript } from '../../src/core/replay/script.ts';
import { readRunScript } from '../../src/node/readScript.ts';
import { startReplayServer } from '../../src/node/replayServer.ts';
import { AgentTracer, instrumentAnthropic } from '../../src/tracer/main.ts';
import { type ApiRequest, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { tempFolder } from './python.ts';
import { clock, runsIn } from './views.ts';

export const key = 'sk-ant-api03-the-marked-key-0123456789abcdef';

/** An agent: what it has to show for itself at its end is compared. */
export type Agent = (client: Anthropic, tracer: AgentTracer | undefined) => Promise<unknown>;

/** A recorded run, and what came of it. */
export interface Recording {
  readonly file: string;
  readonly script: RunScript;
  readonly result: unknown;
}

const folders: string[] = [];
const servers: ReplayServer[] = [];

export async function cleanUp(): Promise<void> {
  for (const server of servers.splice(0)) {
    await server.close();
    await server.stored();
  }
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

export function newFolder(): string {
  const folder = tempFolder();
  folders.push(folder);
  return folder;
}

export async function record(
  reply: (request: ApiRequest, count: number) => Reply | Promise<Reply>,
  agent: Agent,
): Promise<Recording> {
  const file = path.join(newFolder(), 'agent_traces.db');
  const api = await startMessagesApi(reply);
  const tracer = new AgentTracer({ file, git: false, signals: false });
  const plain = new Anthropic({ apiKey: key, baseURL: api.baseURL });
  try {
    const client = instrumentAnthropic(plain, tracer);
    const result = await tracer.run('agent', undefined, () => agent(client, tracer));
    return { file, result, script: await scriptOf(file, () => tracer.close()) };
  } finally {
    await api.close();
  }
}

export async function scriptOf(file: string, first: () => Promise<unknown>): Promise<RunScript> {
  await first();
  const { reader, runs } = await runsIn(file);
  return readRunScript(reader, file, runs[0] ?? { runId: '', name: '' }, clock());
}

export interface Replayed {
  readonly server: ReplayServer;
  readonly events: readonly ReplayEvent[];
  readonly client: Anthropic;
}

export async function serve(
  script: RunScript,
  options: Partial<ReplayServerOptions> = {},
): Promise<Replayed> {
  const events: ReplayEvent[] = [];
  const onEvent = (event: ReplayEvent): void => void events.push(event);
  const server = await startReplayServer({ script, onEvent, ...options });
  servers.push(server);
  return { server, events, client: new Anthropic({ apiKey: key, baseURL: server.baseUrl }) };
}
