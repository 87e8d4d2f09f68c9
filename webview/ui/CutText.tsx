import { createContext, useContext, useMemo, useState } from 'react';
import type { Cut } from '../../src/core/content.ts';
import { countLines } from '../../src/core/content.ts';
import { visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { TextPart } from '../../src/protocol/reader.ts';
import { FormsContext } from '../app/forms.ts';
import { usePage } from '../app/page.tsx';
import { JsonTree } from '../json/JsonTree.tsx';
import { JsonText } from '../json/rows.ts';
import { ColouredCode } from '../markdown/ColouredCode.tsx';
import { Markdown } from '../markdown/Markdown.tsx';
import { CopyLink, Link } from './buttons.tsx';
import { Code, MarksContext, Prose } from './Code.tsx';
import { type Excerpt, excerpt } from './excerpt.ts';
import { firstMark } from './marks.ts';
import { collapse, indent } from './reflow.ts';

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
  language = '',
  whole = false,
  lines = 24,
}: {
  readonly cut: Cut;
  readonly look: 'prose' | 'markdown' | 'json' | 'code';
  /** Of code, where it is known. */
  readonly language?: string;
  /** The text is all of its origin's part, so that the rest of it can be asked for. */
  readonly whole?: boolean;
  readonly lines?: number;
}) {
  const { connection, words, ask } = usePage();
  const origin = useContext(OriginContext);
  const values = useContext(MarksContext);
  const forms = useContext(FormsContext);
  const [all, setAll] = useState(false);
  const [loaded, setLoaded] = useState<{ readonly of: Cut; readonly text: string }>();
  // Of a file that is read again, the same place may hold another text.
  const longer = loaded?.of === cut ? loaded.text : undefined;
  const isCut = (longer ?? cut.text).length < cut.chars;
  const given = longer ?? cut.text;
  const recorded = useMemo(
    () => (look === 'json' && !isCut ? collapse(given) : given),
    [look, isCut, given],
  );
  // Where values are followed, their places must be in sight, folded or not.
  const asTree = look === 'json' && forms.jsonTree && values.length === 0;
  const tree = useMemo(
    () =>
      asTree && (recorded.length > 100 || countLines(recorded) > 2)
        ? JsonText.of(visible(recorded))
        : undefined,
    [asTree, recorded],
  );
  const held = useMemo(() => {
    // A cut text is left alone: its figures count the lines that were recorded.
    const oneLong = recorded.length > 100 && cut.lines === 1 && !isCut;
    return look === 'json' && oneLong && !tree ? indent(recorded) : recorded;
  }, [recorded, cut, isCut, look, tree]);

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
  const partial = tree ? isCut : shown.before || shown.after || isCut;
  const long = tree !== undefined && held.length > 2000;
  const total = isCut ? cut.lines : countLines(held);
  const left = shown.lines < total;
  const figures = tree
    ? fillIn(words.sizeOf, [formatBytes(held.length), formatBytes(cut.chars)])
    : left
      ? fillIn(words.linesOf, [integer(shown.lines), integer(total), formatBytes(cut.chars)])
      : fillIn(words.sizeOf, [formatBytes(shown.text.length), formatBytes(cut.chars)]);

  return (
    <div className="cut-text">
      {tree ? (
        <JsonTree key={held.length} json={tree} rowsAtFirst={lines + 3} label={words.jsonTree} />
      ) : (
        <Text look={look} language={language} shown={shown} />
      )}
      {(partial || all || long) && (
        <div className="cut-bar">
          {partial && <span>{figures}</span>}
          {!all && partial && <Link onClick={showAll}>{words.showAll}</Link>}
          {all && !tree && <Link onClick={() => setAll(false)}>{words.showLess}</Link>}
          {origin && (
            <Link onClick={() => ask(connection.api.openText(origin.ref, origin.part))}>
              {words.openInEditor}
            </Link>
          )}
          {!isCut && <CopyLink copy={() => connection.api.copy(given)} />}
          {isCut && whole && origin && (
            <CopyLink copy={() => connection.api.copyPart(origin.ref, origin.part)} />
          )}
        </div>
      )}
    </div>
  );
}

function Text({
  look,
  language,
  shown,
}: {
  readonly look: 'prose' | 'markdown' | 'json' | 'code';
  readonly language: string;
  readonly shown: Pick<Excerpt, 'text' | 'before'>;
}) {
  const { markdown } = useContext(FormsContext);
  const text = useMemo(
    () => visible(shown.text, look === 'prose' || look === 'markdown' ? 'prose' : 'code'),
    [shown, look],
  );
  return (
    <>
      {shown.before && <div className="cut-gap">…</div>}
      {look === 'markdown' && markdown ? (
        <Markdown text={text} />
      ) : look === 'prose' || look === 'markdown' ? (
        <Prose text={text} />
      ) : language ? (
        <ColouredCode text={text} language={language} />
      ) : (
        <Code text={text} json={look === 'json'} />
      )}
    </>
  );
}
