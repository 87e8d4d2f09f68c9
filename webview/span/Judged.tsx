import { flawWord, isolated, judgementWords, oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { UnixMs } from '../../src/core/model.ts';
import { isCancelled } from '../../src/core/status.ts';
import type { Words } from '../../src/core/words.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';

/** How a status was judged, and what is odd about the span: a sentence each. */
export function Judged({ detail }: { readonly detail: SpanDetail }) {
  const { words, now } = usePage();
  const sentences = remarks(detail, words, now());
  if (sentences.length === 0) return null;
  return (
    <div className="remarks second">
      {sentences.map(sentence => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}

function remarks(detail: SpanDetail, words: Words, now: UnixMs): readonly string[] {
  const { span, run } = detail;
  const found: string[] = [];
  const isRoot = run.rootSpanId === span.spanId;
  if (isRoot && run.judgement) found.push(judgementWords(run, now, words));
  else if (span.interrupted) found.push(words.interruptedHow);
  if (span.recovered) found.push(words.recoveredHow);
  if (span.status === 'unknown' && !isCancelled(span) && span.recordedStatus !== undefined) {
    found.push(fillIn(words.statusAsRecorded, [isolated(oneLine(span.recordedStatus, 80))]));
  }
  if (detail.redacted)
    found.push(fillIn(words.redacted, [isolated(oneLine(detail.redacted, 200))]));
  if (span.flaw) found.push(words[flawWord[span.flaw]]);
  return found;
}
