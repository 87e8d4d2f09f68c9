import { oneLine, runMark, runStatusWords } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatAge, formatDateTime, withoutMs } from '../../src/core/format.ts';
import type { RunSummary } from '../../src/core/model.ts';
import type { RunRef } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { Side } from './Side.tsx';

/** One of the two runs: its side, status, name and start. A click shows it. */
export function RunHead({
  side,
  run,
  at,
  showFile,
}: {
  readonly side: 'A' | 'B';
  readonly run: RunSummary;
  readonly at: RunRef;
  /** The runs are of two files. */
  readonly showFile: boolean;
}) {
  const { connection, words, now, ask } = usePage();
  const mark = runMark(run);
  const name = oneLine(run.name) || words.noName;
  const error = run.error ? oneLine(run.error) : '';
  return (
    <section className="pair-side">
      <h2 className="pair-name">
        <Side name={side} />
        <StatusIcon status={mark === 'none' ? 'ok' : mark} />
        <button
          type="button"
          className="link ellipsis"
          title={fillIn(words.compareShowRun, [name])}
          onClick={() =>
            ask(connection.api.run('revealInRunTree', { file: at.file, spanId: run.rootSpanId }))
          }
        >
          <bdi>{name}</bdi>
        </button>
      </h2>
      <p className="second ellipsis" title={formatDateTime(run.start, words)}>
        <span className={run.status === 'error' ? 'failed-word first-up' : 'first-up'}>
          {runStatusWords(run, words)}
        </span>
        {' · '}
        {withoutMs(formatDateTime(run.start, words))}
        {' · '}
        {formatAge(run.start, now(), words)}
        {showFile && ` · ${fileName(at.file)}`}
      </p>
      {error && (
        <p className="second ellipsis" title={error}>
          <bdi>{error}</bdi>
        </p>
      )}
    </section>
  );
}

/** The last part of a file's uri. */
function fileName(file: string): string {
  const last = file.split('/').at(-1) ?? file;
  try {
    return oneLine(decodeURIComponent(last));
  } catch {
    // A uri that someone wrote by hand.
    return oneLine(last);
  }
}
