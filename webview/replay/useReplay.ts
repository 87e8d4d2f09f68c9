import { useEffect, useState } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import { joinedPieces } from '../../src/core/replay/liveAnswer.ts';
import type { ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';

export interface ReplayState {
  readonly view: ReplayView | undefined;
  readonly loaded: boolean;
  readonly failure: TraceError | undefined;
  retry(): void;
}

/** What is shown of a replay, as it comes. */
export function useReplay(): ReplayState {
  const { connection } = usePage();
  const [view, setView] = useState<ReplayView>();
  const [loaded, setLoaded] = useState(false);
  const [failure, setFailure] = useState<TraceError>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    // Pieces that overtake the answer are in what it gives.
    const stop = connection.on(event => {
      if (event.name === 'replay') {
        setView(event.view);
        setLoaded(true);
        setFailure(undefined);
      } else if (event.name === 'replayPieces') {
        setView(known =>
          known?.id === event.id && known.pieces === event.after
            ? {
                ...known,
                live: joinedPieces(known.live, event.pieces),
                pieces: event.after + event.pieces.length,
              }
            : known,
        );
      }
    });
    connection.api.replay(connection.saved().replay).then(
      given => {
        setView(known => (known && given && known.id > given.id ? known : given));
        setFailure(undefined);
        setLoaded(true);
      },
      thrown => setFailure(TraceError.from(thrown)),
    );
    return stop;
  }, [connection, attempt]);

  const kept = view?.replays[0]?.ref;
  useEffect(() => {
    if (kept) connection.save({ replay: kept });
  }, [connection, kept]);

  return { view, loaded, failure, retry: () => setAttempt(attempt + 1) };
}
