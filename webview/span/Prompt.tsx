import type { Conversation } from '../../src/core/content.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import { useWords } from '../app/page.tsx';
import { keyed } from '../ui/keyed.ts';
import { latestFrom, ownSize } from './gist.ts';
import { MessageRow } from './MessageRow.tsx';
import './conversation.css';

/** The request as messages: what the model knew folded, what it had to answer open. */
export function Prompt({ conversation }: { readonly conversation: Conversation }) {
  const words = useWords();
  const { messages, omitted } = conversation;
  const latest = latestFrom(messages);
  const rows = keyed(messages);
  // Results of earlier calls stand with their calls; their own rows would say nothing more.
  const known = rows.slice(0, latest).filter(({ item }) => !item.answersOnly);
  const fresh = rows.slice(latest);
  const size = formatBytes(fresh.reduce((sum, { item }) => sum + ownSize(item), 0));
  // The gap lies behind the first three, which hold system and tools.
  const gapAfter = omitted > 0 ? Math.min(3, known.length) : -1;
  return (
    <div className="conversation">
      {known.slice(0, gapAfter < 0 ? known.length : gapAfter).map(({ key, item }) => (
        <MessageRow key={key} id={`prompt ${key}`} message={item} old />
      ))}
      {gapAfter >= 0 && (
        <p className="gap-row second">{fillIn(words.omittedMessages, [integer(omitted)])}</p>
      )}
      {gapAfter >= 0 &&
        known
          .slice(gapAfter)
          .map(({ key, item }) => <MessageRow key={key} id={`prompt ${key}`} message={item} old />)}
      {known.length > 0 && fresh.length > 0 && (
        <div className="latest-line small">
          <b>{words.latest}</b>
          <span className="second">
            {fresh.length === 1
              ? fillIn(words.latestOne, [size])
              : fillIn(words.latestMany, [integer(fresh.length), size])}
          </span>
        </div>
      )}
      <div className={known.length > 0 ? 'latest' : undefined}>
        {fresh.map(({ key, item }) => (
          <MessageRow key={key} id={`prompt ${key}`} message={item} old={item.answersOnly} />
        ))}
      </div>
    </div>
  );
}
