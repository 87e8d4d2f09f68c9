import {
  isJudged,
  isolated,
  oneLine,
  runMark,
  runStatusWords,
  spanMark,
  spanStatusWords,
  visible,
} from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatAge } from '../../src/core/format.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { KindIcon, type StatusGlyph, StatusIcon } from '../ui/Icon.tsx';
import { Actions } from './Actions.tsx';
import { CallPlace } from './CallPlace.tsx';
import { Facts } from './Facts.tsx';
import { Judged } from './Judged.tsx';
import { titleOf } from './names.ts';
import './header.css';

export function Header({ detail }: { readonly detail: SpanDetail }) {
  const { words, now } = usePage();
  const { span, run, call } = detail;
  const name = titleOf(span, words);
  const isRoot = run.rootSpanId === span.spanId;
  const failed = isRoot ? run.status === 'error' : span.status === 'error' && !span.recovered;
  const title = failed
    ? fillIn(span.interrupted ? words.titleInterrupted : words.titleFailed, [name])
    : name;
  const runName = isolated(oneLine(run.name)) || words.noName;
  const where = fillIn(words.inRun, [runName, formatAge(span.start, now(), words)]);
  const glyph = glyphOf(detail);

  return (
    <header className="head">
      <div className="head-row">
        {failed ? (
          <StatusIcon status="failed" />
        ) : (
          <KindIcon kind={span.kind} mark={isRoot ? runMark(run) : spanMark(span, span)} />
        )}
        <h1 className="ellipsis" title={title} dir="auto">
          {title}
        </h1>
        {call && <CallPlace detail={detail} />}
        {!failed && (
          <span className={`status-word ${span.recovered ? 'second' : ''}`}>
            {glyph && <StatusIcon status={glyph} />}
            <span>
              {isRoot && run.judgement
                ? runStatusWords(run, words)
                : spanStatusWords(span, span, words)}
            </span>
          </span>
        )}
        {failed && isRoot && run.judgement && <span className="second">{words.judged}</span>}
        {failed && !isRoot && (
          <span className="second ellipsis only-wide" title={where}>
            {where}
          </span>
        )}
        <Actions detail={detail} />
      </div>
      {detail.error && (
        <p
          className={`lede ${failed ? '' : 'lede-quiet'}`}
          title={visible(detail.error.text.slice(0, 2000))}
        >
          <code className="inline-code" dir="auto">
            {visible(detail.error.text.slice(0, 600))}
          </code>
        </p>
      )}
      <Facts detail={detail} />
      <Judged detail={detail} />
    </header>
  );
}

/** A status that we have no meaning for has its word only. */
function glyphOf({ span, run }: SpanDetail): StatusGlyph | undefined {
  // One that failed has its mark before the title.
  if (run.rootSpanId === span.spanId && isJudged(run) && run.status !== 'error') {
    return run.status === 'ok' ? 'judged' : run.status;
  }
  const mark = spanMark(span, span);
  if (mark !== 'none') return mark;
  return span.status === 'ok' ? 'ok' : undefined;
}
