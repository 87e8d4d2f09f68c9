// What the tests of the channels of alerts share: a server that stands for their services, and senders to it.
import assert from 'node:assert/strict';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import { type Message, messageOf } from '../../src/core/alerts/message.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import { type HttpChannelConfig, httpSender } from '../../src/net/httpChannels.ts';
import { usualTrying } from '../../src/net/post.ts';
import { noticeOf } from '../unit/support/notices.ts';
import { type AlertServer, alertServer } from './alertServer.ts';

export const configOf = (channel: object): HttpChannelConfig => {
  const { config, problems } = parseAlerts(JSON.stringify({ channels: [channel] }));
  assert.deepEqual(problems, []);
  return config.channels[0] as HttpChannelConfig;
};
export const messageFor = (part: Partial<Notice> = {}): Message =>
  messageOf(noticeOf(part), 'vscode');

export const types = {
  slack: { type: 'slack', urlVariable: 'URL' },
  teams: { type: 'teams', urlVariable: 'URL' },
  discord: { type: 'discord', urlVariable: 'URL' },
  pagerduty: { type: 'pagerduty', keyVariable: 'KEY', urlVariable: 'URL' },
  webhook: { type: 'webhook', urlVariable: 'URL', secretVariable: 'SECRET' },
} as const;

/** For the tests of a `describe`: one server, which forgets between two tests what it received. */
export function alertSending() {
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
  return {
    get server() {
      return server;
    },
    trying,
    secrets,
    senderOf,
    /** What was received, as values. */
    bodies: () => server.received.map(({ body }) => JSON.parse(body)),
    /** The monitor ends. */
    end: () => over.abort(),
  };
}
