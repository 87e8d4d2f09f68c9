import { type RecordHint, recordHints } from '../../src/core/recordHints.ts';
import { usePage, useWords } from '../app/page.tsx';
import { CopyLink, Link } from '../ui/buttons.tsx';
import { Code } from '../ui/Code.tsx';

/** A calm sentence, and the lines or the setting that would fill the place next time. */
export function NotRecorded({
  sentence,
  hint,
  setting,
}: {
  readonly sentence: string;
  readonly hint: RecordHint | undefined;
  readonly setting: string | undefined;
}) {
  const words = useWords();
  return (
    <div className="not-recorded">
      <p>{sentence}</p>
      {hint && setting && <SettingHint setting={setting} />}
      {hint === 'tool' && !setting && <Hint hint="toolId" when={words.recordToolId} />}
      {hint && !setting && <Hint hint={hint} />}
    </div>
  );
}

/** The setting of the recorder that keeps what is missing. */
export function SettingHint({ setting }: { readonly setting: string }) {
  const words = useWords();
  const { connection, ask } = usePage();
  return (
    <>
      <p className="second">{words.recordSetting}</p>
      <div className="hint">
        <Code text={setting} json={false} />
        <CopyLink copy={() => connection.api.copy(setting)} />
      </div>
      <p className="second">
        {words.recordSettingHow}{' '}
        <Link onClick={() => ask(connection.api.run('recordCopilot', undefined))}>
          {words.showSettings}
        </Link>
      </p>
    </>
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
