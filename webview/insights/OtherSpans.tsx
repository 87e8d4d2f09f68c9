import { useEffect, useState } from 'react';
import { counted } from '../../src/core/counted.ts';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { formatClock, withoutMs } from '../../src/core/format.ts';
import type { Insight } from '../../src/core/insights/insight.ts';
import type { SpanName } from '../../src/protocol/insightList.ts';
import { usePage, useShown } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { KindIcon } from '../ui/Icon.tsx';

/** A long loop has more spans than one would press. */
const mostNamed = 8;

/** The other spans that an insight is about, each a way to it. Their names are asked for when they are seen. */
export function OtherSpans({ insight: { runId, spanIds } }: { readonly insight: Insight }) {
  const { connection, words } = usePage();
  const { ref, show } = useShown();
  const [names, setNames] = useState<readonly SpanName[]>([]);
  const others = spanIds.filter(id => id !== ref.spanId);
  const named = others.slice(0, mostNamed);
  const wanted = named.join('\n');
  const { file } = ref;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the list
  useEffect(() => {
    if (named.length === 0) return;
    let isLatest = true;
    const answer = connection.caller.call('spanNames', { file, runId }, named);
    answer.then(
      found => isLatest && setNames(found),
      error => console.warn(error),
    );
    return () => {
      isLatest = false;
      answer.cancel();
    };
  }, [connection, file, runId, wanted]);
  if (names.length === 0) return null;
  // Those that are gone from the file count as well.
  const more = others.length - names.length;
  return (
    <ul className="other-spans" aria-label={words.insightOtherSpans}>
      {names.map(({ spanId, name, kind, start, failed }) => (
        <li key={spanId}>
          <KindIcon kind={kind} mark={failed ? 'failed' : 'none'} />
          <Link onClick={() => show({ file, spanId })}>
            {isolated(oneLine(name, 60)) || words.noName}
          </Link>
          {/* Those of a loop have one name. */}
          <span className="small">{withoutMs(formatClock(start, words))}</span>
        </li>
      ))}
      {more > 0 && <li>{counted(words, 'insightSpansMore', more)}</li>}
    </ul>
  );
}
