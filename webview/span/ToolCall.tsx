import { useContext } from 'react';
import type { Block } from '../../src/core/content.ts';
import { oneLine, visible } from '../../src/core/describe.ts';
import { useShown, useWords } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { CutText } from '../ui/CutText.tsx';
import { KindIcon, StatusIcon } from '../ui/Icon.tsx';
import { Blocks } from './Blocks.tsx';
import { CodeFields } from './CodeFields.tsx';
import { FailureOfCallContext } from './failedCalls.ts';

/** A call and what came back, as one block. */
export function ToolCall({
  id,
  block,
  answer,
}: {
  readonly id: string;
  readonly block: Extract<Block, { type: 'toolUse' }>;
  readonly answer: boolean;
}) {
  const words = useWords();
  const { result } = block;
  const { ref, show } = useShown();
  const failure = useContext(FailureOfCallContext)(block);
  return (
    <div className="tool-call">
      <div className="tool-call-head">
        <KindIcon kind="tool" mark={result?.failed || failure ? 'failed' : 'none'} />
        <b className="ellipsis">{oneLine(block.name, 80) || words.noToolName}</b>
        {block.id && (
          <span className="second small ellipsis only-wide" title={visible(block.id)}>
            {shortId(block.id)}
          </span>
        )}
        <span className="spring" />
        {(result?.failed || failure) && (
          <span className="status-word failed-word">
            <StatusIcon status="failed" />
            <span>{words.failed}</span>
          </span>
        )}
        {failure && (
          <Link onClick={() => show({ file: ref.file, spanId: failure.spanId })}>{words.show}</Link>
        )}
      </div>
      <CutText cut={block.input} look="json" />
      <CodeFields tool={block.name} input={block.input} />
      {result && (
        <>
          <div className="label small second">
            {result.failed ? words.resultFailed : words.result}
          </div>
          <Blocks id={`${id} result`} blocks={result.blocks} code lines={12} />
        </>
      )}
      {!result && !answer && <div className="label small second">{words.noResultYet}</div>}
    </div>
  );
}

/** Beginning and end: ids of one provider begin alike. */
function shortId(id: string): string {
  const plain = oneLine(id, 80);
  return plain.length > 16 ? `${plain.slice(0, 10)}…${plain.slice(-3)}` : plain;
}
