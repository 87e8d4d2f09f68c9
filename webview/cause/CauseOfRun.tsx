import { useMemo } from 'react';
import type { SpanId } from '../../src/core/model.ts';
import { ShownContext, useShown, useWords } from '../app/page.tsx';
import { titleOf } from '../span/names.ts';
import { useSpan } from '../span/useSpan.ts';
import { Link } from '../ui/buttons.tsx';
import { Filled } from '../ui/Filled.tsx';
import { Empty, Failure } from '../ui/states.tsx';
import { Cause } from './Cause.tsx';

/** A run failed where one of its spans did: that span beside its cause, as if it had been chosen itself. */
export function CauseOfRun({ failing }: { readonly failing: SpanId }) {
  const words = useWords();
  const shown = useShown();
  const { file } = shown.ref;
  const request = useMemo(
    () => ({ ref: { file, spanId: failing }, tab: undefined }),
    [file, failing],
  );
  const { loaded, failure, late, retry } = useSpan(request);
  const there = useMemo(
    () => ({
      ...shown,
      ref: request.ref,
      // The tabs beside this one are those of the run.
      showTab: (tab: Parameters<typeof shown.showTab>[0]) => shown.show(request.ref, tab),
    }),
    [shown, request],
  );
  if (failure) return <Failure error={failure} retry={retry} />;
  if (!loaded) return late ? <Empty text={words.loading} /> : null;
  return (
    <ShownContext value={there}>
      <p className="failed-at">
        <Filled
          text={words.failedAt}
          parts={[
            <Link key="span" onClick={() => shown.show(request.ref)}>
              {titleOf(loaded.detail.span, words)}
            </Link>,
          ]}
        />
      </p>
      <Cause detail={loaded.detail} />
    </ShownContext>
  );
}
