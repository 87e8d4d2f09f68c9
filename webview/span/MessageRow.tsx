import type { Message } from '../../src/core/content.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import type { MessagePart } from '../../src/protocol/reader.ts';
import { usePage, useShown, useWords } from '../app/page.tsx';
import { CopyButton } from '../ui/buttons.tsx';
import { OriginContext } from '../ui/CutText.tsx';
import { Icon, KindIcon } from '../ui/Icon.tsx';
import { Blocks } from './Blocks.tsx';
import { gist, sizeOf } from './gist.ts';

/** A message as a row that folds: icon and role, then one line of it or all of it, then its size. */
export function MessageRow({
  id,
  message,
  part,
  old,
  answer = false,
  note,
}: {
  readonly id: string;
  readonly message: Message;
  /** Names the message to the host: its whole text is copied and opened by it. */
  readonly part: MessagePart;
  /** Folded at first. */
  readonly old: boolean;
  /** Calls in an answer have no result yet. */
  readonly answer?: boolean;
  /** What is special about it, in a word or two. */
  readonly note?: string | undefined;
}) {
  const words = useWords();
  const { connection } = usePage();
  const { ref, isToggled, toggle } = useShown();
  const role = roleWord(message.role, words);
  const open = isToggled(id) ? old : !old;
  return (
    <article className={open ? 'message' : 'message message-folded'}>
      <div className="message-top">
        <button
          type="button"
          className="message-head"
          aria-expanded={open}
          onClick={() => toggle(id)}
        >
          <Icon name={open ? 'down' : 'right'} className="twistie" />
          <RoleIcon role={message.role} />
          <span className="role">{role}</span>
          {!open && (
            <span className="gist ellipsis" dir="auto">
              {gist(message, words)}
            </span>
          )}
          <span className="message-size small second">
            {note && <span className="message-note">{note}</span>}
            {message.answersOnly ? '' : formatBytes(sizeOf(message.blocks))}
          </span>
        </button>
        <CopyButton
          label={fillIn(words.copyMessage, [role])}
          copy={() => connection.api.copyPart(ref, part)}
        />
      </div>
      {open && (
        <div className="message-body">
          <OriginContext value={{ ref, part }}>
            <Blocks id={id} blocks={message.blocks} answer={answer} whole={isOneText(message)} />
          </OriginContext>
          {message.blocks.length === 0 && <p className="second">{words.emptyMessage}</p>}
        </div>
      )}
    </article>
  );
}

/** Then the text is all that the message's part holds, and the rest of it can be asked for. */
const isOneText = ({ blocks }: Message): boolean =>
  blocks.length === 1 && blocks[0]?.type === 'text';

function RoleIcon({ role }: { readonly role: string }) {
  if (role === 'assistant') return <KindIcon kind="llm" />;
  if (role === 'tools' || role === 'tool') return <KindIcon kind="tool" />;
  return (
    <Icon
      name={
        role === 'system' || role === 'developer' ? 'system' : role === 'user' ? 'user' : 'message'
      }
    />
  );
}

function roleWord(role: string, words: Words): string {
  const known: Readonly<Record<string, string>> = {
    system: words.roleSystem,
    tools: words.roleTools,
    user: words.roleUser,
    assistant: words.roleAssistant,
    tool: words.roleTool,
  };
  return Object.hasOwn(known, role) ? (known[role] ?? role) : oneLine(role, 40);
}
