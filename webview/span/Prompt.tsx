import type { Conversation } from '../../src/core/content.ts';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import type { Since } from '../../src/core/since.ts';
import type { Words } from '../../src/core/words.ts';
import { messagePart, type SpanDetail } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';
import { keyed } from '../ui/keyed.ts';
import { latestFrom, ownSize } from './gist.ts';
import { MessageRow } from './MessageRow.tsx';
import './conversation.css';

/** The request as messages: what the model knew folded, what is new to it open. */
export function Prompt({
  detail: { since, call, onlyNewMessages },
  conversation,
}: {
  readonly detail: Pick<SpanDetail, 'since' | 'call' | 'onlyNewMessages'>;
  readonly conversation: Conversation;
}) {
  const words = useWords();
  const { messages, omitted } = conversation;
  // Of an agent, it is the prompts of its calls that hold only what was new.
  const onlyNew = onlyNewMessages && call !== undefined;
  const from = onlyNew ? 0 : (since?.from ?? latestFrom(messages));
  // To the first call of a run everything is new: there is nothing to tell it from.
  const marked = since !== undefined || call?.index !== 1;
  const rows = keyed(messages).map(({ key, item }) => {
    const index = Number(key);
    // Behind the first three, which hold system and tools, messages may be left out.
    const part = messagePart('prompt', index < gapAt || omitted === 0 ? index : index + omitted);
    const changed = since?.changed.some(one => one === item.role) ?? false;
    return { index, item, part, changed };
  });
  // Results of earlier calls stand with their calls; their own rows would say nothing more.
  const known = rows.slice(0, from).filter(({ item }) => !item.answersOnly);
  const fresh = rows.slice(from);
  const gap = omitted > 0 && <p className="gap-row second">{counted(words, 'omitted', omitted)}</p>;
  const row = (one: (typeof rows)[number], old: boolean) => (
    <MessageRow
      key={one.index}
      id={`prompt ${one.index}`}
      message={one.item}
      part={one.part}
      old={old}
      note={one.changed && since ? changedWords(since, words) : undefined}
    />
  );
  const size = formatBytes(fresh.reduce((sum, { item }) => sum + ownSize(item), 0));
  return (
    <div className="conversation">
      {onlyNew && <p className="only-new second">{words.onlyNewMessages}</p>}
      {known.filter(one => one.index < gapAt).map(one => row(one, true))}
      {from >= gapAt && gap}
      {known.filter(one => one.index >= gapAt).map(one => row(one, true))}
      {marked && known.length > 0 && (fresh.length > 0 || since) && (
        <div className="latest-line small">
          <b>{fresh.length === 0 ? words.nothingNew : headline(since, words)}</b>
          <span className="second">
            {fresh.length > 0 && figures(fresh.length, since?.tokens, size, words)}
          </span>
        </div>
      )}
      <div className={marked && known.length > 0 ? 'latest' : undefined}>
        {fresh.filter(one => one.index < gapAt).map(one => row(one, one.item.answersOnly))}
        {from < gapAt && gap}
        {fresh.filter(one => one.index >= gapAt).map(one => row(one, one.item.answersOnly))}
      </div>
    </div>
  );
}

/** The place of what was left out among the shown messages. */
const gapAt = 3;

function headline(since: Since | undefined, words: Words): string {
  if (!since) return words.latest;
  return since.call === undefined
    ? words.newSinceBefore
    : fillIn(words.newSince, [integer(since.call)]);
}

function changedWords(since: Since, words: Words): string {
  return since.call === undefined
    ? words.changed
    : fillIn(words.changedSince, [integer(since.call)]);
}

/** Tokens where both calls recorded theirs, else characters. */
function figures(count: number, tokens: number | undefined, size: string, words: Words): string {
  const much = tokens === undefined ? size : counted(words, 'tokens', tokens);
  return counted(words, 'latest', count, much);
}
