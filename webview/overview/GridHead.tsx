import { fillIn } from '../../src/core/errors.ts';
import type { RunSort, RunSortKey } from '../../src/core/runQuery.ts';
import { useWords } from '../app/page.tsx';
import { Icon } from '../ui/Icon.tsx';
import { columnHeads } from './columns.ts';

export const headId = (head: number): string => `head-${head}`;

/** The heads of the columns. The grid's own keys reach them, so they are no tab stops. */
export function GridHead({
  sort,
  active,
  choose,
}: {
  readonly sort: RunSort;
  readonly active: number | undefined;
  readonly choose: (by: RunSortKey, head: number) => void;
}) {
  const words = useWords();
  return (
    <thead>
      <tr className="run-head" aria-rowindex={1}>
        {columnHeads.map(({ by, name, look }, at) => {
          const isSorted = by === sort.by;
          return (
            <th
              key={by}
              id={headId(at)}
              scope="col"
              className={`${look} ${isSorted ? 'sorted' : ''} ${active === at ? 'is-active' : ''}`}
              aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                tabIndex={-1}
                className="head-button"
                title={fillIn(words.sortBy, [words[name]])}
                onClick={() => choose(by, at)}
              >
                <span className="ellipsis">{words[name]}</span>
                {isSorted && <Icon name={sort.descending ? 'down' : 'up'} />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
