import { useEffect, useState } from 'react';
import type { Insight } from '../../src/core/insights/insight.ts';
import { sentenceOf } from '../../src/core/insights/sentence.ts';
import { typeWord } from '../../src/core/insightViewWords.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useShown, useWords } from '../app/page.tsx';
import { Icon } from '../ui/Icon.tsx';
import { keyed } from '../ui/keyed.ts';
import { foldKeys } from './foldKeys.ts';
import { OtherSpans } from './OtherSpans.tsx';
import { SeverityIcon } from './Severity.tsx';
import { useInsightVersion } from './useInsights.ts';
import './insights.css';

/** What stands out at a span: a sentence each, which unfolds to what it was concluded from. */
export function SpanInsights({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const found = useSpanInsights(detail);
  if (found.length === 0) return null;
  const keys = foldKeys(found);
  return (
    <section className="span-insights" aria-label={words.insights}>
      <ul>
        {keys.map((key, at) => {
          const insight = found[at];
          return insight && <SpanInsight key={key} fold={key} insight={insight} />;
        })}
      </ul>
    </section>
  );
}

function SpanInsight({ fold, insight }: { readonly fold: string; readonly insight: Insight }) {
  const words = useWords();
  const { isToggled, toggle } = useShown();
  const { type, severity, said, evidence } = insight;
  const isOpen = isToggled(fold);
  return (
    <li>
      <button
        type="button"
        className="span-insight"
        aria-expanded={isOpen}
        onClick={() => toggle(fold)}
      >
        <Icon name={isOpen ? 'down' : 'right'} />
        <SeverityIcon severity={severity} />
        <span>
          <b>{words[typeWord[type]]}</b> {sentenceOf(said, words)}
        </span>
      </button>
      {isOpen && (
        <div className="insight-evidence second">
          {evidence.length > 0 && (
            <ul aria-label={words.insightEvidence}>
              {keyed(evidence).map(({ key: place, item }) => (
                <li key={place}>{sentenceOf(item, words)}</li>
              ))}
            </ul>
          )}
          <OtherSpans insight={insight} />
        </div>
      )}
    </li>
  );
}

/** Of the span that is shown now; of the one before it nothing is left standing. */
function useSpanInsights({ run: { runId } }: SpanDetail): readonly Insight[] {
  const { connection } = usePage();
  const { ref } = useShown();
  const { file, spanId } = ref;
  const version = useInsightVersion(file);
  const [found, setFound] = useState<{
    readonly of: string;
    readonly insights: readonly Insight[];
  }>();
  const of = `${file}\n${spanId}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when others are known
  useEffect(() => {
    const answer = connection.caller.call('spanInsights', { file, spanId }, runId);
    let isLatest = true;
    answer.then(
      insights => isLatest && setFound({ of, insights }),
      // The span is there all the same; what went wrong is in the log.
      error => console.warn(error),
    );
    return () => {
      isLatest = false;
      answer.cancel();
    };
  }, [connection, file, spanId, runId, version]);
  return found?.of === of ? found.insights : [];
}
