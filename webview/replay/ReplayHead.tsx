import { useEffect, useRef } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import type { ReplayAction, ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';
import { Button } from '../ui/buttons.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';

export function ReplayHead({ view }: { readonly view: ReplayView }) {
  const { connection, words, ask } = usePage();
  const { name, call, state, facts } = view;
  const act = (action: ReplayAction) => () => ask(connection.api.replayAct(action));
  const sending = state === 'sending';
  const place = useRef<HTMLDivElement>(null);
  const wasSending = useRef(sending);
  useEffect(() => {
    // The button that had the focus is gone: without another one it would be lost to the keyboard.
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (wasSending.current && !sending && lost && document.hasFocus()) {
      place.current?.querySelector('button')?.focus();
    }
    wasSending.current = sending;
  }, [sending]);
  const title = call && call.count > 1 ? `${name}, ${fillIn(words.call, [call.index])}` : name;
  return (
    <header className="replay-head">
      <div className="replay-title">
        <div className="replay-name">
          <Icon name="replay" />
          <h1 className="ellipsis" title={title}>
            {fillIn(words.replayOf, [title])}
          </h1>
        </div>
        <span className="status-word" role="status">
          <StatusIcon status={statusIcons[state]} />
          <span>{stateWords(view, words)}</span>
        </span>
        <span className="spring" />
        <div className="replay-acts" ref={place}>
          {sending ? (
            <Button onClick={act('cancel')} icon="close">
              {words.replayCancel}
            </Button>
          ) : (
            <>
              <Button primary onClick={act('again')} icon="replay">
                {words.replayAgain}
              </Button>
              <Button onClick={act('times')}>{words.replayTimes}</Button>
              <Button onClick={act('model')}>{words.replayModel}</Button>
            </>
          )}
        </div>
      </div>
      <p className="second replay-facts">{facts.join(' · ')}</p>
    </header>
  );
}

const statusIcons = {
  sending: 'running',
  done: 'ok',
  failed: 'failed',
  cancelled: 'stale',
} as const;

function stateWords({ state, replays, times }: ReplayView, words: Words): string {
  if (state === 'done') return words.replayDone;
  if (state === 'failed') return words.replayFailedState;
  if (state === 'cancelled') return words.replayCancelled;
  return times > 1
    ? fillIn(words.replaySendingTimes, [
        integer(Math.min(times, replays.length + 1)),
        integer(times),
      ])
    : words.replaySending;
}
