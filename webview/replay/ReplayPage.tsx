import { useState } from 'react';
import { oneLine } from '../../src/core/describe.ts';
import type { ReplayView } from '../../src/protocol/replay.ts';
import { usePage } from '../app/page.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Answers } from './Answers.tsx';
import { Changes } from './Changes.tsx';
import { Live } from './Live.tsx';
import { ReplayHead } from './ReplayHead.tsx';
import { RequestPart } from './RequestPart.tsx';
import { Times } from './Times.tsx';
import { useReplay } from './useReplay.ts';
import './replay.css';

/** A recorded call that was sent again: how its answer comes, and what is not as it was. */
export function ReplayPage() {
  const { words } = usePage();
  const { view, loaded, failure, retry } = useReplay();
  if (failure) return <Failure error={failure} retry={retry} />;
  if (!loaded) return <Loading />;
  if (!view) return <Empty text={words.replayNothingYet} />;
  return <Shown key={view.id} view={view} />;
}

function Shown({ view }: { readonly view: ReplayView }) {
  const { words } = usePage();
  const [chosen, choose] = useState<number>();
  const { replays, state, problem } = view;
  const at = chosen ?? 0;
  const replay = replays[at];
  const sending = state === 'sending';
  return (
    <div className="view">
      <main className="page replay">
        <ReplayHead view={view} />
        {problem && <Said text={problem} />}
        {replay?.error && <Said text={replay.error} />}
        <RequestPart view={view} />
        {sending && <Live view={view} />}
        {replay && replay.figures.length > 0 && <Changes replay={replay} />}
        {(replay || view.recorded) && !(sending && !replay) && (
          <Answers view={view} replay={replay} />
        )}
        {view.agreement && <Times agreement={view.agreement} at={at} choose={choose} />}
        {replay?.ref && !sending && <p className="replay-kept second">{words.replayKept}</p>}
      </main>
    </div>
  );
}

/** What went wrong, with what to do then. */
function Said({ text }: { readonly text: string }) {
  return (
    <p className="notice replay-wrong" role="alert">
      <Icon name="warning" />
      <span>{oneLine(text, 1000)}</span>
    </p>
  );
}
