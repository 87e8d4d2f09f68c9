// `agent-traces replay`: a call that the tracer recorded is sent again with the real SDK.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Fields } from '../../src/core/fields.ts';
import { indentJson } from '../../src/core/jsonText.ts';
import {
  answer,
  body,
  call,
  edit,
  image,
  recordedAnswer,
  replayedCall,
  thinking,
  usage,
} from './replayedCall.ts';
import { clock, runsIn } from './views.ts';

describe('agent-traces replay', () => {
  const { scene, replay, sent, json } = replayedCall();

  it('sends what was recorded, byte for byte, and finds the same answer', async () => {
    const { code, out: text, err } = await sent();
    assert.deepEqual([code, err], [0, '']);
    const [request] = scene.requests;
    assert.deepEqual(request?.body, { ...body, stream: true });
    assert.ok(JSON.stringify(request?.body).includes(JSON.stringify(body.messages[1]?.content)));
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
    const { reader, runs } = await runsIn(scene.out);
    assert.deepEqual(
      runs.map(one => [one.runId, one.name, one.status, one.spans, one.usage.input]),
      [[replayRun, 'replay of chat claude-haiku-4-5', 'ok', 2, 200]],
    );
    const detail = await reader.span(scene.out, spanId, clock());
    assert.equal(detail.span.kind, 'llm');
    assert.equal(detail.span.cost, 200 / 1e6 + (20 * 5) / 1e6);
    const text = async (of: string) =>
      (await reader.text(scene.out, of, 'metadata', 0, 1e6))?.text ?? '';
    const links = {
      replay_of_run: scene.runId,
      replay_of_span: scene.span,
      replay_of_file: scene.file,
    };
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
      replay_base_url: scene.baseUrl,
    });
    assert.match(versions['@anthropic-ai/sdk'], /^1\./);
    assert.match(git.commit, /^[0-9a-f]{40}$/);
    assert.ok(price_version);
    assert.deepEqual(
      Object.entries(links).map(([name]) => own[name]),
      Object.values(links),
    );
    assert.equal(fs.statSync(scene.out).mode & 0o077, 0, 'nobody else can read it');
  });

  it('sends a replay again, from the file that replays are kept in', async () => {
    const { json: first } = await json();
    const [own, mine] = [scene.file, scene.span];
    [scene.file, scene.span] = [scene.out, first.replays[0].spanId];
    scene.reply = () => {
      assert.ok(scene.closed, 'SQLite would lose its locks where somebody else has the file open');
      return recordedAnswer;
    };
    const again = await json();
    [scene.file, scene.span] = [own, mine];
    assert.deepEqual([again.code, again.json.replays[0].same], [0, true]);
    const { matching } = await runsIn(scene.out);
    assert.equal(matching, 2);
  });

  it('sends an edited document as it is written, and says where it was edited', async () => {
    const { out: document } = await replay(['--dry-run']);
    assert.equal(document, indentJson(document.trimEnd()).concat('\n'));
    const text = document
      .replace('glaciers melt', 'rivers rise')
      .replace('"max_tokens": 500', '"max_tokens": 400,\n  "temperature": 1.0');
    scene.reply = () =>
      answer([{ type: 'text', text: 'Sought.' }, call('toolu_9', 'rivers')], {
        usage: { ...usage, output_tokens: 30 },
      });
    const { json: said } = await json('--edit', edit(text));
    assert.equal(scene.requests[0]?.text, text.trimEnd().concat('\n'));
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
    assert.deepEqual(scene.requests[0]?.body, { ...body, model: 'claude-opus-4-5', stream: true });
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
    scene.reply = (_, count) =>
      answer([{ type: 'text', text: texts[count] ?? '' }, call(`t${count}`, 'rates')]);
    const { json: said } = await json('--times', '5');
    assert.equal(scene.requests.length, 5);
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
    const { matching } = await runsIn(scene.out);
    assert.equal(matching, 7, 'all are in one file');
  });
});
