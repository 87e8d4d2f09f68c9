import { createContext, useContext, useMemo, useState } from 'react';
import type { Cut } from '../../src/core/content.ts';
import { countLines } from '../../src/core/content.ts';
import { visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { TextPart } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { CopyLink, Link } from './buttons.tsx';
import { Code, MarksContext, Prose } from './Code.tsx';
import { excerpt } from './excerpt.ts';
import { firstMark } from './marks.ts';
import { indent } from './reflow.ts';

/** Where a text comes from: the document that opens for it. */
export interface Origin {
  readonly ref: SpanRef;
  readonly part: TextPart;
}
export const OriginContext = createContext<Origin | undefined>(undefined);

/** A recorded text: its beginning, what is left out in figures, and the ways to the rest. */
export function CutText({
  cut,
  look,
  whole = false,
  lines = 24,
}: {
  readonly cut: Cut;
  readonly look: 'prose' | 'json' | 'code';
  /** The text is all of its origin's part, so that the rest of it can be asked for. */
  readonly whole?: boolean;
  readonly lines?: number;
}) {
  const { connection, words, ask } = usePage();
  const origin = useContext(OriginContext);
  const values = useContext(MarksContext);
  const [all, setAll] = useState(false);
  const [loaded, setLoaded] = useState<{ readonly of: Cut; readonly text: string }>();
  // Of a file that is read again, the same place may hold another text.
  const longer = loaded?.of === cut ? loaded.text : undefined;
  const isCut = (longer ?? cut.text).length < cut.chars;
  const held = useMemo(() => {
    const recorded = longer ?? cut.text;
    // A cut text is left alone: its figures count the lines that were recorded.
    const oneLong = recorded.length > 100 && cut.lines === 1 && !isCut;
    return look === 'json' && oneLong ? indent(recorded) : recorded;
  }, [longer, cut, isCut, look]);

  const shown = useMemo(() => {
    if (all) return { text: held, before: false, after: false, lines: countLines(held) };
    const around = firstMark(held, values);
    // A fold that hides three lines costs more than it saves.
    const limit = countLines(held) <= lines + 3 ? lines + 3 : lines;
    return excerpt(held, limit, lines * 90, around);
  }, [held, all, values, lines]);

  const showAll = (): void => {
    setAll(true);
    if (isCut && whole && origin) {
      const more = connection.api.more(origin.ref, origin.part);
      ask(more.then(text => setLoaded({ of: cut, text })));
    }
  };
  const text = visible(shown.text, look === 'prose' ? 'prose' : 'code');
  const partial = shown.before || shown.after || isCut;
  const total = isCut ? cut.lines : countLines(held);
  const left = shown.lines < total;
  const figures = left
    ? fillIn(words.linesOf, [integer(shown.lines), integer(total), formatBytes(cut.chars)])
    : fillIn(words.sizeOf, [formatBytes(shown.text.length), formatBytes(cut.chars)]);

  return (
    <div className="cut-text">
      {shown.before && <div className="cut-gap">…</div>}
      {look === 'prose' ? <Prose text={text} /> : <Code text={text} json={look === 'json'} />}
      {(partial || all) && (
        <div className="cut-bar">
          {partial && <span>{figures}</span>}
          {!all && <Link onClick={showAll}>{words.showAll}</Link>}
          {all && <Link onClick={() => setAll(false)}>{words.showLess}</Link>}
          {origin && (
            <Link onClick={() => ask(connection.api.openText(origin.ref, origin.part))}>
              {words.openInEditor}
            </Link>
          )}
          {!isCut && <CopyLink copy={() => connection.api.copy(longer ?? cut.text)} />}
          {isCut && whole && origin && (
            <CopyLink copy={() => connection.api.copyPart(origin.ref, origin.part)} />
          )}
        </div>
      )}
    </div>
  );
}
