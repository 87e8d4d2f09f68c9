import { useState } from 'react';
import { type CostKey, type CostRow, costKeyWord } from '../../src/core/costBy.ts';
import { counted } from '../../src/core/counted.ts';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { formatCost, formatDuration, formatRunCost, integer, none } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import { useWords } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { percent } from '../waterfall/geometry.ts';

/** Rows that are shown at first: the dearest. */
const atFirst = 10;

/** Costs as bars with their figures: of tools, what they cost by themselves and what they passed on. */
export function CostTable({
  title,
  how,
  head,
  rows,
  by,
}: {
  readonly title: string;
  readonly how?: string;
  readonly head: string;
  readonly rows: readonly CostRow[];
  readonly by: 'tool' | 'model';
}) {
  const words = useWords();
  const isSplit = by === 'tool';
  const [whole, setWhole] = useState(false);
  if (rows.length === 0) return null;
  const shown = whole ? rows : rows.slice(0, atFirst);
  const rest = rows.slice(shown.length);
  const most = Math.max(...rows.map(row => row.attributedCostUsd));
  return (
    <section className="cost-part">
      <div className="cost-title">
        <h2 title={how}>{title}</h2>
        {isSplit && (
          <p className="cost-legend second small" title={how}>
            <span className="legend-own">{words.costOwn}</span>
            <span className="legend-passed">{words.costPassedOn}</span>
          </p>
        )}
      </div>
      <table className="cost-table">
        <thead>
          <tr className="small second">
            <th scope="col">{head}</th>
            <th scope="col">
              <span className="unseen">{words.columnOwnCost}</span>
            </th>
            <th scope="col">{words.columnCost}</th>
            <th scope="col">{words.columnCalls}</th>
            <th scope="col">{words.columnFailed}</th>
            <th scope="col">{words.percentile95}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <Row key={row.key} row={row} most={most} by={by} />
          ))}
        </tbody>
      </table>
      {rest.length > 0 && (
        <p className="cost-more small">
          <Link onClick={() => setWhole(true)}>
            {counted(words, 'costsRowsLeftOut', rest.length, formatCost(sumOf(rest)))}
          </Link>
        </p>
      )}
    </section>
  );
}

const sumOf = (rows: readonly CostRow[]): number =>
  rows.reduce((sum, row) => sum + row.attributedCostUsd, 0);

function Row({
  row,
  most,
  by,
}: {
  readonly row: CostRow;
  readonly most: number;
  readonly by: 'tool' | 'model';
}) {
  const words = useWords();
  const { calls, errors, ownCostUsd: own, attributedCostUsd: cost, p95Ms } = row;
  const isSplit = by === 'tool';
  const name = nameOf(row, by, words);
  // The row of the models has less than its own: what tools passed on is theirs.
  const first = isSplit ? Math.min(own, cost) : cost;
  const unpriced = row.unpricedCalls > 0 && cost > 0 && (
    <span className="second small"> {counted(words, 'plusUnpriced', row.unpricedCalls)}</span>
  );
  const share = (part: number): string => percent(most > 0 ? part / most : 0);
  return (
    <tr>
      <th scope="row" title={name}>
        <bdi className={costKeyWord(row.key, by, words) ? 'second' : undefined}>{name}</bdi>
      </th>
      <td className="bar-cell">
        <span className="cost-bar" aria-hidden="true">
          {first > 0 && <i className="bar-own" style={{ width: share(first) }} />}
          {cost > first && <i className="bar-passed" style={{ width: share(cost - first) }} />}
        </span>
        <span className="unseen">{formatCost(first)}</span>
        {unpriced}
      </td>
      <td title={`$${Number(cost.toPrecision(12))}`}>{pricedWords(row, words)}</td>
      <Figure label={words.columnCalls}>{integer(calls)}</Figure>
      <Figure label={words.columnFailed} look={errors > 0 ? 'failed-word' : 'second'}>
        {integer(errors)}
      </Figure>
      <Figure label={words.percentile95} look="second">
        {p95Ms === undefined ? none : formatDuration(p95Ms)}
      </Figure>
    </tr>
  );
}

/** A cell that brings the head of its column along where a narrow view has none. */
export function Figure({
  label,
  look,
  children,
}: {
  readonly label: string;
  readonly look?: string;
  readonly children: string;
}) {
  return (
    <td className={look}>
      <span className="cell-label" aria-hidden="true">
        {label}{' '}
      </span>
      {children}
    </td>
  );
}

export const nameOf = ({ key }: CostRow, by: CostKey, words: Words): string =>
  costKeyWord(key, by, words) ?? (isolated(oneLine(key, 120)) || words.noName);

/** Without what is unpriced, which is said beside it. */
export const pricedWords = (row: CostRow, words: Words): string =>
  row.attributedCostUsd > 0 ? formatCost(row.attributedCostUsd) : costWords(row, words);

export const costWords = (
  { attributedCostUsd: pricedCost, unpricedCalls }: CostRow,
  words: Words,
): string =>
  formatRunCost(
    { cost: unpricedCalls > 0 ? undefined : pricedCost, pricedCost, unpricedCalls },
    words,
  );
