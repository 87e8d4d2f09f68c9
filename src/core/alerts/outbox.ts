import { fieldsOf } from '../fields.ts';
import type { UnixMs } from '../model.ts';
import type { ChannelConfig } from './channels.ts';
import type { Message } from './message.ts';

/** A message that a channel has not taken yet. */
export interface Pending {
  readonly channel: string;
  readonly message: Message;
  /** Not tried before then: the channel asked for it. */
  readonly notBefore?: UnixMs | undefined;
}

/** What became of a message. `never`: it would be refused again. */
export type Delivery =
  | { readonly state: 'delivered' }
  | { readonly state: 'later'; readonly why: string; readonly notBefore?: UnixMs | undefined }
  | { readonly state: 'never'; readonly why: string };

/** Way out for messages of one channel. Never throws. */
export type Sender = (message: Message) => Promise<Delivery>;

// News of yesterday is none; and a channel that is down for long must not fill the disk.
const keptFor = 24 * 3_600_000;
const mostPending = 1000;

/** Adds messages for each channel that is told of them, in order; what is too old is let go. */
export function withMessages(
  outbox: readonly Pending[],
  messages: readonly Message[],
  channels: readonly ChannelConfig[],
  now: UnixMs,
): readonly Pending[] {
  const added = messages.flatMap(message =>
    channels
      .filter(
        ({ rules, resolved }) =>
          (rules === undefined || rules.includes(message.rule)) &&
          (resolved || message.kind !== 'resolved'),
      )
      .map(({ id }) => ({ channel: id, message })),
  );
  const isKnown = (channel: string): boolean => channels.some(({ id }) => id === channel);
  return [...outbox, ...added]
    .filter(({ channel, message }) => isKnown(channel) && now - message.at <= keptFor)
    .slice(-mostPending);
}

/** Of what was read from a file, what can be delivered. */
export const readOutbox = (value: unknown): readonly Pending[] =>
  (Array.isArray(value) ? value : []).flatMap((one): readonly Pending[] => {
    const { channel, message, notBefore } = fieldsOf(one);
    const known = fieldsOf(message);
    const texts = [channel, known.id, known.key, known.title, known.link, known.command];
    if (!texts.every(text => typeof text === 'string') || !Array.isArray(known.runs)) return [];
    if (typeof known.at !== 'number') return [];
    return [
      {
        channel: channel as string,
        message: message as Message,
        notBefore: typeof notBefore === 'number' ? notBefore : undefined,
      },
    ];
  });
