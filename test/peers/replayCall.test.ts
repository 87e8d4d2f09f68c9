// `agent-traces replay`: a call that the tracer recorded is sent again with the real SDK.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { run } from '../../src/cli/program.ts';
import type { Fields } from '../../src/core/fields.ts';
import { indentJson } from '../../src/core/jsonText.ts';
import { localReader } from '../../src/node/localReader.ts';
import { type ApiRequest, apiMessage, type Reply, startMessagesApi } from '../tools/messagesApi.ts';
import { dist } from '../unit/support/traceDb.ts';
import { cleanUp, key, newFolder, record } from './replay.ts';
import { clock, openInReader } from './views.ts';

const usage = { input_tokens: 200, output_tokens: 20 };
const thinking = { type: 'thinking', thinking: 'Glaciers, "then".', signature: 'EqQBCk+/x==' };
const call = (id: string, q: string) => ({
  type: 'tool_use',
  id,
  name: 'search',
  input: { q, n: 3 },
});
const image = {
  type: 'image',
  source: {
    type: 'base64',
    media_type: 'image/png',
    data: Buffer.alloc(900, 3).toString('base64'),
  },
};
const tools = [{ name: 'search', input_schema: { type: 'object', properties: {} } }];
const answer = (content: readonly Fields[], more: Fields = {}): Reply => ({
  message: apiMessage({ usage, content, stop_reason: 'tool_use', ...more }),
});
const recordedAnswer = answer([{ type: 'text', text: 'Searching.' }, call('toolu_2', 'rates')]);

/** A second turn: thinking that goes back, a picture, a tool's result. */
const body = {
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

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('agent-traces replay', () => {
  let file: string;
  let bytes: Buffer;
  let span: string;
  let runId: string;
  let out: string;
  /** The reader has let go of the file. */
  let closed = false;
  let requests: ApiRequest[] = [];
  let reply: (request: ApiRequest, count: number) => Reply | Promise<Reply>;
  let baseUrl: string;
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
    ({ file } = recording);
    runId = recording.script.runId;
    span = recording.script.exchanges[0]?.spanId ?? '';
    bytes = fs.readFileSync(file);
    const api = await startMessagesApi((request, count) => {
      requests.push(request);
      return reply(request, count - first);
    });
    let first = 0;
    baseUrl = api.baseURL;
    stop = api.close;
    restart = () => {
      first += requests.length;
      requests = [];
    };
  });
  let restart = (): void => undefined;
  beforeEach(() => {
    restart();
    reply = () => recordedAnswer;
    out = path.join(newFolder(), 'made', 'replays.agent-traces.db');
  });
  after(async () => {
    await stop();
    assert.deepEqual(fs.readFileSync(file), bytes, 'the trace file is as it was');
    await cleanUp();
  });

  async function replay(args: readonly string[], more: { key?: string; yes?: boolean } = {}) {
    const said = { code: -1, out: '', err: '' };
    const terminal = {
      write: (text: string) => {
        said.out += text;
      },
      error: (text: string) => {
        said.err += text;
      },
      columns: undefined,
      colour: false,
      zone: 'UTC',
      ...(more.yes !== undefined && { ask: async () => more.yes === true }),
    };
    const env = { ANTHROPIC_API_KEY: more.key ?? key, ANTHROPIC_BASE_URL: baseUrl };
    const reader = () => {
      const made = localReader(dist);
      const close = async (of: string) => {
        closed = true;
        return made.close(of);
      };
      return { ...made, close };
    };
    closed = false;
    said.code = await run(['replay', file, span, ...args], {
      terminal,
      now: Date.now,
      reader,
      version: '0',
      sample: '',
      env,
    });
    assert.ok(!`${said.out}${said.err}`.includes(key), 'the key is said nowhere');
    if (fs.existsSync(path.dirname(out))) {
      for (const name of fs.readdirSync(path.dirname(out))) {
        const kept = fs.readFileSync(path.join(path.dirname(out), name));
        assert.ok(!kept.includes(key), `the key is not in ${name}`);
      }
    }
    return said as Said;
  }
  const sent = (...args: string[]) => replay(['--yes', '--out', out, ...args]);
  const json = async (...args: string[]) => {
    const said = await sent('--json', ...args);
    return { ...said, json: JSON.parse(said.out) };
  };
  const edit = (text: string): string => {
    const name = path.join(newFolder(), 'edit.json');
    fs.writeFileSync(name, text);
    return name;
  };
  const recordedBody = (): string => {
    const { content } = body.messages[1] ?? {};
    return JSON.stringify(content);
  };

  it('sends what was recorded, byte for byte, and finds the same answer', async () => {
    const { code, out: text, err } = await sent();
    assert.deepEqual([code, err], [0, '']);
    const [request] = requests;
    assert.deepEqual(request?.body, { ...body, stream: true });
    assert.ok(JSON.stringify(request?.body).includes(recordedBody()));
    assert.ok(request?.text.includes(JSON.stringify(thinking.signature)));
    assert.ok(request?.text.includes(image.source.data));
    assert.equal(request?.headers['anthropic-beta'], 'context-1m-2025-08-07');
    assert.match(
      text,
      /^chat claude-haiku-4-5 to 127\.0\.0\.1:\d+\nclaude-haiku-4-5: about 200 input tokens, as recorded, at most 500 output tokens\. About \$0\.0003, .*; at most \$0\.0027\.\n/,
    );
    assert.match(
      text,
      /\nThe same answer\.\nThe texts are the same\.\nThe same tool calls, .*: search\.\n/,
    );
    assert.match(text, /\nInput tokens +200 +200 +the same\n/);
    assert.match(text, /\nKept in .*replays\.agent-traces\.db: [0-9a-f-]{36}\n$/);
  });

  it('keeps the replay as a run of its own that opens like any', async () => {
    const { json: said } = await json();
    const [{ runId: replayRun, spanId }] = said.replays;
    const reader = await openInReader(out);
    const { runs } = await reader.runs(out, { filter: 'all', offset: 0, limit: 9, clock: clock() });
    assert.deepEqual(
      runs.map(one => [one.runId, one.name, one.status, one.spans, one.usage.input]),
      [[replayRun, 'replay of chat claude-haiku-4-5', 'ok', 2, 200]],
    );
    const detail = await reader.span(out, spanId, clock());
    assert.equal(detail.span.kind, 'llm');
    assert.equal(detail.span.cost, 200 / 1e6 + (20 * 5) / 1e6);
    const text = async (of: string) => (await reader.text(out, of, 'metadata', 0, 1e6))?.text ?? '';
    const links = { replay_of_run: runId, replay_of_span: span, replay_of_file: file };
    const { request, response, betas, ...own } = JSON.parse(await text(spanId));
    assert.deepEqual(request, { ...body, stream: true });
    assert.deepEqual(response, (recordedAnswer as { message: unknown }).message);
    assert.deepEqual([betas, own.request_id], [['context-1m-2025-08-07'], 'req_0002']);
    const root = JSON.parse(await text(replayRun));
    const { versions, git, price_version, ...rest } = root;
    assert.deepEqual(rest, {
      kind: 'chain',
      ...links,
      replay_edited: [],
      replay_base_url: baseUrl,
    });
    assert.match(versions['@anthropic-ai/sdk'], /^1\./);
    assert.match(git.commit, /^[0-9a-f]{40}$/);
    assert.ok(price_version);
    assert.deepEqual(
      Object.entries(links).map(([name]) => own[name]),
      Object.values(links),
    );
    assert.equal(fs.statSync(out).mode & 0o077, 0, 'nobody else can read it');
  });

  it('sends a replay again, from the file that replays are kept in', async () => {
    const { json: first } = await json();
    const [own, mine] = [file, span];
    [file, span] = [out, first.replays[0].spanId];
    reply = () => {
      assert.ok(closed, 'SQLite would lose its locks where somebody else has the file open');
      return recordedAnswer;
    };
    const again = await json();
    [file, span] = [own, mine];
    assert.deepEqual([again.code, again.json.replays[0].same], [0, true]);
    const reader = await openInReader(out);
    const { matching } = await reader.runs(out, {
      filter: 'all',
      offset: 0,
      limit: 9,
      clock: clock(),
    });
    assert.equal(matching, 2);
  });

  it('sends an edited document as it is written, and says where it was edited', async () => {
    const { out: document } = await replay(['--dry-run']);
    assert.equal(document, indentJson(document.trimEnd()).concat('\n'));
    const text = document
      .replace('glaciers melt', 'rivers rise')
      .replace('"max_tokens": 500', '"max_tokens": 400,\n  "temperature": 1.0');
    reply = () =>
      answer([{ type: 'text', text: 'Sought.' }, call('toolu_9', 'rivers')], {
        usage: { ...usage, output_tokens: 30 },
      });
    const { json: said } = await json('--edit', edit(text));
    assert.equal(requests[0]?.text, text.trimEnd().concat('\n'));
    assert.deepEqual(said.edited, ['max_tokens', 'messages[0].content[1].text', 'temperature']);
    const [one] = said.replays;
    assert.equal(one.same, false);
    assert.equal(one.textDiffersAt, 2);
    const change = {
      kind: 'input',
      name: 'search',
      path: 'q',
      recorded: '"rates"',
      replayed: '"rivers"',
    };
    assert.deepEqual(one.tools, [change]);
    const { out: words } = await sent('--edit', edit(text));
    assert.match(words, /, edited at max_tokens, messages\[0\]\.content\[1\]\.text, temperature\n/);
    assert.match(
      words,
      /The texts differ from character 2 on: recorded “Searching\.”, replayed “Sought\.”\./,
    );
    assert.match(words, /search: another input at q: recorded "rates", replayed "rivers"\./);
    assert.match(words, /Output tokens +20 +30 +\+10\n/);
  });

  it('asks another model', async () => {
    const { json: said } = await json('--model', 'claude-opus-4-5');
    assert.deepEqual(requests[0]?.body, { ...body, model: 'claude-opus-4-5', stream: true });
    assert.deepEqual([said.model, said.edited], ['claude-opus-4-5', ['model']]);
    assert.equal(said.estimate.how, 'length', 'another model counts in another way');
    const unpriced = await sent('--model', 'acme-large-2');
    assert.match(
      unpriced.out,
      /The price of acme-large-2 is not known, so its cost is not estimated\./,
    );
  });

  it('asks several times, and says how far the answers agree', async () => {
    const texts = ['Searching.', 'Now.', 'Searching.', 'Searching.', 'Well.'];
    reply = (_, count) =>
      answer([{ type: 'text', text: texts[count] ?? '' }, call(`t${count}`, 'rates')]);
    const { json: said } = await json('--times', '5');
    assert.equal(requests.length, 5);
    assert.deepEqual(said.agreement, {
      answers: 5,
      failed: 0,
      distinct: 3,
      share: 0.6,
      asRecorded: 3,
      groups: [[1, 3, 4], [2], [5]],
    });
    assert.equal(new Set(said.replays.map((one: Fields) => one.runId)).size, 5);
    const words = await sent('--times', '2');
    assert.match(words.out, /2 times\. About/);
    const reader = await openInReader(out);
    const { matching } = await reader.runs(out, {
      filter: 'all',
      offset: 0,
      limit: 9,
      clock: clock(),
    });
    assert.equal(matching, 7, 'all are in one file');
  });

  it('asks before it sends, and sends nothing where the answer is no', async () => {
    const no = await replay(['--out', out], { yes: false });
    assert.deepEqual([no.code, requests.length], [1, 0]);
    const nobody = await replay(['--out', out]);
    assert.deepEqual([nobody.code, requests.length], [2, 0]);
    assert.match(nobody.err, /^agent-traces: Sending costs money: .*--yes\.\n$/);
    const yes = await replay(['--out', out], { yes: true });
    assert.deepEqual([yes.code, requests.length], [0, 1]);
  });

  it('sends nothing in a dry run, and needs no key for it', async () => {
    const { code, out: document, err } = await replay(['--dry-run'], { key: '' });
    assert.deepEqual([code, requests.length], [0, 0]);
    assert.deepEqual(JSON.parse(document), { ...body, stream: true });
    assert.match(err, /about 200 input tokens/);
    const { out: asJson } = await replay(['--dry-run', '--json'], { key: '' });
    assert.deepEqual(JSON.parse(asJson).request, { ...body, stream: true });
  });

  it('says the name of a model without signs that steer a terminal', async () => {
    const { err } = await replay(['--dry-run', '--model', '\u001b[2Jhaiku\n\r\u009b1A'], {
      key: '',
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about these
    assert.doesNotMatch(err, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    assert.match(err, /haiku .*about [\d,]+ input tokens/);
  });

  it('keeps nothing where that was asked for', async () => {
    const { code, out: text } = await replay(['--yes', '--no-record']);
    assert.equal(code, 0);
    assert.doesNotMatch(text, /Kept in/);
  });

  it('says what is wrong with a document, and where', async () => {
    for (const [text, words] of [
      ['{\n  "model": "m",\n}', /edit\.json:3:1: This is no JSON: a name .* not “}”/],
      [
        '{"model":"m","max_tokens":1.5,"messages":[]}',
        /:1:27: max_tokens must be a whole number.*:1:42: messages is empty/,
      ],
    ] as const) {
      const { code, err } = await sent('--edit', edit(text));
      assert.deepEqual([code, requests.length], [2, 0]);
      assert.match(err, words);
    }
    const { code, err } = await sent('--edit', path.join(newFolder(), 'none.json'));
    assert.deepEqual([code, requests.length], [1, 0]);
    assert.match(err, /^agent-traces: The document .*none\.json cannot be read/);
  });

  it('leaves every file alone that is not one of replays', async () => {
    const folder = newFolder();
    const text = path.join(folder, 'notes.txt');
    fs.writeFileSync(text, 'mine');
    const copy = path.join(folder, 'agent_traces.db');
    fs.copyFileSync(file, copy);
    const link = path.join(folder, 'link.db');
    fs.symlinkSync(copy, link);
    for (const name of [text, copy, link]) {
      const own = fs.readFileSync(name);
      const { code, err } = await replay(['--yes', '--out', name]);
      assert.deepEqual([code, requests.length], [1, 0], 'nothing was paid for');
      assert.match(err, /is no file of replays, and is left as it is/);
      assert.deepEqual(fs.readFileSync(name), own);
    }
    assert.deepEqual(fs.readdirSync(folder).sort(), ['agent_traces.db', 'link.db', 'notes.txt']);
  });

  it('says why no answer came, keeps what did, and stops there', async () => {
    const message = apiMessage({ usage, content: [{ type: 'text', text: 'Searching, then' }] });
    reply = (_, count) => (count === 0 ? recordedAnswer : { message, events: 4, after: 'cut' });
    const { code, json: said } = await json('--times', '4');
    assert.deepEqual([code, requests.length], [1, 2]);
    const [, broken] = said.replays;
    assert.equal(broken.error.code, 'replayBrokeOff');
    assert.equal(broken.answer.text, 'Searching, the');
    assert.deepEqual([said.agreement.answers, said.agreement.failed], [1, 1]);
    const reader = await openInReader(out);
    const detail = await reader.span(out, broken.spanId, clock());
    assert.equal(detail.span.status, 'error');
    assert.match(detail.error?.text ?? '', /^The answer of 127\.0\.0\.1:\d+ broke off/);
    const metadata = await reader.text(out, broken.spanId, 'metadata', 0, 1e6);
    assert.equal(JSON.parse(metadata?.text ?? '').incomplete, true);
    reply = () => ({ status: 401, error: { type: 'authentication_error', message: `no ${key}` } });
    const refused = await sent();
    assert.equal(refused.code, 1);
    assert.match(refused.err, /refused the API key: no \[API key\]\. Give a key/);
  });

  it('has a next step where there is no key, no call and no request', async () => {
    const noKey = await replay(['--yes'], { key: '' });
    assert.deepEqual([noKey.code, requests.length], [1, 0]);
    assert.match(noKey.err, /no API key to send with\. Set one, or .*ANTHROPIC_API_KEY/);
    const call = span;
    span = runId;
    const root = await replay(['--yes']);
    span = call;
    assert.equal(root.code, 1);
    assert.match(root.err, /"agent" is no model call, and only these are sent again/);
  });

  it('is cancelled by Ctrl-C: what came is kept', async () => {
    const content = [{ type: 'text', text: 'Searching, then' }];
    reply = () => ({ message: apiMessage({ usage, content }), events: 4, after: 'hang' });
    const cli = path.join(dist, 'cli.js');
    const env = { ...process.env, ANTHROPIC_API_KEY: key, NODE_NO_WARNINGS: '1' };
    const args = ['replay', file, span, '--yes', '--json', '--out', out, '--base-url', baseUrl];
    const child = spawn(process.execPath, [cli, ...args], { env });
    let [text, err] = ['', ''];
    child.stdout.on('data', part => {
      text += part;
    });
    child.stderr.on('data', part => {
      err += part;
    });
    const ended = new Promise(resolve => child.once('close', resolve));
    while (requests.length === 0) await new Promise(resolve => setTimeout(resolve, 10));
    await new Promise(resolve => setTimeout(resolve, 200));
    child.kill('SIGINT');
    assert.equal(await ended, 1, err);
    const [one] = JSON.parse(text).replays;
    assert.deepEqual([one.error.code, one.answer.text], ['cancelled', 'Searching, the']);
    const reader = await openInReader(out);
    const detail = await reader.span(out, one.spanId, clock());
    assert.equal(detail.error?.text, 'aborted by the caller');
    assert.ok(!`${text}${err}`.includes(key) && !fs.readFileSync(out).includes(key));
  });
});
