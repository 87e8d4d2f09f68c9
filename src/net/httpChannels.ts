import type { ChannelConfig } from '../core/alerts/channels.ts';
import type { Message } from '../core/alerts/message.ts';
import type { Delivery, Sender } from '../core/alerts/outbox.ts';
import { type Channel, MissingSecret, type Outgoing, type SecretOf } from './channel.ts';
import { discord } from './discord.ts';
import { pagerDuty } from './pagerDuty.ts';
import { post, type Trying } from './post.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

export type HttpChannelConfig = Exclude<ChannelConfig, { type: 'email' | 'log' }>;

const channels: { readonly [T in HttpChannelConfig['type']]: Channel<T> } = {
  slack,
  teams,
  discord,
  pagerduty: pagerDuty,
  webhook,
};

/** What sends to a service. A variable that is not set is looked for again with each message. */
export const httpSender =
  (config: HttpChannelConfig, secretOf: SecretOf, trying: Trying): Sender =>
  async message => {
    // The type of a channel and its configuration belong together; the compiler cannot follow a look-up.
    const channel = channels[config.type] as Channel<HttpChannelConfig['type']>;
    const outgoing = await requestOf(channel, message, config, secretOf);
    return 'state' in outgoing ? outgoing : post(outgoing, channel.name, trying);
  };

async function requestOf(
  { name, anyAddress, request }: Channel<HttpChannelConfig['type']>,
  message: Message,
  config: HttpChannelConfig,
  secretOf: SecretOf,
): Promise<Outgoing | Delivery> {
  try {
    const outgoing = await request(message, config, variable => {
      const value = secretOf(variable)?.trim();
      if (!value) throw new MissingSecret(variable);
      return value;
    });
    const wrong = problemOf(outgoing.url, anyAddress === true);
    return wrong === undefined ? outgoing : { state: 'later', why: `${name}: ${wrong}` };
  } catch (error) {
    if (error instanceof MissingSecret)
      return { state: 'later', why: `${name}: ${error.message}.` };
    const why = error instanceof Error ? error.message : String(error);
    return { state: 'never', why: `${name}: the message could not be written: ${why}` };
  }
}

function problemOf(address: string, anyAddress: boolean): string | undefined {
  if (!URL.canParse(address)) return 'its variable holds no address.';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'its address holds a name or a password.';
  if (protocol === 'https:') return undefined;
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && (anyAddress || isHere)) return undefined;
  return 'its address must begin with https://.';
}
