import { oneLine, visible } from '../../src/core/describe.ts';
import type { LivePiece } from '../../src/core/replay/liveAnswer.ts';
import type { ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';
import { KindIcon } from '../ui/Icon.tsx';

/** The answer as it comes. A screen reader says what is added. */
export function Live({ view }: { readonly view: ReplayView }) {
  const { words } = usePage();
  return (
    <section className="replay-part">
      <h2>{words.replayReplayed}</h2>
      <div className="replay-live" role="log" aria-live="polite" aria-busy="true">
        {view.live.map((piece, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they come one after the other
          <Block key={at} piece={piece} />
        ))}
        {view.live.length === 0 && <p className="second">{words.replaySending}</p>}
      </div>
    </section>
  );
}

function Block({ piece }: { readonly piece: LivePiece }) {
  const { words } = usePage();
  const { kind, name = '', text } = piece;
  if (kind === 'text') return <p className="prose">{visible(text, 'prose')}</p>;
  return (
    <div className="replay-block">
      <p className="second">
        {kind === 'tool' ? (
          <>
            <KindIcon kind="tool" /> <bdi>{oneLine(name)}</bdi>
          </>
        ) : (
          words.replayThinking
        )}
      </p>
      <code className="code" dir="ltr">
        {visible(text)}
      </code>
    </div>
  );
}
