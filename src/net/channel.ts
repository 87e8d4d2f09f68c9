import type { ChannelConfig, ChannelType } from '../core/alerts/channels.ts';
import type { Message } from '../core/alerts/message.ts';

/** A request as it is sent. */
export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a channel's configuration names, looked up; undefined where it is not set. */
export type SecretOf = (variable: string) => string | undefined;

/** How messages are written for one service. One file each, all with this shape. */
export interface Channel<T extends ChannelType> {
  /** How the service is called in what is said of it. */
  readonly name: string;
  /** Any address may be given, also one that is not encrypted, as of a server of one's own. */
  readonly anyAddress?: true;
  /** Throws `MissingSecret` where a variable is not set. */
  request(
    message: Message,
    config: Extract<ChannelConfig, { type: T }>,
    secret: (variable: string) => string,
  ): Promise<Outgoing> | Outgoing;
}

export class MissingSecret extends Error {
  constructor(variable: string) {
    super(`${variable} is not set`);
  }
}

export const json = (url: string, value: unknown): Outgoing => ({
  url,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** Cut before what would be too long once it is written in another form. */
export function fitted(lines: readonly string[], most: number): string {
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    // Never within a line: half of a link leads elsewhere.
    if (next.length > most) return text;
    text = next;
  }
  return text;
}

/** Unseen, and no boundary of a word: marks that it stands before are not taken for the beginning of anything. */
export const joiner = '\u2060';
