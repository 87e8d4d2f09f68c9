// What `agent-traces replay` does not send, and what it says and keeps where no answer comes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { apiMessage } from '../tools/messagesApi.ts';
import { dist } from '../unit/support/traceDb.ts';
import { key, newFolder } from './replay.ts';
import { body, edit, recordedAnswer, replayedCall, usage } from './replayedCall.ts';
import { clock, openInReader } from './views.ts';

describe('agent-traces replay', () => {
  const { scene, replay, sent, json } = replayedCall();

  it('asks before it sends, and sends nothing where the answer is no', async () => {
    const no = await replay(['--out', scene.out], { yes: false });
    assert.deepEqual([no.code, scene.requests.length], [1, 0]);
    const nobody = await replay(['--out', scene.out]);
    assert.deepEqual([nobody.code, scene.requests.length], [2, 0]);
    assert.match(nobody.err, /^agent-traces: Sending costs money: .*--yes\.\n$/);
    const yes = await replay(['--out', scene.out], { yes: true });
    assert.deepEqual([yes.code, scene.requests.length], [0, 1]);
  });

  it('sends nothing in a dry run, and needs no key for it', async () => {
    const { code, out: document, err } = await replay(['--dry-run'], { key: '' });
    assert.deepEqual([code, scene.requests.length], [0, 0]);
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
      assert.deepEqual([code, scene.requests.length], [2, 0]);
      assert.match(err, words);
    }
    const { code, err } = await sent('--edit', path.join(newFolder(), 'none.json'));
    assert.deepEqual([code, scene.requests.length], [1, 0]);
    assert.match(err, /^agent-traces: The document .*none\.json cannot be read/);
  });

  it('leaves every file alone that is not one of replays', async () => {
    const folder = newFolder();
    const text = path.join(folder, 'notes.txt');
    fs.writeFileSync(text, 'mine');
    const copy = path.join(folder, 'agent_traces.db');
    fs.copyFileSync(scene.file, copy);
    const link = path.join(folder, 'link.db');
    fs.symlinkSync(copy, link);
    for (const name of [text, copy, link]) {
      const own = fs.readFileSync(name);
      const { code, err } = await replay(['--yes', '--out', name]);
      assert.deepEqual([code, scene.requests.length], [1, 0], 'nothing was paid for');
      assert.match(err, /is no file of replays, and is left as it is/);
      assert.deepEqual(fs.readFileSync(name), own);
    }
    assert.deepEqual(fs.readdirSync(folder).sort(), ['agent_traces.db', 'link.db', 'notes.txt']);
  });

  it('says why no answer came, keeps what did, and stops there', async () => {
    const message = apiMessage({ usage, content: [{ type: 'text', text: 'Searching, then' }] });
    scene.reply = (_, count) =>
      count === 0 ? recordedAnswer : { message, events: 4, after: 'cut' };
    const { code, json: said } = await json('--times', '4');
    assert.deepEqual([code, scene.requests.length], [1, 2]);
    const [, broken] = said.replays;
    assert.equal(broken.error.code, 'replayBrokeOff');
    assert.equal(broken.answer.text, 'Searching, the');
    assert.deepEqual([said.agreement.answers, said.agreement.failed], [1, 1]);
    const reader = await openInReader(scene.out);
    const detail = await reader.span(scene.out, broken.spanId, clock());
    assert.equal(detail.span.status, 'error');
    assert.match(detail.error?.text ?? '', /^The answer of 127\.0\.0\.1:\d+ broke off/);
    const metadata = await reader.text(scene.out, broken.spanId, 'metadata', 0, 1e6);
    assert.equal(JSON.parse(metadata?.text ?? '').incomplete, true);
    scene.reply = () => ({
      status: 401,
      error: { type: 'authentication_error', message: `no ${key}` },
    });
    const refused = await sent();
    assert.equal(refused.code, 1);
    assert.match(refused.err, /refused the API key: no \[API key\]\. Give a key/);
  });

  it('has a next step where there is no key, no call and no request', async () => {
    const noKey = await replay(['--yes'], { key: '' });
    assert.deepEqual([noKey.code, scene.requests.length], [1, 0]);
    assert.match(noKey.err, /no API key to send with\. Set one, or .*ANTHROPIC_API_KEY/);
    const call = scene.span;
    scene.span = scene.runId;
    const root = await replay(['--yes']);
    scene.span = call;
    assert.equal(root.code, 1);
    assert.match(root.err, /"agent" is no model call, and only these are sent again/);
  });

  it('is cancelled by Ctrl-C: what came is kept', async () => {
    const content = [{ type: 'text', text: 'Searching, then' }];
    scene.reply = () => ({ message: apiMessage({ usage, content }), events: 4, after: 'hang' });
    const cli = path.join(dist, 'cli.js');
    const env = { ...process.env, ANTHROPIC_API_KEY: key, NODE_NO_WARNINGS: '1' };
    const { file, span, out, baseUrl } = scene;
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
    while (scene.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 10));
    await new Promise(resolve => setTimeout(resolve, 200));
    child.kill('SIGINT');
    assert.equal(await ended, 1, err);
    const [one] = JSON.parse(text).replays;
    assert.deepEqual([one.error.code, one.answer.text], ['cancelled', 'Searching, the']);
    const reader = await openInReader(scene.out);
    const detail = await reader.span(scene.out, one.spanId, clock());
    assert.equal(detail.error?.text, 'aborted by the caller');
    assert.ok(!`${text}${err}`.includes(key) && !fs.readFileSync(scene.out).includes(key));
  });
});
