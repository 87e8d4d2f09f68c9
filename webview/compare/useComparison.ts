import { useCallback, useEffect, useState } from 'react';
import type { RunComparison } from '../../src/core/compareRuns.ts';
import { TraceError } from '../../src/core/errors.ts';
import type { RunPair } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';

export interface Loaded {
  readonly pair: RunPair;
  readonly comparison: RunComparison;
}

export interface ComparisonState {
  readonly loaded: Loaded | undefined;
  readonly failure: TraceError | undefined;
}

/** Asks for two runs side by side, again when a file of theirs changes; earlier answers are dropped. */
export function useComparison(pair: RunPair | undefined): ComparisonState & { retry(): void } {
  const { connection, ask } = usePage();
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt(one => one + 1), []);
  const retry = useCallback(() => {
    // The files may be what could not be read.
    const files = [...new Set(pair ? [pair.a.file, pair.b.file] : [])];
    ask(Promise.all(files.map(file => connection.api.readAgain(file))).finally(again));
  }, [again, ask, connection, pair]);
  const [state, setState] = useState<ComparisonState>({ loaded: undefined, failure: undefined });

  useEffect(
    () =>
      connection.on(event => {
        if (event.name !== 'fileChanged' || event.why !== 'read') return;
        if (event.file === pair?.a.file || event.file === pair?.b.file) again();
      }),
    [connection, pair, again],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    if (!pair) return;
    let wanted = true;
    const answer = connection.caller.call('comparison', pair.a, pair.b);
    answer.then(
      comparison => wanted && setState({ loaded: { pair, comparison }, failure: undefined }),
      thrown => wanted && setState({ loaded: undefined, failure: TraceError.from(thrown) }),
    );
    return () => {
      wanted = false;
      answer.cancel();
    };
  }, [connection, pair, attempt]);

  return { ...state, retry };
}
