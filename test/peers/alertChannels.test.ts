import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import { type Message, messageOf } from '../../src/core/alerts/message.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import { type Pending, withMessages } from '../../src/core/alerts/outbox.ts';
import { deliver } from '../../src/net/deliver.ts';
import { type HttpChannelConfig, httpSender } from '../../src/net/httpChannels.ts';
import { usualTrying } from '../../src/net/post.ts';
import { sendMail } from '../../src/node/sendmail.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { hostileNotice, hostileTexts, namedRun, noticeOf } from '../unit/support/notices.ts';
import { type AlertServer, alertServer } from './alertServer.ts';

const configOf = (channel: object): HttpChannelConfig => {
  const { config, problems } = parseAlerts(JSON.stringify({ channels: [channel] }));
  assert.deepEqual(problems, []);
  return config.channels[0] as HttpChannelConfig;
};
const messageFor = (part: Partial<Notice> = {}): Message => messageOf(noticeOf(part), 'vscode');

const types = {
  slack: { type: 'slack', urlVariable: 'URL' },
  teams: { type: 'teams', urlVariable: 'URL' },
  discord: { type: 'discord', urlVariable: 'URL' },
  pagerduty: { type: 'pagerduty', keyVariable: 'KEY', urlVariable: 'URL' },
  webhook: { type: 'webhook', urlVariable: 'URL', secretVariable: 'SECRET' },
} as const;

describe('channels of alerts', () => {
  let server: AlertServer;
  let over: AbortController;
  before(async () => {
    server = await alertServer();
  });
  beforeEach(() => {
    server.act();
    (server.received as unknown[]).length = 0;
    over = new AbortController();
  });
  after(() => server.close());

  const trying = () => ({
    ...usualTrying,
    timeoutMs: 300,
    backoffMs: 5,
    longestWaitMs: 2000,
    signal: over.signal,
  });
  const secrets =
    (url = `${server.url}/services/T0/B0/secretsecretsecret`) =>
    (name: string) =>
      ({ URL: url, KEY: 'R0UTINGKEY', SECRET: 'shh' })[name];
  const senderOf = (type: keyof typeof types, url?: string) =>
    httpSender(configOf(types[type]), secrets(url), trying());
  const bodies = () => server.received.map(({ body }) => JSON.parse(body));

  describe('send what their service documents', () => {
    it('Slack: blocks with figures, runs, their error and a link', async () => {
      assert.deepEqual(await senderOf('slack')(messageFor()), { state: 'delivered' });
      const link = (run: number) =>
        `vscode://agent-trace-inspector.agent-trace-inspector/show?file=%2Fdata%2Fagent_traces.db&amp;run=run-${run}&amp;span=span-${run}`;
      const line = (run: number) =>
        `• <${link(run)}|invoice\u2060_reconcile>  (12.00 s · $0.0400)  Entry does not balance`;
      const title = 'Alert: 6 of 20 runs failed within 5m (30 %; the limit is 20 %)';
      assert.equal(server.received[0]?.headers['content-type'], 'application/json; charset=utf-8');
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
      server.act({ status: 202, body: '{"status":"success"}' }, { status: 202 });
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
      server.act({ status: 202 });
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
      server.act({ status: 204 });
      assert.deepEqual(await senderOf('discord')(messageFor()), { state: 'delivered' });
      const [{ allowed_mentions, embeds }] = bodies();
      assert.deepEqual(allowed_mentions, { parse: [] });
      assert.match(embeds[0].title, /^Alert\\: 6 of 20 runs failed/);
      assert.match(embeds[0].description, /\*\*invoice\\_reconcile\*\*/);
    });

    it('a webhook: the message, signed over its time', async () => {
      await senderOf('webhook')(messageFor());
      const [{ headers, body } = assert.fail()] = server.received;
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
        for (const { body } of server.received) {
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

  describe('where a service does not take a message', () => {
    const hour = { status: 429, headers: { 'retry-after': '3600' } };

    it('that is limited for a moment, waits as it asks', async () => {
      server.act({ status: 429, headers: { 'retry-after': '0.05' }, body: 'rate_limited' });
      assert.deepEqual(await senderOf('slack')(messageFor()), { state: 'delivered' });
      assert.equal(server.received.length, 2);
    });

    it('that is limited for long, leaves it for then', async () => {
      server.act(hour);
      const delivery = await senderOf('slack')(messageFor());
      assert.equal(delivery.state, 'later');
      assert.ok('notBefore' in delivery && (delivery.notBefore ?? 0) > Date.now() + 3_500_000);
      assert.equal(server.received.length, 1);
    });

    it('that fails, or breaks off, or hangs, is tried again', async () => {
      for (const act of [{ status: 500 }, { status: 503 }, 'break off', 'hang'] as const) {
        server.act(act, act);
        assert.deepEqual(
          await senderOf('discord')(messageFor()),
          { state: 'delivered' },
          String(act),
        );
      }
      server.act('hang', 'hang', 'hang');
      const late = await senderOf('discord')(messageFor());
      assert.deepEqual(late, { state: 'later', why: 'Discord does not answer within 300 ms.' });
    });

    it('that refuses it, is not asked again', async () => {
      server.act({ status: 400, body: 'invalid_blocks' });
      assert.deepEqual(await senderOf('slack')(messageFor()), {
        state: 'never',
        why: 'Slack refuses this: 400: invalid_blocks',
      });
      assert.equal(server.received.length, 1);
    });

    it('that leads elsewhere, is not followed there with what is a secret', async () => {
      const other = await alertServer();
      server.act({ status: 307, headers: { location: `${other.url}/steal` } });
      const { state } = await senderOf('teams')(messageFor());
      assert.deepEqual([state, other.received.length], ['never', 0]);
      await other.close();
    });

    it('that has no name or no encryption, says so without its address', async () => {
      const plain = server.url.replace('http:', 'https:');
      for (const [url, says] of [
        [
          'https://no-such-host.invalid/services/T0/B0/secretsecretsecret',
          /cannot be reached: getaddrinfo/,
        ],
        [`${plain}/services/T0/B0/secretsecretsecret`, /cannot be reached: .*(SSL|wrong version)/i],
        ['http://127.0.0.1:9/secretsecretsecret', /cannot be reached/],
        ['http://example.org/secretsecretsecret', /must begin with https/],
        ['not an address secretsecretsecret', /holds no address/],
      ] as const) {
        const delivery = await senderOf('slack', url)(messageFor());
        assert.ok(delivery.state === 'later' && says.test(delivery.why), JSON.stringify(delivery));
        assert.doesNotMatch(delivery.why, /secretsecretsecret/);
      }
      assert.equal(server.received.length, 0);
    });

    it('that has a certificate that nobody vouches for, gets nothing', async function () {
      const folder = temporaryFolder('alert-tls');
      try {
        const [key, cert] = ['key.pem', 'cert.pem'].map(name => path.join(folder.path, name));
        try {
          const how = [
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-days',
            '1',
            '-subj',
            '/CN=localhost',
          ];
          execFileSync('openssl', [...how, '-keyout', key!, '-out', cert!], { stdio: 'ignore' });
        } catch {
          // Without openssl there is no certificate to refuse.
          return this.skip();
        }
        let asked = 0;
        const secure = https.createServer(
          { key: fs.readFileSync(key!), cert: fs.readFileSync(cert!) },
          (_, response) => {
            asked++;
            response.end();
          },
        );
        secure.listen(0, '127.0.0.1');
        await once(secure, 'listening');
        const { port } = secure.address() as AddressInfo;
        const delivery = await senderOf('slack', `https://127.0.0.1:${port}/x`)(messageFor());
        assert.ok(
          delivery.state === 'later' && /certificate/.test(delivery.why),
          JSON.stringify(delivery),
        );
        assert.equal(asked, 0);
        secure.close();
      } finally {
        folder.remove();
      }
    });

    it('whose variable is not set, is named', async () => {
      const send = httpSender(configOf(types.slack), () => undefined, trying());
      assert.deepEqual(await send(messageFor()), { state: 'later', why: 'Slack: URL is not set.' });
    });

    it('that echoes the address of the webhook, brings it into no log', async () => {
      server.act({
        status: 403,
        body: `bad token in ${server.url}/services/T0/B0/secretsecretsecret`,
      });
      const delivery = await senderOf('slack')(messageFor());
      assert.ok(delivery.state === 'never' && !delivery.why.includes('secretsecretsecret'));
    });

    it('is not waited for by a monitor that ends', async () => {
      server.act('hang');
      const sent = senderOf('slack')(messageFor());
      setTimeout(() => over.abort(), 50);
      assert.deepEqual(await sent, {
        state: 'later',
        why: 'Slack was not waited for: the monitor ends.',
      });
      assert.equal(server.received.length, 1);
    });
  });

  describe('together', () => {
    const channels = parseAlerts(
      JSON.stringify({ channels: [types.slack, types.discord, { type: 'log', resolved: false }] }),
    ).config.channels;
    /** Looks until nothing waits any more, as a monitor does, with what it would have written down. */
    const until = async (acts: () => void, messages: readonly Message[], looks: number) => {
      const broken = await alertServer();
      const lines: string[] = [];
      let outbox: readonly Pending[] = withMessages([], messages, channels, messages[0]!.at);
      const senders = new Map([
        ['slack', senderOf('slack')],
        ['discord', httpSender(configOf(types.discord), secrets(`${broken.url}/x`), trying())],
        [
          'log',
          async (message: Message) => {
            lines.push(message.kind);
            return { state: 'delivered' } as const;
          },
        ],
      ]);
      acts();
      broken.act(...Array.from({ length: 7 }, () => ({ status: 500 })));
      for (let look = 0; look < looks; look++) {
        await deliver(outbox, senders, Date.now(), async pending => {
          outbox = outbox.filter(one => one !== pending);
        });
      }
      const got = broken.received
        .slice(7)
        .map(({ body }) => JSON.parse(body).embeds[0].title.split('\\')[0]);
      await broken.close();
      return { outbox, lines, got };
    };

    it('a channel that fails keeps no other from being told, loses nothing and says nothing twice', async () => {
      const messages = [messageFor(), messageFor({ kind: 'resolved', id: 'second', runs: [] })];
      const { outbox, lines, got } = await until(() => server.act(), messages, 4);
      assert.deepEqual(outbox, []);
      assert.deepEqual(lines, ['firing']);
      assert.deepEqual(
        bodies().map(body => body.text.split(':')[0]),
        ['Alert', 'Resolved'],
        'in order, each once',
      );
      assert.deepEqual(got, ['Alert', 'Resolved']);
    });

    it('what waits is let go after a day, and with its channel', () => {
      const message = messageFor();
      const pending = withMessages([], [message], channels, message.at);
      assert.equal(withMessages(pending, [], channels, message.at + 86_400_001).length, 0);
      assert.deepEqual(
        withMessages(pending, [], channels.slice(2), message.at).map(one => one.channel),
        ['log'],
      );
    });
  });
});

describe('mail through a local program', () => {
  const signal = new AbortController().signal;
  const program = (folder: string, script: string): string => {
    const file = path.join(folder, 'send mail');
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };

  it('is one message in ASCII for the given addresses, whatever is in it', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = temporaryFolder('mail');
    const out = path.join(folder.path, 'out');
    const command = program(folder.path, `printf '%s\\n' "$@" > '${out}.args'; cat > '${out}'`);
    const message = messageOf(hostileNotice({ group: 'Überweisung\r\nBcc: x@y.z' }), 'vscode');
    assert.deepEqual(await sendMail(message, { to: ['a@b.org', 'c@d.org'], command }, signal), {
      state: 'delivered',
    });
    assert.equal(fs.readFileSync(`${out}.args`, 'utf8'), '-i\n--\na@b.org\nc@d.org\n');
    const text = fs.readFileSync(out, 'latin1');
    const [head = '', body = ''] = text.split(/\n\n(.*)/s);
    assert.doesNotMatch(text, /[^\n -~]/);
    assert.deepEqual(
      head
        .split('\n')
        .filter(line => !line.startsWith(' '))
        .map(line => line.split(':')[0]),
      [
        'To',
        'Subject',
        'Date',
        'Message-ID',
        'Auto-Submitted',
        'MIME-Version',
        'Content-Type',
        'Content-Transfer-Encoding',
      ],
    );
    assert.ok(text.split('\n').every(line => line.length <= 998));
    const plain = Buffer.from(body.replaceAll('\n', ''), 'base64').toString('utf8');
    assert.match(plain, /Überweisung/);
    assert.doesNotMatch(plain, /sk-ant-api03-abc/);
    folder.remove();
  });

  it('that is not taken waits, with what the program says; one that hangs is ended', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = temporaryFolder('mail');
    const command = program(folder.path, 'echo "queue is full" >&2; exit 75');
    const { why } = (await sendMail(messageFor(), { to: ['a@b.org'], command }, signal)) as {
      why: string;
    };
    assert.match(why, /ended with 75: queue is full/);
    const hangs = program(folder.path, 'exec sleep 60');
    const hung = await sendMail(messageFor(), { to: ['a@b.org'], command: hangs }, signal, 100);
    assert.match((hung as { why: string }).why, /SIGKILL/);
    const gone = await sendMail(
      messageFor(),
      { to: ['a@b.org'], command: '/nowhere/sendmail' },
      signal,
    );
    assert.match((gone as { why: string }).why, /ENOENT/);
    folder.remove();
  });
});
