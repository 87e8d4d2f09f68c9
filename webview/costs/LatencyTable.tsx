import { useState } from 'react';
import type { CostRow } from '../../src/core/costBy.ts';
import { logPlace } from '../../src/core/distribution.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatDuration, integer, none } from '../../src/core/format.ts';
import { useWords } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { percent } from '../waterfall/geometry.ts';
import { costWords, Figure, nameOf, pricedWords } from './cells.tsx';
import { type Press, PressedRow, useTabStop } from './PressedRow.tsx';

const atFirst = 10;

interface Timed extends CostRow {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const isTimed = (row: CostRow): row is Timed =>
  row.p50Ms !== undefined && row.p95Ms !== undefined && row.p99Ms !== undefined;

/** How long the runs of each name took, the longest first: a line from p50 to p99, with p95 on it. */
export function LatencyTable({
  rows,
  press,
}: {
  readonly rows: readonly CostRow[];
  readonly press: Press;
}) {
  const words = useWords();
  const stopOf = useTabStop('name', press);
  const [whole, setWhole] = useState(false);
  const timed = rows.filter(isTimed).sort((a, b) => b.p99Ms - a.p99Ms);
  if (timed.length === 0) return null;
  const low = Math.min(...timed.map(({ p50Ms }) => p50Ms).filter(ms => ms > 0), 1e12);
  const high = Math.max(...timed.map(({ p99Ms }) => p99Ms));
  // The shortest one would have no length: the scale begins below it.
  const place = (ms: number): number => logPlace(ms, low / 1.5, high);
  const shown = whole ? timed : timed.slice(0, atFirst);
  const stops = stopOf(shown);
  return (
    <section className="cost-part">
      <div className="cost-title">
        <h2 title={words.costsByNameHow}>{words.costsByName}</h2>
        <p className="second small" title={words.costsByNameHow}>
          {words.logScale}
        </p>
      </div>
      <table className="cost-table latency-table">
        <thead>
          <tr className="small second">
            <th scope="col">{words.columnRun}</th>
            <td />
            <th scope="col">{words.percentile50}</th>
            <th scope="col">{words.percentile95}</th>
            <th scope="col">{words.percentile99}</th>
            <th scope="col">{words.columnRuns}</th>
            <th scope="col">{words.columnCost}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <PressedRow key={row.key} name={nameOf(row, 'name', words)} stop={stops.get(row.key)}>
              <td className="bar-cell">
                <span className="range-bar" aria-hidden="true">
                  <i
                    className="range-line"
                    style={{
                      left: percent(place(row.p50Ms)),
                      right: percent(1 - place(row.p99Ms)),
                    }}
                  />
                  <i className="range-dot" style={{ left: percent(place(row.p50Ms)) }} />
                  <i className="range-mark" style={{ left: percent(place(row.p95Ms)) }} />
                </span>
              </td>
              <Figure label={words.percentile50}>{duration(row.p50Ms)}</Figure>
              <Figure label={words.percentile95}>{duration(row.p95Ms)}</Figure>
              <Figure label={words.percentile99}>{duration(row.p99Ms)}</Figure>
              <Figure label={words.columnRuns} look="second">
                {integer(row.calls)}
              </Figure>
              <td className="second" title={costWords(row, words)}>
                {pricedWords(row, words)}
              </td>
            </PressedRow>
          ))}
        </tbody>
      </table>
      {timed.length > shown.length && (
        <p className="cost-more small">
          <Link onClick={() => setWhole(true)}>
            {fillIn(words.insightsShowAll, [integer(timed.length)])}
          </Link>
        </p>
      )}
    </section>
  );
}

const duration = (ms: number): string => (Number.isFinite(ms) ? formatDuration(ms) : none);
