import type { Message } from '../../src/core/content.ts';
import { oneLine } from '../../src/core/describe.ts';
import { formatBytes } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import { useShown, useWords } from '../app/page.tsx';
import { Icon, KindIcon } from '../ui/Icon.tsx';
import { Blocks } from './Blocks.tsx';
import { gist, sizeOf } from './gist.ts';

/** A message as a row that folds: icon and role, then one line of it or all of it, then its size. */
export function MessageRow({
  id,
  message,
  old,
  answer = false,
}: {
  readonly id: string;
  readonly message: Message;
  /** Folded at first. */
  readonly old: boolean;
  /** Calls in an answer have no result yet. */
  readonly answer?: boolean;
}) {
  const words = useWords();
  const { isToggled, toggle } = useShown();
  const open = isToggled(id) ? old : !old;
  return (
    <article className={open ? 'message' : 'message message-folded'}>
      <button
        type="button"
        className="message-head"
        aria-expanded={open}
        onClick={() => toggle(id)}
      >
        <Icon name={open ? 'down' : 'right'} className="twistie" />
        <RoleIcon role={message.role} />
        <span className="role">{roleWord(message.role, words)}</span>
        {!open && (
          <span className="gist ellipsis" dir="auto">
            {gist(message, words)}
          </span>
        )}
        <span className="message-size small second">
          {message.answersOnly ? '' : formatBytes(sizeOf(message.blocks))}
        </span>
      </button>
      {open && (
        <div className="message-body">
          <Blocks id={id} blocks={message.blocks} answer={answer} />
          {message.blocks.length === 0 && <p className="second">{words.emptyMessage}</p>}
        </div>
      )}
    </article>
  );
}

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
