import type { Block, ToolResult } from '../../src/core/content.ts';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes } from '../../src/core/format.ts';
import { useShown, useWords } from '../app/page.tsx';
import { CutText } from '../ui/CutText.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { looksLikeJson } from '../ui/jsonTokens.ts';
import { keyed } from '../ui/keyed.ts';
import { Picture } from './Picture.tsx';
import { ToolCall } from './ToolCall.tsx';

/** The parts of a message, in their order. */
export function Blocks({
  id,
  blocks,
  answer = false,
  code = false,
  whole = false,
  lines = 24,
}: {
  /** Names the place for what is folded in it. */
  readonly id: string;
  readonly blocks: readonly Block[];
  readonly answer?: boolean;
  /** Plain text is shown as code: it comes from a tool. */
  readonly code?: boolean;
  /** A single text is all of its origin's part. */
  readonly whole?: boolean;
  readonly lines?: number;
}) {
  return keyed(blocks).map(({ key, item }) => (
    <OneBlock
      key={key}
      id={`${id} ${key}`}
      block={item}
      answer={answer}
      code={code}
      whole={whole && blocks.length === 1}
      lines={lines}
    />
  ));
}

function OneBlock({
  id,
  block,
  answer,
  code,
  whole,
  lines,
}: {
  readonly id: string;
  readonly block: Block;
  readonly answer: boolean;
  readonly code: boolean;
  readonly whole: boolean;
  readonly lines: number;
}) {
  switch (block.type) {
    case 'text': {
      const look = looksLikeJson(block.text.text) ? 'json' : code ? 'code' : 'markdown';
      return <CutText cut={block.text} look={look} whole={whole} lines={lines} />;
    }
    case 'thinking':
      return <Thinking id={id} block={block} lines={lines} />;
    case 'toolUse':
      return <ToolCall id={id} block={block} answer={answer} />;
    case 'toolResult':
      return <LooseResult id={id} result={block} callId={block.toolUseId} />;
    case 'image':
      return <Picture block={block} />;
    case 'json':
      return (
        <div>
          {block.label && <div className="label small second">{oneLine(block.label, 80)}</div>}
          <CutText cut={block.json} look="json" whole={whole} lines={lines} />
        </div>
      );
  }
}

function Thinking({
  id,
  block,
  lines,
}: {
  readonly id: string;
  readonly block: Extract<Block, { type: 'thinking' }>;
  readonly lines: number;
}) {
  const words = useWords();
  const { isToggled, toggle } = useShown();
  const open = isToggled(id);
  return (
    <div className="thinking">
      <button
        type="button"
        className="thinking-head"
        aria-expanded={open}
        onClick={() => toggle(id)}
      >
        <Icon name={open ? 'down' : 'right'} className="twistie" />
        <Icon name="thinking" />
        <span>{words.thinking}</span>
        {!open && (
          <em className="ellipsis" dir="auto">
            {oneLine(block.text.text.trim())}
          </em>
        )}
        <span className="spring" />
        <span className="small nowrap">{formatBytes(block.text.chars)}</span>
      </button>
      {open && (
        <div className="thinking-body">
          <CutText cut={block.text} look="prose" lines={lines} />
        </div>
      )}
    </div>
  );
}

/** A result whose call this conversation does not hold. */
function LooseResult({
  id,
  result,
  callId,
}: {
  readonly id: string;
  readonly result: ToolResult;
  readonly callId: string | undefined;
}) {
  const words = useWords();
  const name = callId ? fillIn(words.resultOf, [isolated(oneLine(callId, 60))]) : words.result;
  return (
    <div className="tool-call">
      <div className="label small second">
        {result.failed && <StatusIcon status="failed" />}
        {result.failed ? words.resultFailed : name}
      </div>
      <Blocks id={id} blocks={result.blocks} code />
    </div>
  );
}
