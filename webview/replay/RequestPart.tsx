import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { ReplayAction, ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { Icon } from '../ui/Icon.tsx';

/** What was sent, as far as it is not what was recorded. */
export function RequestPart({ view }: { readonly view: ReplayView }) {
  const { connection, words, ask } = usePage();
  const { edited, notes, replays } = view;
  const act = (action: ReplayAction) => () => ask(connection.api.replayAct(action));
  const how =
    edited.length > 0
      ? fillIn(words.replayEditedAt, [oneLine(edited.join(', '), 400)])
      : words.replayAsRecorded;
  return (
    <section className="replay-part">
      <div className="part-title">
        <h2>{words.replayRequest}</h2>
        <span className="second ellipsis" title={how}>
          {how}
        </span>
        <span className="spring" />
        {edited.length > 0 && replays[0]?.ref && (
          <Link onClick={act('compareRequests')}>{words.replayRequestDiff}</Link>
        )}
        <Link onClick={act('edit')}>{words.replayEdit}</Link>
      </div>
      {notes.length > 0 && (
        <ul className="replay-notes" aria-label={words.replayNotAsItWas}>
          {notes.map((note, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they never move
            <li key={at}>
              <Icon name="info" />
              <span>{oneLine(note, 500)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
