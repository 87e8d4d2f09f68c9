import { costWords, isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import {
  formatClock,
  formatDateTime,
  formatDuration,
  formatRunCost,
  formatShare,
  formatTokens,
  integer,
} from '../../src/core/format.ts';
import type { Usage } from '../../src/core/model.ts';
import { inputTokens } from '../../src/core/usage.ts';
import type { Words } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useShown } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { StatusIcon } from '../ui/Icon.tsx';

/** The figures of a span in one line; of a run's root, those of the whole run. */
export function Facts({ detail }: { readonly detail: SpanDetail }) {
  const { words } = usePage();
  const { span, run } = detail;
  const isRoot = run.rootSpanId === span.spanId;
  const usage = isRoot ? run.usage : span.usage;
  const end = isRoot ? run.end : span.end;
  const cost = isRoot
    ? run.pricedCost > 0 || run.unpricedCalls > 0
      ? formatRunCost(run, words)
      : ''
    : costWords(span, words);
  return (
    <div className="facts">
      {span.model && <span className="fact-model">{oneLine(span.model, 60)}</span>}
      <span className="second" title={formatDateTime(span.start, words)}>
        {formatClock(span.start, words)}
      </span>
      {span.start !== undefined && end !== undefined && <b>{formatDuration(end - span.start)}</b>}
      <Tokens usage={usage} words={words} />
      {cost && <b>{cost}</b>}
      <Consequences detail={detail} />
    </div>
  );
}

function Tokens({ usage, words }: { readonly usage: Usage; readonly words: Words }) {
  const given = inputTokens(usage);
  const { cacheRead, output } = usage;
  return (
    <>
      {given !== undefined && (
        <span title={integer(given)}>
          {given > 0 && cacheRead
            ? fillIn(words.tokensInCached, [count(given), formatShare(cacheRead / given)])
            : fillIn(words.tokensIn, [count(given)])}
        </span>
      )}
      {output !== undefined && (
        <span title={integer(output)}>{fillIn(words.tokensOut, [count(output)])}</span>
      )}
    </>
  );
}

// The panel has room for the exact count; only what no one reads digit by digit is abbreviated.
const count = (tokens: number): string =>
  tokens < 10_000_000 ? integer(tokens) : formatTokens(tokens);

/** Failures that this span asked for. */
function Consequences({ detail }: { readonly detail: SpanDetail }) {
  const { words } = usePage();
  const { ref, show } = useShown();
  return detail.causes.slice(0, 3).map(one => (
    <span className="consequence" key={one.spanId}>
      <StatusIcon status="failed" />
      <span className="failed-word">
        {fillIn(consequence(one, words), [
          isolated(oneLine(one.toolName ?? one.name, 60)) || words.noName,
        ])}
      </span>
      <Link onClick={() => show({ file: ref.file, spanId: one.spanId }, 'cause')}>
        {words.show}
      </Link>
    </span>
  ));
}

/** A failure that was only inferred from time is not said to be a call of this span. */
function consequence({ rule }: SpanDetail['causes'][number], words: Words): string {
  if (rule === 'descendant') return words.endedOnThis;
  return rule === 'preceding' ? words.failedAfter : words.causeOfFailure;
}
