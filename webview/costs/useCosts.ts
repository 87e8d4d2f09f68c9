import { useEffect, useRef, useState } from 'react';
import type { CostKey } from '../../src/core/costBy.ts';
import { TraceError } from '../../src/core/errors.ts';
import type { RunSelection } from '../../src/core/runQuery.ts';
import type { CostsPage } from '../../src/protocol/analysis.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';

/** Milliseconds between two sums of a file that is being written. */
const restBetween = 3000;

/**
 * What the selected runs cost, summed by something. Sums come as far as they were worked out; the former
 * ones stay until those of another state of the file are complete.
 */
export function useCosts(file: FileId, selection: RunSelection, version: number, by: CostKey) {
  const { connection, now } = usePage();
  const [page, setPage] = useState<{ readonly of: string; readonly costs: CostsPage }>();
  const [failure, setFailure] = useState<TraceError>();
  const endedAt = useRef(Number.NEGATIVE_INFINITY);
  const asked = useRef<string>(undefined);
  const of = JSON.stringify(selection);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for each state of the file
  useEffect(() => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    let answer: { cancel(): void } | undefined;
    let over = false;
    const ask = (at: number): void => {
      const asking = connection.caller.call('costs', file, { ...selection, by, zone, at });
      answer = asking;
      asking.then(
        costs => {
          if (over) return;
          setFailure(undefined);
          const isWhole = costs.done >= costs.of;
          setPage(before =>
            !isWhole && before?.of === of && before.costs.done >= before.costs.of
              ? before
              : { of, costs },
          );
          if (isWhole) endedAt.current = performance.now();
          else ask(at);
        },
        thrown => {
          if (!over) setFailure(TraceError.from(thrown));
        },
      );
    };
    const isAnother = asked.current !== of;
    asked.current = of;
    const wait = isAnother ? 0 : Math.max(0, endedAt.current + restBetween - performance.now());
    const timer = setTimeout(() => ask(now()), wait);
    return () => {
      over = true;
      clearTimeout(timer);
      answer?.cancel();
    };
  }, [connection, file, selection, version, by]);
  return { costs: page?.costs, failure };
}
