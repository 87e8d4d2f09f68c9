import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { messageOf } from '../../src/core/alerts/message.ts';
import { hostileNotice, hostileTexts, namedRun, noticeOf } from '../unit/support/notices.ts';
import { alertSending, messageFor, types } from './alertSending.ts';

describe('channels of alerts', () => {
  const sending = alertSending();
  const { senderOf, bodies } = sending;

  describe('send what their service documents', () => {
    it('Slack: blocks with figures, runs, their error and a link', async () => {
      assert.deepEqual(await senderOf('slack')(messageFor()), { state: 'delivered' });
      const link = (run: number) =>
        `vscode://agent-trace-inspector.agent-trace-inspector/show?file=%2Fdata%2Fagent_traces.db&amp;run=run-${run}&amp;span=span-${run}`;
      const line = (run: number) =>
        `• <${link(run)}|invoice\u2060_reconcile>  (12.00 s · $0.0400)  Entry does not balance`;
      const title = 'Alert: 6 of 20 runs failed within 5m (30 %; the limit is 20 %)';
      assert.equal(
        sending.server.received[0]?.headers['content-type'],
        'application/json; charset=utf-8',
      );
      assert.deepEqual(bodies(), [
        {
          text: title,
          unfurl_links: false,
          blocks: [
            { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
            {
              type: 'section',
              text: { type: 'mrkdwn', text: `${line(1)}\n${line(2)}\nand 4 more`, verbatim: true },
            },
            {
              type: 'section',
              text: { type: 'mrkdwn', text: `<${link(1)}|Open in VS Code>`, verbatim: true },
            },
            {
              type: 'context',
              elements: [
                {
                  type: 'plain_text',
                  text: 'agent_traces.db · agent-traces cause /data/agent_traces.db span-1',
                  emoji: false,
                },
              ],
            },
          ],
        },
      ]);
    });

    it('PagerDuty: trigger and resolve with one dedup_key', async () => {
      const send = senderOf('pagerduty');
      sending.server.act({ status: 202, body: '{"status":"success"}' }, { status: 202 });
      await send(messageFor());
      await send(messageFor({ kind: 'resolved', runs: [] }));
      const [trigger, resolve] = bodies();
      assert.deepEqual(resolve, {
        routing_key: 'R0UTINGKEY',
        event_action: 'resolve',
        dedup_key: 'agent-traces-77',
      });
      const { payload, ...rest } = trigger;
      assert.deepEqual(rest, {
        routing_key: 'R0UTINGKEY',
        event_action: 'trigger',
        dedup_key: 'agent-traces-77',
        client: 'Agent Traces',
      });
      assert.deepEqual(Object.keys(payload), [
        'summary',
        'source',
        'severity',
        'timestamp',
        'class',
        'custom_details',
      ]);
      assert.ok(['critical', 'error', 'warning', 'info'].includes(payload.severity));
      assert.equal(payload.timestamp, '2026-11-28T12:00:00.000Z');
    });

    it('Teams: a message with an adaptive card', async () => {
      sending.server.act({ status: 202 });
      assert.deepEqual(await senderOf('teams')(messageFor()), { state: 'delivered' });
      const [{ type, attachments }] = bodies();
      assert.equal(type, 'message');
      assert.equal(attachments.length, 1);
      assert.equal(attachments[0].contentType, 'application/vnd.microsoft.card.adaptive');
      const { content } = attachments[0];
      assert.deepEqual([content.type, content.version], ['AdaptiveCard', '1.4']);
      assert.ok(content.body.every((block: { type: string }) => block.type === 'RichTextBlock'));
      assert.match(JSON.stringify(content.body), /vscode:\/\/agent-trace-inspector/);
    });

    it('Discord: an embed, and nobody who is mentioned', async () => {
      sending.server.act({ status: 204 });
      assert.deepEqual(await senderOf('discord')(messageFor()), { state: 'delivered' });
      const [{ allowed_mentions, embeds }] = bodies();
      assert.deepEqual(allowed_mentions, { parse: [] });
      assert.match(embeds[0].title, /^Alert\\: 6 of 20 runs failed/);
      assert.match(embeds[0].description, /\*\*invoice\\_reconcile\*\*/);
    });

    it('a webhook: the message, signed over its time', async () => {
      await senderOf('webhook')(messageFor());
      const [{ headers, body } = assert.fail()] = sending.server.received;
      const stamp = headers['x-agent-traces-timestamp'];
      const expected = createHmac('sha256', 'shh').update(`${stamp}.${body}`).digest('hex');
      assert.equal(headers['x-agent-traces-signature'], `v1=${expected}`);
      assert.equal(headers['x-agent-traces-delivery'], messageFor().id);
      assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(messageFor())));
    });

    for (const type of Object.keys(types) as (keyof typeof types)[]) {
      it(`${type}: texts that mean something there are words, within its limits, without secrets`, async () => {
        for (const text of hostileTexts) {
          await senderOf(type)(messageOf(hostileNotice({ group: text }), 'vscode'));
          const [runId, spanId] = [text.slice(0, 200), text.slice(0, 200)];
          const runs = [namedRun({ name: text, error: text, runId, spanId })];
          await senderOf(type)(messageOf(noticeOf({ group: text, runs }), 'vscode'));
        }
        for (const { body } of sending.server.received) {
          assert.doesNotMatch(body, /sk-ant-api03-abc|hunter2hunter2|jane@example/);
          assert.ok(body.length < 28_000);
          assert.doesNotMatch(body, /\\ud[89a-f]/i, 'half a character');
          const value = JSON.parse(body);
          if (type === 'slack') {
            assert.doesNotMatch(JSON.stringify(value.blocks[1]), /<!channel>|<@U123>|<https:/);
            assert.doesNotMatch(value.text, /<!channel>/);
            const [header, ...blocks] = value.blocks;
            assert.ok(header.text.text.length <= 150);
            for (const { text } of blocks) {
              if (text) assert.ok(text.text.length > 0 && text.text.length <= 3000, body);
            }
          }
          if (type === 'discord') {
            const [embed] = value.embeds;
            assert.ok(embed.title.length <= 256 && embed.description.length <= 4096);
            assert.doesNotMatch(embed.description, /(?<!\\)(@everyone|<@&|\]\(|`c`)/);
          }
          if (type === 'pagerduty') assert.ok(value.payload.summary.length <= 1024);
        }
      });
    }
  });
});
