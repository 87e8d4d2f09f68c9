import { spanMark, spanStatusWords } from '../../src/core/describe.ts';
import { formatDuration } from '../../src/core/format.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useShown, useWords } from '../app/page.tsx';
import { Blocks } from '../span/Blocks.tsx';
import { titleOf } from '../span/names.ts';
import { SourceLink } from '../span/SourceLink.tsx';
import { CopyLink, Link } from '../ui/buttons.tsx';
import { CutText } from '../ui/CutText.tsx';
import { KindIcon } from '../ui/Icon.tsx';
import { looksLikeJson } from '../ui/jsonTokens.ts';
import { Cell, Missing } from './Cell.tsx';

/** What the failing span received, how it failed, and what went back to the model. */
export function FailureSide({ detail }: { readonly detail: SpanDetail }) {
  const { connection, words } = usePage();
  const { ref, showTab } = useShown();
  const { cause, error, tool } = detail;
  const received = cause ? cause.view.received : tool.input;
  const returned = cause ? cause.view.returned : (tool.result ?? []);
  const isTool = detail.span.kind === 'tool';
  const record = isTool && <Link onClick={() => showTab('tool')}>{words.whatToRecord}</Link>;
  const toTool = <Link onClick={() => showTab('tool')}>{words.tabTool}</Link>;
  const toPrompt = <Link onClick={() => showTab('prompt')}>{words.tabPrompt}</Link>;
  const asked = cause?.view.asked;
  return (
    <>
      <Head detail={detail} />
      <Cell
        place="cell-received"
        title={words.received}
        about={
          received && asked
            ? cause?.view.sameInput
              ? words.sameArguments
              : words.otherArguments
            : undefined
        }
        link={
          detail.source ? (
            <SourceLink source={detail.source} short />
          ) : received ? (
            toTool
          ) : detail.prompt ? (
            toPrompt
          ) : (
            record
          )
        }
        tone={received ? 'failed' : 'missing'}
        origin={{ ref, part: 'toolInput' }}
      >
        {received ? (
          <CutText cut={received} look={lookOf(received.text)} whole lines={16} />
        ) : (
          <Missing text={detail.prompt ? words.receivedPrompt : words.missReceived} />
        )}
      </Cell>
      <Cell
        place="cell-error"
        title={words.error}
        link={error && <CopyLink copy={() => connection.api.copyPart(ref, 'error')} />}
        tone={error ? 'failed' : 'missing'}
        origin={{ ref, part: 'error' }}
      >
        {error ? (
          <CutText cut={error} look={lookOf(error.text)} whole lines={12} />
        ) : (
          <Missing text={words.missError} />
        )}
      </Cell>
      <Cell
        place="cell-returned"
        title={words.returned}
        about={returned.length > 0 ? words.toTheModel : undefined}
        link={returned.length > 0 ? toTool : !error && record}
        tone={returned.length > 0 ? 'plain' : 'missing'}
        origin={{ ref, part: 'toolResult' }}
      >
        {returned.length > 0 ? (
          <Blocks id="returned" blocks={returned} code whole lines={9} />
        ) : (
          <Missing text={words.missReturned} />
        )}
      </Cell>
    </>
  );
}

function Head({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { span } = detail;
  return (
    <div className="pair-head cell-right">
      <KindIcon kind={span.kind} mark={spanMark(span, span)} />
      <h2 className="ellipsis">{titleOf(span, words)}</h2>
      <span className={span.recovered ? 'second nowrap' : 'failed-word nowrap'}>
        {spanStatusWords(span, span, words)}
      </span>
      <span className="second nowrap only-wide pair-figures">
        {span.start !== undefined && span.end !== undefined
          ? formatDuration(span.end - span.start)
          : ''}
      </span>
    </div>
  );
}

const lookOf = (text: string): 'json' | 'code' => (looksLikeJson(text) ? 'json' : 'code');
