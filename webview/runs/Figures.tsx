import { fillIn } from '../../src/core/errors.ts';
import { formatCost, formatShare, formatTokens, integer } from '../../src/core/format.ts';
import { inputTokens, totalTokens } from '../../src/core/usage.ts';
import type { FileTotals } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';

/** The five figures of a file. */
export function Figures({ totals }: { readonly totals: FileTotals }) {
  const words = useWords();
  const tokens = totalTokens(totals.usage);
  const given = inputTokens(totals.usage);
  const cached = totals.usage.cacheRead;
  const unpriced = totals.unpricedCalls;
  const noPrice = totals.cost === undefined && totals.pricedCost === 0;
  return (
    <dl className="figures">
      <Figure name={words.runs} value={integer(totals.runs)} />
      <Figure
        name={words.figureFailed}
        value={integer(totals.failed)}
        about={
          totals.runs > 0 && totals.failed > 0
            ? fillIn(words.shareOfRuns, [formatShare(totals.failed / totals.runs)])
            : undefined
        }
      />
      <Figure name={words.figureRunning} value={integer(totals.running)} />
      <Figure
        name={words.figureCost}
        value={noPrice ? words.unpriced : formatCost(totals.pricedCost)}
        title={`$${totals.pricedCost}`}
        about={
          unpriced > 0 && !noPrice
            ? unpriced === 1
              ? words.plusUnpricedOne
              : fillIn(words.plusUnpriced, [integer(unpriced)])
            : undefined
        }
      />
      <Figure
        name={words.figureTokens}
        value={tokens === undefined ? '–' : formatTokens(tokens)}
        title={tokens === undefined ? undefined : integer(tokens)}
        about={
          given && cached ? fillIn(words.cachedShare, [formatShare(cached / given)]) : undefined
        }
      />
    </dl>
  );
}

function Figure({
  name,
  value,
  about,
  title,
}: {
  readonly name: string;
  readonly value: string;
  readonly about?: string | undefined;
  readonly title?: string | undefined;
}) {
  return (
    <div className="figure" title={title}>
      <dt className="second small">{name}</dt>
      <dd>
        <span className="figure-value">{value}</span>
        {about && <span className="second small ellipsis">{about}</span>}
      </dd>
    </div>
  );
}
