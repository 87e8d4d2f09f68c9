import { memo, useMemo, useState } from 'react';
import { type NameMeasure, type NameRow, sortedNames } from '../../src/core/compareRuns.ts';
import { counted } from '../../src/core/counted.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import { usePage, useWords } from '../app/page.tsx';
import { Icon, KindIcon } from '../ui/Icon.tsx';
import { nameCell } from './figureRows.ts';

interface Sort {
  readonly by: NameMeasure | 'name';
  readonly ascending: boolean;
}

const measures = ['spans', 'duration', 'tokens', 'cost'] as const satisfies readonly NameMeasure[];

/** What the spans of each name took. A column's head sorts by its difference. */
export function NameTable({
  rows,
  total,
}: {
  readonly rows: readonly NameRow[];
  readonly total: number;
}) {
  const { words } = usePage();
  const [sort, setSort] = useState<Sort>();
  const sorted = useMemo(
    () => (sort ? sortedNames(rows, sort.by, sort.ascending) : rows),
    [rows, sort],
  );
  const heads = {
    name: words.span,
    spans: words.columnSpans,
    duration: words.columnDuration,
    tokens: words.columnTokens,
    cost: words.columnCost,
  };
  const count =
    rows.length < total
      ? fillIn(words.compareNamesCut, [integer(rows.length), integer(total)])
      : counted(words, 'compareNames', total);
  const head = (by: Sort['by'], label: string) => (
    <th key={by} scope="col" className={`name-${by}`} aria-sort={ariaSort(sort, by)}>
      <button type="button" className="sort-button" onClick={() => setSort(turned(sort, by))}>
        {label}
        {sort?.by === by && <Icon name={sort.ascending ? 'up' : 'down'} />}
      </button>
    </th>
  );
  return (
    <section className="compare-part">
      <div className="part-title">
        <h2>{words.compareByName}</h2>
        <span className="second">{sort ? count : fillIn(words.compareByNameLongest, [count])}</span>
      </div>
      <table className="name-table">
        <thead>
          <tr>
            {head('name', heads.name)}
            {measures.map(measure => head(measure, heads[measure]))}
          </tr>
          <tr className="name-sides">
            <td />
            {measures.map(measure => (
              <td key={measure}>
                <div className="name-cell">
                  <span>A</span>
                  <span>B</span>
                  <span>{words.compareDifference}</span>
                </div>
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map(row => (
            <NameLine key={`${row.kind} ${row.name}`} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Figures begin with what has grown most, names with A. */
function turned(sort: Sort | undefined, by: Sort['by']): Sort {
  return sort?.by === by ? { by, ascending: !sort.ascending } : { by, ascending: by === 'name' };
}

const ariaSort = (sort: Sort | undefined, by: Sort['by']) =>
  sort?.by !== by ? undefined : sort.ascending ? 'ascending' : 'descending';

const NameLine = memo(function NameLine({ row }: { readonly row: NameRow }) {
  const words = useWords();
  const name = oneLine(row.name) || words.noName;
  return (
    <tr>
      <th scope="row" className="ellipsis" title={`${name} (${words[row.kind]})`}>
        <KindIcon kind={row.kind} /> <bdi>{name}</bdi>
      </th>
      {measures.map(measure => {
        const { a, b, difference } = nameCell(row.a, row.b, measure, words);
        const same = difference === words.compareSame;
        return (
          <td key={measure} title={difference && fillIn(words.compareFromTo, [a, b])}>
            <div className="name-cell">
              <span className="name-a second">{a}</span>
              <span className="name-b second">{b}</span>
              <span className={same ? 'name-difference second' : 'name-difference'}>
                {difference}
              </span>
            </div>
          </td>
        );
      })}
    </tr>
  );
});
