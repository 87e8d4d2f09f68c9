import type { Conversation } from '../../src/core/content.ts';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { messagePart } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';
import { keyed } from '../ui/keyed.ts';
import { MessageRow } from './MessageRow.tsx';
import './conversation.css';

export function Response({
  conversation,
  stopReason,
}: {
  readonly conversation: Conversation;
  readonly stopReason: string | undefined;
}) {
  const words = useWords();
  return (
    <div className="conversation">
      {keyed(conversation.messages).map(({ key, item }) => (
        <MessageRow
          key={key}
          id={`response ${key}`}
          message={item}
          part={messagePart('response', Number(key))}
          old={false}
          answer
        />
      ))}
      {stopReason && (
        <p className="gap-row second small">
          {fillIn(words.stoppedFor, [isolated(oneLine(stopReason))])}
        </p>
      )}
    </div>
  );
}
