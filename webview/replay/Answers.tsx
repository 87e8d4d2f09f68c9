import { createElement, Fragment, type ReactNode } from 'react';
import { oneLine, visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import { type Parted, partedTexts } from '../../src/core/replay/parted.ts';
import type { AnswerView, ReplayedView, ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { KindIcon } from '../ui/Icon.tsx';
import { jsonTokens } from '../ui/jsonTokens.ts';

/** Both answers, with what is not the same marked. */
export function Answers({
  view,
  replay,
}: {
  readonly view: ReplayView;
  readonly replay: ReplayedView | undefined;
}) {
  const { connection, words, ask } = usePage();
  const { recorded, recordedRef, recordedAt } = view;
  const { answer, ref } = replay ?? {};
  const facts = (one: AnswerView | undefined, at: string): string =>
    [at, one?.model].filter(Boolean).join(' · ');
  return (
    <div className="replay-answers">
      <Side
        title={words.replayRecorded}
        facts={facts(recorded, recordedAt)}
        answer={recorded}
        other={answer}
        is="recorded"
        none={words.replayNoRecorded}
      >
        <Link onClick={() => ask(connection.api.replayAct('showRecorded'))}>
          {words.replayShowRecorded}
        </Link>
      </Side>
      <Side
        title={words.replayReplayed}
        facts={facts(answer, '')}
        answer={answer}
        other={recorded}
        is="replayed"
        none={words.replayNoAnswer}
      >
        {ref && (
          <>
            {recorded && answer && (
              <Link onClick={() => ask(connection.api.compareTexts(recordedRef, ref, 'response'))}>
                {words.replayOpenDiff}
              </Link>
            )}
            <Link onClick={() => ask(connection.api.show(ref))}>{words.replayShowReplayed}</Link>
          </>
        )}
      </Side>
    </div>
  );
}

function Side({
  title,
  facts,
  answer,
  other,
  is,
  none,
  children,
}: {
  readonly title: string;
  readonly facts: string;
  readonly answer: AnswerView | undefined;
  readonly other: AnswerView | undefined;
  readonly is: 'recorded' | 'replayed';
  readonly none: string;
  readonly children: ReactNode;
}) {
  const { words } = usePage();
  return (
    <section className="replay-side" aria-label={title}>
      <div className="part-title">
        <h2>{title}</h2>
        <span className="second ellipsis" title={facts}>
          {facts}
        </span>
        <span className="spring" />
        {children}
      </div>
      {!answer && <p className="second">{none}</p>}
      {answer && (
        <>
          {answer.text !== '' && (
            <p className="prose">
              <Marked text={answer.text} other={other?.text} is={is} look="prose" />
            </p>
          )}
          {answer.text === '' && answer.tools.length === 0 && (
            <p className="second">{words.replayNoText}</p>
          )}
          {answer.text.length < answer.chars && (
            <p className="second">
              {fillIn(words.replayCutText, [integer(answer.text.length), integer(answer.chars)])}
            </p>
          )}
          {answer.tools.map(({ name, input }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a tool may be asked for twice with the same input
            <div className="replay-block" key={at}>
              <p className="replay-tool">
                <KindIcon kind="tool" />
                <bdi>{oneLine(name)}</bdi>
              </p>
              <code className="code" dir="ltr">
                <Marked
                  text={input}
                  other={other?.tools[at]?.name === name ? other.tools[at]?.input : undefined}
                  is={is}
                  look="code"
                />
              </code>
            </div>
          ))}
          {answer.moreTools > 0 && (
            <p className="second">{fillIn(words.replayMoreTools, [integer(answer.moreTools)])}</p>
          )}
        </>
      )}
    </section>
  );
}

function Marked({
  text,
  other,
  is,
  look,
}: {
  readonly text: string;
  readonly other: string | undefined;
  readonly is: 'recorded' | 'replayed';
  readonly look: 'prose' | 'code';
}) {
  const { before, other: differs, after } = partOf(text, other);
  const Mark = is === 'recorded' ? 'del' : 'ins';
  if (look === 'code') {
    const parts = jsonParts(text, before.length, before.length + differs.length);
    const [first, marked, last] = parts.map((part, at) =>
      createElement(Fragment, { key: at }, ...part),
    );
    return (
      <>
        {first}
        {differs !== '' && <Mark>{marked}</Mark>}
        {last}
      </>
    );
  }
  return (
    <>
      {visible(before, look)}
      {differs !== '' && <Mark>{visible(differs, look)}</Mark>}
      {visible(after, look)}
    </>
  );
}

/** JSON in its colours, before, within and after what is marked. */
function jsonParts(text: string, from: number, to: number): readonly ReactNode[][] {
  const parts: ReactNode[][] = [[], [], []];
  let at = 0;
  for (const { kind, text: piece } of jsonTokens(text)) {
    const end = at + piece.length;
    const cuts: readonly (readonly [number, number])[] = [
      [at, Math.min(end, from)],
      [Math.max(at, from), Math.min(end, to)],
      [Math.max(at, to), end],
    ];
    for (const [place, [start, stop]] of cuts.entries()) {
      if (stop <= start) continue;
      const shown = visible(text.slice(start, stop));
      parts[place]?.push(
        kind === 'plain' ? shown : createElement('span', { className: `json-${kind}` }, shown),
      );
    }
    at = end;
  }
  return parts;
}

const partOf = (text: string, other: string | undefined): Parted =>
  other === undefined ? { before: text, other: '', after: '' } : partedTexts(text, other)[0];
