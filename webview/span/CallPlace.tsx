import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useKeyed, useShown, useWords } from '../app/page.tsx';
import { IconButton } from '../ui/buttons.tsx';

/** Which of the run's LLM calls a span is, and the ways to those beside it. */
export function CallPlace({ detail: { call, calls } }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { ref, show } = useShown();
  const keyed = useKeyed();
  if (!call) return null;
  const { previous, next } = calls;
  const go = (spanId: string) => () => show({ file: ref.file, spanId });
  return (
    <span className="call-place second nowrap">
      {fillIn(words.call, [integer(call.index)])}
      {previous !== undefined && (
        <IconButton
          icon="left"
          title={keyed(words.previousCall, 'goToPreviousCall')}
          onClick={go(previous)}
        />
      )}
      {next !== undefined && (
        <IconButton icon="right" title={keyed(words.nextCall, 'goToNextCall')} onClick={go(next)} />
      )}
    </span>
  );
}
