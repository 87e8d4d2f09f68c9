import { oneLine } from '../../src/core/describe.ts';
import type { ReplayedView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';

/** What the two answers took, and where they are not the same. */
export function Changes({ replay }: { readonly replay: ReplayedView }) {
  const { words } = usePage();
  const { lines, figures } = replay;
  return (
    <section className="replay-part replay-changes">
      <div className="part-title">
        <h2>{words.replayWhatChanged}</h2>
        <span className="second">{oneLine(lines[0] ?? '')}</span>
      </div>
      <table className="replay-figures">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{words.compareMeasure}</span>
            </th>
            <th scope="col">{words.replayRecorded}</th>
            <th scope="col">{words.replayReplayed}</th>
            <th scope="col">{words.compareDifference}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ title, recorded, replayed, difference }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{recorded}</td>
              <td>{replayed}</td>
              <td>{difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="replay-lines">
        {lines.slice(1).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they never move
          <li key={at}>{oneLine(line, 500)}</li>
        ))}
      </ul>
    </section>
  );
}
