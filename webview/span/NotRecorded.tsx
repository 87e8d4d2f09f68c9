import { type RecordHint, recordHints } from '../../src/core/recordHints.ts';
import { usePage, useWords } from '../app/page.tsx';
import { CopyLink } from '../ui/buttons.tsx';
import { Code } from '../ui/Code.tsx';

/** A calm sentence, and the lines that would fill the place next time. */
export function NotRecorded({
  sentence,
  hint,
}: {
  readonly sentence: string;
  readonly hint: RecordHint | undefined;
}) {
  const words = useWords();
  return (
    <div className="not-recorded">
      <p>{sentence}</p>
      {hint === 'tool' && <Hint hint="toolId" when={words.recordToolId} />}
      {hint && <Hint hint={hint} />}
    </div>
  );
}

export function Hint({
  hint,
  when,
}: {
  readonly hint: RecordHint;
  /** Where the lines stand. */
  readonly when?: string;
}) {
  const words = useWords();
  const { connection } = usePage();
  return (
    <>
      <p className="second">{when ?? words.recordInside}</p>
      <div className="hint">
        <Code text={recordHints[hint]} json={false} />
        <CopyLink copy={() => connection.api.copy(recordHints[hint])} />
      </div>
    </>
  );
}
