import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { CostKey, CostRow } from '../../src/core/costBy.ts';
import { useWords } from '../app/page.tsx';
import { stepThrough } from '../ui/listKeys.ts';

/** What a press on a row does; undefined where no filter finds the runs of just this row. */
export type Press = (by: CostKey, key: string) => (() => void) | undefined;

/** A row that can be pressed. */
interface Stop {
  readonly act: () => void;
  /** The tab stop of its table. */
  readonly isCurrent: boolean;
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
}

/** Which rows of a table can be pressed, by their keys. */
export function useTabStop(
  by: CostKey,
  press: Press,
): (shown: readonly CostRow[]) => ReadonlyMap<string, Stop> {
  const [current, move] = useState(0);
  return shown => {
    const acts = shown.flatMap(({ key }) => {
      const act = press(by, key);
      return act ? [{ key, act }] : [];
    });
    const at = Math.min(current, acts.length - 1);
    return new Map(
      acts.map(({ key, act }, place) => {
        const onKey: Stop['onKey'] = event =>
          stepThrough(event, { list: 'table', item: '.row-name' }, place, move);
        return [key, { act, isCurrent: place === at, onKey }];
      }),
    );
  };
}

/** A row of costs: a press shows the runs that it was summed from. Its name is what is pressed by key. */
export function PressedRow({
  name,
  stop,
  look,
  children,
}: {
  readonly name: string;
  readonly stop: Stop | undefined;
  readonly look?: string | undefined;
  readonly children: ReactNode;
}) {
  const words = useWords();
  const said = <bdi className={look}>{name}</bdi>;
  // The button has no handler of its own: its click, by key as well, comes up to the row.
  return (
    <tr className={stop && 'pressed-row'} onClick={stop?.act}>
      <th scope="row" title={stop ? `${name}\n${words.costsShowRuns}` : name}>
        {stop ? (
          <button
            type="button"
            className="row-name"
            tabIndex={stop.isCurrent ? 0 : -1}
            onKeyDown={stop.onKey}
          >
            {said}
          </button>
        ) : (
          said
        )}
      </th>
      {children}
    </tr>
  );
}
