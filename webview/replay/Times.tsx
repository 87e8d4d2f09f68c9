import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { AgreementView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';

/** How far the answers agree: one letter for each time, one row for each answer. */
export function Times({
  agreement,
  at,
  choose,
}: {
  readonly agreement: AgreementView;
  /** Of the answer that is shown. */
  readonly at: number;
  readonly choose: (at: number) => void;
}) {
  const { words } = usePage();
  const { letters, groups } = agreement;
  return (
    <section className="replay-part">
      <div className="part-title replay-times">
        <h2>{words.replayAnswers}</h2>
        <span className="replay-pips" aria-hidden="true">
          {letters.map((letter, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they never move
            <b key={place} className={pipClass(letter, groups[0]?.letter)}>
              {letter || '×'}
            </b>
          ))}
        </span>
        <span className="second">{agreement.words}</span>
      </div>
      <table className="replay-grid">
        <thead>
          <tr>
            <th scope="col">{words.replayColumnAnswer}</th>
            <th scope="col">{words.replayColumnDid}</th>
            <th scope="col" className="number">
              {words.replayColumnTimes}
            </th>
            <th scope="col" className="number optional">
              {words.output}
            </th>
            <th scope="col" className="number optional">
              {words.measureDuration}
            </th>
            <th scope="col" className="number">
              {words.measureCost}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map(group => (
            <tr key={group.letter}>
              <th scope="row">
                <button
                  type="button"
                  className={`replay-pip ${pipClass(group.letter, groups[0]?.letter)}`}
                  aria-pressed={letters[at] === group.letter}
                  aria-label={fillIn(words.replayShowAnswer, [group.letter])}
                  title={fillIn(words.replayShowAnswer, [group.letter])}
                  onClick={() => choose(group.first)}
                >
                  {group.letter}
                </button>
              </th>
              <td className="ellipsis" title={group.gist}>
                <bdi>{oneLine(group.gist)}</bdi>
                {group.asRecorded && <span className="second"> {words.replayColumnRecorded}</span>}
                {letters[at] === group.letter && (
                  <span className="second"> {words.replayCurrent}</span>
                )}
              </td>
              <td className="number">{integer(group.times)}</td>
              <td className="number optional">{group.outputTokens}</td>
              <td className="number optional">{group.duration}</td>
              <td className="number">{group.cost}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const pipClass = (letter: string, most: string | undefined): string =>
  letter === '' ? 'pip-failed' : letter === most ? 'pip-most' : 'pip-other';
