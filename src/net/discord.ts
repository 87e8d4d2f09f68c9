import type { Message } from '../core/alerts/message.ts';
import { cut as cutText } from '../core/content.ts';
import { type Channel, fitted, json } from './channel.ts';

// https://docs.discord.com/developers/resources/webhook#execute-webhook; a title holds 256 characters, a description
// 4,096: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const most = { title: 256, description: 4096 };
const colours = { firing: 0xd13438, still: 0xd13438, resolved: 0x107c10 };

/** A backslash before all that Markdown or a mention could begin with. */
const escaped = (text: string): string => text.replace(/[\\*_~`|>#[\]()<@:-]/g, '\\$&');

export const discord: Channel<'discord'> = {
  name: 'Discord',
  request: (message, { urlVariable }, secret) => json(secret(urlVariable), payload(message)),
};

function payload({ kind, title, at, file, runs, more, link, command }: Message): object {
  const lines = runs.map(({ name, figures, why }) =>
    [`**${escaped(name)}**`, figures && escaped(`(${figures})`), escaped(why)]
      .filter(Boolean)
      .join(' '),
  );
  if (more > 0) lines.push(`and ${more} more`);
  return {
    // Whatever a text says, nobody is called by it.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cut(escaped(title), most.title),
        // Only links of the web are clickable there; the others are for copying.
        description: fitted([...lines, escaped(link), escaped(command)], most.description),
        color: colours[kind],
        timestamp: new Date(at).toISOString(),
        footer: { text: file },
      },
    ],
  };
}

/** Not between a backslash and what it escapes. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${cutText(text, length - 1).text.replace(/\\+$/, '')}…`;
