import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import type { Message } from '../../src/core/alerts/message.ts';
import { type Pending, withMessages } from '../../src/core/alerts/outbox.ts';
import { deliver } from '../../src/net/deliver.ts';
import { httpSender } from '../../src/net/httpChannels.ts';
import { alertSending, configOf, messageFor, types } from './alertSending.ts';
import { alertServer } from './alertServer.ts';
import { ownCertificate } from './certificate.ts';

describe('channels of alerts', () => {
  const sending = alertSending();
  const { senderOf, bodies, secrets, trying } = sending;

  describe('where a service does not take a message', () => {
    it('that is limited for a moment, waits as it asks', async () => {
      sending.server.act({ status: 429, headers: { 'retry-after': '0.05' }, body: 'rate_limited' });
      assert.deepEqual(await senderOf('slack')(messageFor()), { state: 'delivered' });
      assert.equal(sending.server.received.length, 2);
    });

    it('that is limited for long, leaves it for then', async () => {
      sending.server.act({ status: 429, headers: { 'retry-after': '3600' } });
      const delivery = await senderOf('slack')(messageFor());
      assert.equal(delivery.state, 'later');
      assert.ok('notBefore' in delivery && (delivery.notBefore ?? 0) > Date.now() + 3_500_000);
      assert.equal(sending.server.received.length, 1);
    });

    it('that fails, or breaks off, or hangs, is tried again', async () => {
      for (const act of [{ status: 500 }, { status: 503 }, 'break off', 'hang'] as const) {
        sending.server.act(act, act);
        assert.deepEqual(
          await senderOf('discord')(messageFor()),
          { state: 'delivered' },
          String(act),
        );
      }
      sending.server.act('hang', 'hang', 'hang');
      const late = await senderOf('discord')(messageFor());
      assert.deepEqual(late, { state: 'later', why: 'Discord does not answer within 300 ms.' });
    });

    it('that refuses it, is not asked again', async () => {
      sending.server.act({ status: 400, body: 'invalid_blocks' });
      assert.deepEqual(await senderOf('slack')(messageFor()), {
        state: 'never',
        why: 'Slack refuses this: 400: invalid_blocks',
      });
      assert.equal(sending.server.received.length, 1);
    });

    it('that leads elsewhere, is not followed there with what is a secret', async () => {
      const other = await alertServer();
      sending.server.act({ status: 307, headers: { location: `${other.url}/steal` } });
      const { state } = await senderOf('teams')(messageFor());
      assert.deepEqual([state, other.received.length], ['never', 0]);
      await other.close();
    });

    it('that has no name or no encryption, says so without its address', async () => {
      const plain = sending.server.url.replace('http:', 'https:');
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
      assert.equal(sending.server.received.length, 0);
    });

    it('that has a certificate that nobody vouches for, gets nothing', async function () {
      const tls = ownCertificate();
      if (!tls) return this.skip();
      let asked = 0;
      const secure = https.createServer(tls, (_, response) => {
        asked++;
        response.end();
      });
      secure.listen(0, '127.0.0.1');
      await once(secure, 'listening');
      const { port } = secure.address() as AddressInfo;
      const delivery = await senderOf('slack', `https://127.0.0.1:${port}/x`)(messageFor());
      secure.close();
      assert.ok(
        delivery.state === 'later' && /certificate/.test(delivery.why),
        JSON.stringify(delivery),
      );
      assert.equal(asked, 0);
    });

    it('whose variable is not set, is named', async () => {
      const send = httpSender(configOf(types.slack), () => undefined, trying());
      assert.deepEqual(await send(messageFor()), { state: 'later', why: 'Slack: URL is not set.' });
    });

    it('that echoes the address of the webhook, brings it into no log', async () => {
      sending.server.act({
        status: 403,
        body: `bad token in ${sending.server.url}/services/T0/B0/secretsecretsecret`,
      });
      const delivery = await senderOf('slack')(messageFor());
      assert.ok(delivery.state === 'never' && !delivery.why.includes('secretsecretsecret'));
    });

    it('is not waited for by a monitor that ends', async () => {
      sending.server.act('hang');
      const sent = senderOf('slack')(messageFor());
      setTimeout(() => sending.end(), 50);
      assert.deepEqual(await sent, {
        state: 'later',
        why: 'Slack was not waited for: the monitor ends.',
      });
      assert.equal(sending.server.received.length, 1);
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
      const { outbox, lines, got } = await until(() => sending.server.act(), messages, 4);
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
