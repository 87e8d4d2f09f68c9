import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useShown, useWords } from '../app/page.tsx';
import { CutText, OriginContext } from '../ui/CutText.tsx';
import { Icon } from '../ui/Icon.tsx';

export function Metadata({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { ref } = useShown();
  const { metadata, metadataProblem: problem } = detail;
  if (!metadata) return null;
  return (
    <div className="part">
      {problem && (
        <p className="note-line">
          <Icon name="info" />
          {problem === 'not-json' ? words.metadataNotJson : words.metadataNotObject}
        </p>
      )}
      <OriginContext value={{ ref, part: 'metadata' }}>
        <CutText cut={metadata} look={problem === 'not-json' ? 'code' : 'json'} whole lines={60} />
      </OriginContext>
    </div>
  );
}
