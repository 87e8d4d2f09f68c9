import { useCallback, useEffect, useState } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import type { SpanRef, SpanTab } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';

export interface SpanRequest {
  readonly ref: SpanRef;
  readonly tab: SpanTab | undefined;
}

export interface LoadedSpan {
  readonly request: SpanRequest;
  readonly detail: SpanDetail;
}

export interface SpanState {
  readonly loaded: LoadedSpan | undefined;
  /** Why the span that is asked for could not be read. */
  readonly failure: TraceError | undefined;
  /** An answer has been awaited for long enough to say so. */
  readonly late: boolean;
}

/** Asks for a span. Until the answer is there the one before stays; answers to earlier requests are dropped. */
export function useSpan(request: SpanRequest | undefined): SpanState & { retry(): void } {
  const { connection, ask } = usePage();
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState<SpanRequest>();
  const [state, setState] = useState<SpanState>({
    loaded: undefined,
    failure: undefined,
    late: false,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    if (!request) return;
    let wanted = true;
    const { ref } = request;
    const answer = connection.caller.call('span', ref);
    const timer = setTimeout(() => setState(before => ({ ...before, late: true })), 200);
    const settle = (change: Partial<SpanState>): void => {
      clearTimeout(timer);
      if (wanted) setState(before => ({ ...before, failure: undefined, late: false, ...change }));
    };
    answer.then(
      detail => settle({ loaded: { request, detail } }),
      thrown => {
        if (wanted) setFailed(request);
        settle({ failure: TraceError.from(thrown) });
      },
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
      answer.cancel();
    };
  }, [connection, request, attempt]);

  const file = request?.ref.file;
  const retry = useCallback(() => {
    // The file may be what could not be read.
    const read = file === undefined ? Promise.resolve() : connection.api.readAgain(file);
    ask(read.finally(() => setAttempt(one => one + 1)));
  }, [ask, connection, file]);
  // Of another span than the one that is asked for now it says nothing.
  const failure = failed?.ref === request?.ref ? state.failure : undefined;
  return { ...state, failure, retry };
}
