import { counted } from '../../src/core/counted.ts';
import { oneLine } from '../../src/core/describe.ts';
import type { SpanDetail, TextPart } from '../../src/protocol/reader.ts';
import { useShown, useWords } from '../app/page.tsx';
import { CutText, OriginContext } from '../ui/CutText.tsx';
import { looksLikeJson } from '../ui/jsonTokens.ts';
import { Blocks } from './Blocks.tsx';
import { CodeFields } from './CodeFields.tsx';
import { Hint, SettingHint } from './NotRecorded.tsx';
import { isAwaited } from './tabs.ts';
import './conversation.css';

/** What a tool was given and what it gave back. */
export function Tool({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { ref } = useShown();
  const { tool, error, contentSetting } = detail;
  const hasResult = tool.result !== undefined && tool.result.length > 0;
  const isOpen = isAwaited('tool', detail);
  const origin = (part: TextPart) => ({ ref, part });
  return (
    <div className="part">
      <div className="part-head">
        <h2>{words.toolInput}</h2>
        {tool.useId && <span className="second small ellipsis">{oneLine(tool.useId, 80)}</span>}
      </div>
      <div className="tool-call">
        {tool.input ? (
          <OriginContext value={origin('toolInput')}>
            <CutText cut={tool.input} look={lookOf(tool.input.text)} whole />
            <CodeFields tool={detail.span.toolName ?? detail.span.name} input={tool.input} />
          </OriginContext>
        ) : (
          <p className="second">{words.noToolInput}</p>
        )}
      </div>
      {error && (
        <>
          <div className="part-head">
            <h2>{words.error}</h2>
          </div>
          <div className="tool-call">
            <OriginContext value={origin('error')}>
              <CutText cut={error} look={lookOf(error.text)} whole />
            </OriginContext>
          </div>
        </>
      )}
      <div className="part-head">
        <h2>{words.toolResult}</h2>
        {tool.resultLength !== undefined && (
          <span className="second small">{counted(words, 'resultLength', tool.resultLength)}</span>
        )}
      </div>
      <div className="tool-call">
        {hasResult ? (
          <OriginContext value={origin('toolResult')}>
            <Blocks id="tool" blocks={tool.result ?? []} code whole />
          </OriginContext>
        ) : (
          <p className="second">{isOpen ? words.noToolResultYet : words.noToolResult}</p>
        )}
      </div>
      {tool.useId === undefined && !contentSetting && (
        <div className="part-hint">
          <Hint hint="toolId" when={words.recordToolId} />
        </div>
      )}
      {!hasResult && !error && !isOpen && (
        <div className="part-hint">
          {contentSetting ? <SettingHint setting={contentSetting} /> : <Hint hint="tool" />}
        </div>
      )}
    </div>
  );
}

const lookOf = (text: string): 'json' | 'code' => (looksLikeJson(text) ? 'json' : 'code');
