import { type CostKey, type CostRow, costKeyWord } from '../../src/core/costBy.ts';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { formatCost, formatRunCost } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';

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
