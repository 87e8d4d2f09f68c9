// What the tests of `agent-traces replay` share: a recorded call, and a server that it is sent to again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { run } from '../../src/cli/program.ts';
import type { Fields } from '../../src/core/fields.ts';
import { localReader } from '../../src/node/localReader.ts';
import { type ApiRequest, apiMessage, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { keptTerminal } from '../unit/support/terminal.ts';
import { dist } from '../unit/support/traceDb.ts';
import { cleanUp, key, newFolder, record } from './replay.ts';

export const usage = { input_tokens: 200, output_tokens: 20 };
export const thinking = {
  type: 'thinking',
  thinking: 'Glaciers, "then".',
  signature: 'EqQBCk+/x==',
};
export const call = (id: string, q: string) => ({
  type: 'tool_use',
  id,
  name: 'search',
  input: { q, n: 3 },
});
export const image = {
  type: 'image',
  source: {
    type: 'base64',
    media_type: 'image/png',
    data: Buffer.alloc(900, 3).toString('base64'),
  },
};
const tools = [{ name: 'search', input_schema: { type: 'object', properties: {} } }];
export const answer = (content: readonly Fields[], more: Fields = {}): Reply => ({
  message: apiMessage({ usage, content, stop_reason: 'tool_use', ...more }),
});
export const recordedAnswer = answer([
  { type: 'text', text: 'Searching.' },
  call('toolu_2', 'rates'),
]);

/** A second turn: thinking that goes back, a picture, a tool's result. */
export const body = {
  model: 'claude-haiku-4-5',
  max_tokens: 500,
  tools,
  messages: [
    { role: 'user', content: [image, { type: 'text', text: 'How fast do glaciers melt?' }] },
    { role: 'assistant', content: [thinking, call('toolu_1', 'glaciers')] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Slowly: 1.0 m' }],
    },
  ],
};

export interface Scene {
  /** Where the call is recorded, and which it is. */
  file: string;
  span: string;
  readonly runId: string;
  readonly baseUrl: string;
  /** Where its replays are kept; another file for each test. */
  readonly out: string;
  /** What a test sent. */
  readonly requests: readonly ApiRequest[];
  /** What the server answers; as recorded where a test says nothing else. */
  reply: (request: ApiRequest, count: number) => Reply | Promise<Reply>;
  /** The reader has let go of the file. */
  readonly closed: boolean;
}

/** For the tests of a `describe`: a call that is recorded once, and that each of them sends again. */
export function replayedCall() {
  const requests: ApiRequest[] = [];
  const scene = {
    ...{ file: '', span: '', runId: '', baseUrl: '', out: '', requests, closed: false },
    reply: (): Reply => recordedAnswer,
  } as { -readonly [K in keyof Scene]: Scene[K] };
  let bytes: Buffer;
  let stop: () => Promise<void>;

  before(async () => {
    const recording = await record(
      () => recordedAnswer,
      async client =>
        client.beta.messages.create({
          ...(body as unknown as Anthropic.Beta.MessageCreateParamsNonStreaming),
          betas: ['context-1m-2025-08-07'],
        }),
    );
    scene.file = recording.file;
    scene.runId = recording.script.runId;
    scene.span = recording.script.exchanges[0]?.spanId ?? '';
    bytes = fs.readFileSync(scene.file);
    const api = await startMessagesApi(request => {
      requests.push(request);
      return scene.reply(request, requests.length - 1);
    });
    scene.baseUrl = api.baseURL;
    stop = api.close;
  });
  beforeEach(() => {
    requests.length = 0;
    scene.reply = () => recordedAnswer;
    scene.out = path.join(newFolder(), 'made', 'replays.agent-traces.db');
  });
  after(async () => {
    await stop();
    assert.deepEqual(fs.readFileSync(scene.file), bytes, 'the trace file is as it was');
    await cleanUp();
  });

  async function replay(args: readonly string[], more: { key?: string; yes?: boolean } = {}) {
    const { said, terminal } = keptTerminal(
      more.yes === undefined ? {} : { ask: async () => more.yes === true },
    );
    const env = { ANTHROPIC_API_KEY: more.key ?? key, ANTHROPIC_BASE_URL: scene.baseUrl };
    const reader = () => {
      const made = localReader(dist);
      const close = async (of: string) => {
        scene.closed = true;
        return made.close(of);
      };
      return { ...made, close };
    };
    scene.closed = false;
    said.code = await run(['replay', scene.file, scene.span, ...args], {
      terminal,
      now: Date.now,
      reader,
      version: '0',
      sample: '',
      env,
    });
    assert.ok(!`${said.out}${said.err}`.includes(key), 'the key is said nowhere');
    const made = path.dirname(scene.out);
    if (fs.existsSync(made)) {
      for (const name of fs.readdirSync(made)) {
        const kept = fs.readFileSync(path.join(made, name));
        assert.ok(!kept.includes(key), `the key is not in ${name}`);
      }
    }
    return said;
  }
  const sent = (...args: string[]) => replay(['--yes', '--out', scene.out, ...args]);
  const json = async (...args: string[]) => {
    const said = await sent('--json', ...args);
    return { ...said, json: JSON.parse(said.out) };
  };
  return { scene: scene as Scene, replay, sent, json };
}

/** A document of its own, to be sent with `--edit`. */
export function edit(text: string): string {
  const name = path.join(newFolder(), 'edit.json');
  fs.writeFileSync(name, text);
  return name;
}
