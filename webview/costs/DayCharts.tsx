import type { CostRow } from '../../src/core/costBy.ts';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatCost, formatDate, integer, isToday } from '../../src/core/format.ts';
import { usePage } from '../app/page.tsx';
import { Chart, type Column } from '../overview/Chart.tsx';
import { costWords } from './cells.tsx';
import { type Day, daysOf } from './days.ts';
import { type Press, PressedRow, useTabStop } from './PressedRow.tsx';

/**
 * What each day cost, and how many of its runs failed; a press shows the runs of a day. The same as a table
 * for those who hear it, which is seen while it has the focus: its days are pressed by key.
 */
export function DayCharts({
  rows,
  press,
}: {
  readonly rows: readonly CostRow[];
  readonly press: Press;
}) {
  const { words, now } = usePage();
  const stopOf = useTabStop('day', press);
  const days = daysOf(rows);
  if (days.length === 0) return null;
  const nameOf = ({ start }: Day): string =>
    isToday(start, now()) ? words.today : formatDate(start, now());
  const [first, last] = [days[0], days.at(-1)].map(day => (day ? nameOf(day) : ''));
  const titleOf = (day: Day): string =>
    fillIn(words.costDay, [
      nameOf(day),
      day.row ? costWords(day.row, words) : formatCost(0),
      counted(words, 'costFailed', day.row?.errors ?? 0),
    ]);
  const columns = (look: Column['parts'][number]['look'], of: (row: CostRow) => number) =>
    days.map(day => ({
      parts: [{ value: day.row ? of(day.row) : 0, look }],
      title: titleOf(day),
      act: day.row && press('day', day.row.key),
    }));
  const stops = stopOf(days.flatMap(({ row }) => row ?? []));
  const most = (of: (row: CostRow) => number): number =>
    Math.max(0, ...days.map(({ row }) => (row ? of(row) : 0)));
  const cost = (row: CostRow): number => row.attributedCostUsd;
  const failed = (row: CostRow): number => row.errors;
  const label = (name: string, highest: string): string =>
    fillIn(words.chartOf, [name, first ?? '', last ?? '', highest]);
  const mostFailed = most(failed);
  return (
    <section className="cost-part">
      <div className="cost-title">
        <h2>{words.costsByDay}</h2>
      </div>
      <div className="day-charts">
        <p className="day-name second small">
          <span>{words.columnCost}</span>{' '}
          <span>{fillIn(words.upTo, [formatCost(most(cost))])}</span>
        </p>
        <Chart
          label={label(words.columnCost, formatCost(most(cost)))}
          columns={columns('plain', cost)}
        />
        <p className="day-name second small">
          <span>{words.columnFailed}</span> <span>{fillIn(words.upTo, [integer(mostFailed)])}</span>
        </p>
        <Chart
          label={label(words.columnFailed, integer(mostFailed))}
          columns={columns('failed', failed)}
        />
        <p className="axis" aria-hidden="true">
          <span>{first}</span>
          {days.length > 1 && <span>{last}</span>}
        </p>
      </div>
      <div className="unseen day-table">
        <table className="cost-table">
          <caption>{words.costsByDay}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columnDay}</th>
              <th scope="col">{words.columnRuns}</th>
              <th scope="col">{words.columnFailed}</th>
              <th scope="col">{words.columnCost}</th>
            </tr>
          </thead>
          <tbody>
            {days.map(day => (
              <PressedRow key={day.start} name={nameOf(day)} stop={stops.get(day.row?.key ?? '')}>
                <td>{integer(day.row?.calls ?? 0)}</td>
                <td>{integer(day.row?.errors ?? 0)}</td>
                <td>{day.row ? costWords(day.row, words) : formatCost(0)}</td>
              </PressedRow>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
