import type { Message } from '../core/alerts/message.ts';
import { type Channel, joiner, json } from './channel.ts';

// A workflow that posts what a webhook receives takes a message with an adaptive card as its attachment:
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
// A message holds 28 kB; five runs of a bounded text each stay well below.
export const teams: Channel<'teams'> = {
  name: 'Microsoft Teams',
  request: (message, { urlVariable }, secret) =>
    json(secret(urlVariable), {
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: card(message),
        },
      ],
    }),
};

function card({ kind, title, file, runs, more, link, command }: Message): object {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      block({ text: title, weight: 'Bolder', color: kind === 'resolved' ? 'Good' : 'Attention' }),
      ...runs.map(({ name, figures, why }) =>
        block(
          { text: name, weight: 'Bolder' },
          { text: [figures && ` (${figures})`, why && `: ${why}`].filter(Boolean).join('') },
        ),
      ),
      ...(more > 0 ? [block({ text: `and ${more} more` })] : []),
      block({ text: `${file}: ${link}`, isSubtle: true }),
      block({ text: command, fontType: 'Monospace', isSubtle: true }),
    ],
  };
}

/**
 * Runs of text are shown as they are, where a `TextBlock` would take them for Markdown; in both, `{{…}}` is a
 * function of the card: https://adaptivecards.io/explorer/TextRun.html
 */
const block = (
  ...runs: readonly { readonly text: string; readonly [more: string]: unknown }[]
) => ({
  type: 'RichTextBlock',
  inlines: runs
    .filter(({ text }) => text !== '')
    .map(({ text, ...look }) => ({
      type: 'TextRun',
      text: text.replaceAll('{{', `{${joiner}{`),
      ...look,
    })),
});
