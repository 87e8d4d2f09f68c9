import { oneLine } from '../../src/core/describe.ts';
import type { Documents as Found, RetrievedDocument } from '../../src/core/documents.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import { useShown, useWords } from '../app/page.tsx';
import { CutText, OriginContext } from '../ui/CutText.tsx';
import { looksLikeJson } from '../ui/jsonTokens.ts';
import { keyed } from '../ui/keyed.ts';
import './documents.css';

/** What a retrieval found, in the order in which it was recorded. */
export function Documents({ documents: { documents, total } }: { readonly documents: Found }) {
  const words = useWords();
  const { ref } = useShown();
  return (
    <OriginContext value={{ ref, part: 'metadata' }}>
      <ol className="documents">
        {keyed(documents).map(({ key, item }) => (
          <OneDocument key={key} place={Number(key) + 1} document={item} />
        ))}
      </ol>
      {total > documents.length && (
        <p className="table-note second">
          {fillIn(words.documentsShown, [integer(documents.length), integer(total)])}
        </p>
      )}
    </OriginContext>
  );
}

function OneDocument({
  place,
  document: { id, score, source, text, rest },
}: {
  readonly place: number;
  readonly document: RetrievedDocument;
}) {
  const words = useWords();
  const name = oneLine(source ?? id ?? '') || words.documentWithoutSource;
  return (
    <li>
      <div className="document-head">
        <span className="second document-place">{integer(place)}</span>
        <b className="ellipsis" title={source ?? id}>
          {name}
        </b>
        {source !== undefined && id !== undefined && (
          <span className="second small ellipsis only-wide">{oneLine(id, 60)}</span>
        )}
        <span className="spring" />
        {score !== undefined && (
          <span className="nowrap">
            <span className="second small">{words.documentScore}</span> {oneLine(score, 30)}
          </span>
        )}
      </div>
      <div className="document-body">
        {text ? (
          <CutText cut={text} look={looksLikeJson(text.text) ? 'json' : 'markdown'} lines={8} />
        ) : (
          <p className="second">{words.documentWithoutText}</p>
        )}
        {rest && <CutText cut={rest} look="json" lines={4} />}
      </div>
    </li>
  );
}
