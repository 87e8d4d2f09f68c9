import type { ComparedFigures } from '../../src/core/compareRuns.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { figureRows } from './figureRows.ts';
import { Side } from './Side.tsx';

export function FigureTable({
  a,
  b,
  swap,
}: {
  readonly a: ComparedFigures;
  readonly b: ComparedFigures;
  /** Puts each run on the other side. */
  readonly swap: () => void;
}) {
  const { words } = usePage();
  return (
    <section className="compare-part">
      <table className="figure-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{words.compareMeasure}</span>
              <Link onClick={swap}>{words.compareSwap}</Link>
            </th>
            <th scope="col">
              <Side name="A" />
            </th>
            <th scope="col">
              <Side name="B" />
            </th>
            <th scope="col">{words.compareDifference}</th>
          </tr>
        </thead>
        <tbody>
          {figureRows(a, b, words).map(row => (
            <tr key={row.label}>
              <th scope="row">{words[row.label]}</th>
              <td>{row.a}</td>
              <td>{row.b}</td>
              <td className={row.difference === words.compareSame ? 'second' : undefined}>
                {row.difference}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
