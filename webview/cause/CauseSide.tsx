import { isolated, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatCost, formatDuration, integer } from '../../src/core/format.ts';
import { recomputedCost } from '../../src/core/recomputedCost.ts';
import { inputTokens } from '../../src/core/usage.ts';
import type { SpanTab } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useShown, useWords } from '../app/page.tsx';
import { Blocks } from '../span/Blocks.tsx';
import { titleOf } from '../span/names.ts';
import { isOwnPrice, priceNote, withOwnPrices } from '../span/priceNote.ts';
import { Link } from '../ui/buttons.tsx';
import { CutText } from '../ui/CutText.tsx';
import { KindIcon } from '../ui/Icon.tsx';
import { Cell, Missing } from './Cell.tsx';
import { Reasoned } from './Reasoned.tsx';

type CauseOf = NonNullable<SpanDetail['cause']>;

/** What the model asked for, why, and what it had been given: from the last in time to the first. */
export function CauseSide({
  cause,
  ownPrices,
}: {
  readonly cause: CauseOf;
  readonly ownPrices: SpanDetail['ownPrices'];
}) {
  const words = useWords();
  const { ref, show } = useShown();
  const { span, view } = cause;
  const there = { file: ref.file, spanId: span.spanId };
  const go = (tab: SpanTab, label: string) => <Link onClick={() => show(there, tab)}>{label}</Link>;
  const answered = view.asked !== undefined || view.reasoned.length > 0;
  return (
    <>
      <Head cause={cause} ownPrices={ownPrices} />
      <Cell
        place="cell-asked"
        title={words.askedFor}
        about={
          view.asked &&
          fillIn(words.askedForIn, [
            isolated(oneLine(view.askedName ?? '', 60)) || words.noToolName,
          ])
        }
        link={go('response', answered ? words.tabResponse : words.whatToRecord)}
        tone={view.asked ? 'wanted' : 'missing'}
        origin={{ ref: there, part: 'response' }}
      >
        {view.asked ? (
          <CutText cut={view.asked} look="json" lines={16} />
        ) : (
          <Missing text={answered ? words.missAsked : words.missAnswer} />
        )}
      </Cell>
      <Cell
        place="cell-reasoned"
        title={words.reasoned}
        about={reasonedAbout(view, words)}
        link={answered && go('response', words.tabResponse)}
        tone={view.reasoned.length > 0 ? 'prose' : 'missing'}
        origin={{ ref: there, part: 'response' }}
      >
        {view.reasoned.length > 0 ? (
          <Reasoned blocks={view.reasoned} />
        ) : (
          <Missing text={view.asked ? words.missReasoned : words.missAnswer} />
        )}
      </Cell>
      <Cell
        place="cell-given"
        title={words.wasGiven}
        about={view.given.length > 0 ? words.wasGivenLast : undefined}
        link={go('prompt', view.given.length > 0 ? words.tabPrompt : words.whatToRecord)}
        tone={view.given.length > 0 ? 'plain' : 'missing'}
        origin={{ ref: there, part: 'prompt' }}
      >
        {view.given.length > 0 ? (
          <Blocks id="given" blocks={view.given} code lines={9} />
        ) : (
          <Missing text={words.missGiven} />
        )}
      </Cell>
    </>
  );
}

function Head({ cause, ownPrices }: Parameters<typeof CauseSide>[0]) {
  const words = useWords();
  const { span } = cause;
  const given = inputTokens(span.usage);
  const table = withOwnPrices(ownPrices);
  const other = recomputedCost(span, table);
  const both = isOwnPrice(span, table) ? words.costRecordedAndOwn : words.costRecordedAnd;
  const figures = [
    span.start !== undefined && span.end !== undefined && formatDuration(span.end - span.start),
    given !== undefined && fillIn(words.tokensIn, [integer(given)]),
    span.cost !== undefined &&
      span.costSource !== 'none' &&
      (other
        ? fillIn(both, [formatCost(span.cost), formatCost(other.recomputed)])
        : formatCost(span.cost)),
  ].filter(one => one !== false);
  return (
    <div className="pair-head cell-left">
      <KindIcon kind={span.kind} />
      <h2 className="ellipsis">{titleOf(span, words)}</h2>
      <span className="second">{words.decided}</span>
      <span
        className="second nowrap only-wide pair-figures"
        title={other && priceNote(span, words, table)}
      >
        {figures.join(' · ')}
      </span>
    </div>
  );
}

function reasonedAbout(
  view: CauseOf['view'],
  words: ReturnType<typeof useWords>,
): string | undefined {
  if (view.reasoned.length === 0) return undefined;
  return view.reasoned.some(one => one.type === 'thinking')
    ? words.reasonedThinking
    : words.reasonedText;
}
