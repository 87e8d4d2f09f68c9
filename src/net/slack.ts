import type { Message } from '../core/alerts/message.ts';
import { oneLine } from '../core/describe.ts';
import { type Channel, fitted, joiner, json } from './channel.ts';

// Incoming webhooks take a message with blocks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// A header holds 150 characters, a section 3,000: https://docs.slack.dev/reference/block-kit/blocks/section-block
const most = { header: 150, context: 2000, section: 3000 };
// So that a section has room for one: without any text in it, the message is refused as a whole.
const longestLink = 800;

/**
 * `&`, `<` and `>` as https://docs.slack.dev/messaging/formatting-message-text asks for, so that no `<!channel>` is
 * called out; marks of bold and code are parted from what they would format, as there is no other escape.
 */
const escaped = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, mark => joiner + mark);

// A `|` would end the address; `encodeURIComponent` leaves none.
const link = (url: string, label: string): string =>
  url.length > longestLink ? escaped(label) : `<${url.replaceAll('&', '&amp;')}|${escaped(label)}>`;

export const slack: Channel<'slack'> = {
  name: 'Slack',
  request: (message, { urlVariable }, secret) => json(secret(urlVariable), payload(message)),
};

function payload(message: Message): object {
  const { title, kind, runs, more, file, command } = message;
  const lines = runs.map(({ name, figures, why, link: to }) =>
    [`• ${link(to, name)}`, figures && `(${figures})`, escaped(why)].filter(Boolean).join('  '),
  );
  if (more > 0) lines.push(`and ${more} more`);
  // `verbatim` keeps Slack from making links and mentions of what looks like them.
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text, verbatim: true },
  });
  return {
    // What notifications and screen readers say.
    text: escaped(title),
    unfurl_links: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: oneLine(title, most.header), emoji: false },
      },
      ...(lines.length > 0 ? [section(fitted(lines, most.section))] : []),
      ...(kind === 'resolved' || message.link.length > longestLink
        ? []
        : [section(link(message.link, 'Open in VS Code'))]),
      {
        type: 'context',
        elements: [
          { type: 'plain_text', text: oneLine(`${file} · ${command}`, most.context), emoji: false },
        ],
      },
    ],
  };
}
