import { useMemo } from 'react';
import { askedByWords, certaintyWords } from '../../src/core/causeWords.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useKeyed, usePage, useShown, useWords } from '../app/page.tsx';
import { titleOf } from '../span/names.ts';
import { Button, Link } from '../ui/buttons.tsx';
import { MarksContext } from '../ui/Code.tsx';
import { Filled } from '../ui/Filled.tsx';
import { CauseSide } from './CauseSide.tsx';
import { FailureSide } from './FailureSide.tsx';
import { Hinge } from './Hinge.tsx';
import './cause.css';

const noValues: readonly string[] = [];

/** A failure beside the answer that asked for it: left goes down into why, right into what came of it. */
export function Cause({ detail }: { readonly detail: SpanDetail }) {
  const { cause } = detail;
  const values = useMemo(() => cause?.view.followed ?? noValues, [cause]);
  return (
    <MarksContext value={values}>
      {(cause || detail.source) && (
        <div className="cause-lead">
          <AskedBy detail={detail} />
          <CauseActions detail={detail} />
        </div>
      )}
      <div className="pair">
        {cause ? <CauseSide cause={cause} ownPrices={detail.ownPrices} /> : <NoCause />}
        {cause && <Hinge rule={cause.rule} />}
        <FailureSide detail={detail} />
      </div>
    </MarksContext>
  );
}

function NoCause() {
  const words = useWords();
  return (
    <div className="pair-head cell-left">
      <p className="second">{words.noCause}</p>
    </div>
  );
}

/** Who asked, how long before, and how certain that is. */
function AskedBy({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { ref, show } = useShown();
  const { cause, span } = detail;
  if (!cause) return null;
  const link = (
    <Link key="link" onClick={() => show({ file: ref.file, spanId: cause.span.spanId })}>
      {titleOf(cause.span, words)}
    </Link>
  );
  const name = cause.call ? (
    <Filled key="name" text={words.nameWithCall} parts={[link, cause.call.index]} />
  ) : (
    link
  );
  const { text, before } = askedByWords(cause.rule, span, cause.span, words);
  const id = detail.tool.useId;
  const certainty = certaintyWords(cause.rule, id, words);
  const code = (
    <code className="inline-code" key="id">
      {oneLine(id ?? '', 60)}
    </code>
  );
  return (
    <p className="second">
      <Filled text={text} parts={[name, before]} />{' '}
      <Filled
        text={words.ruleIs}
        parts={[
          <b key="rule">{cause.rule}</b>,
          <Filled key="certainty" text={certainty} parts={[code]} />,
        ]}
      />
    </p>
  );
}

function CauseActions({ detail }: { readonly detail: SpanDetail }) {
  const { connection, words, ask } = usePage();
  const { ref } = useShown();
  const keyed = useKeyed();
  const { cause } = detail;
  const { api } = connection;
  const causeRef = cause && { file: ref.file, spanId: cause.span.spanId };
  return (
    <div className="cause-actions">
      {cause && (
        <>
          <Button
            primary
            icon="cause"
            title={keyed(words.goToCause, 'goToCause')}
            onClick={() => ask(api.run('goToCause', ref))}
          >
            {words.goToCause}
          </Button>
          <Button
            icon="replay"
            onClick={() => ask(api.run('replaySpan', causeRef))}
            why={cause.onlyNewMessages ? words.replayOnlyNew : undefined}
          >
            {cause.call
              ? fillIn(words.replayCall, [cause.call.index])
              : fillIn(words.replayCause, [titleOf(cause.span, words)])}
          </Button>
        </>
      )}
      {detail.source && (
        <Button
          icon="source"
          title={keyed(words.goToSource, 'goToSource')}
          onClick={() => ask(api.run('goToSource', ref))}
        >
          {words.goToSource}
        </Button>
      )}
    </div>
  );
}
