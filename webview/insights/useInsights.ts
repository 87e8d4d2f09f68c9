import { useEffect, useState } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import type { RunSelection } from '../../src/core/runQuery.ts';
import type { InsightList } from '../../src/protocol/insightList.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';

/** Counts the changes of what is known of a file's insights. */
export function useInsightVersion(file: FileId | undefined): number {
  const { connection } = usePage();
  const [version, setVersion] = useState(0);
  useEffect(
    () =>
      connection.on(event => {
        if (event.name === 'insightsChanged' && event.file === file) setVersion(one => one + 1);
      }),
    [connection, file],
  );
  return version;
}

/** The insights of the runs that are selected; the former ones stay until the next are there. */
export function useInsights(file: FileId, selection: RunSelection) {
  const { connection } = usePage();
  const version = useInsightVersion(file);
  const [list, setList] = useState<InsightList>();
  const [failure, setFailure] = useState<TraceError>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when others are known
  useEffect(() => {
    let isLatest = true;
    const answer = connection.caller.call('insights', file, selection);
    answer.then(
      next => {
        if (!isLatest) return;
        setFailure(undefined);
        setList(next);
      },
      thrown => isLatest && setFailure(TraceError.from(thrown)),
    );
    return () => {
      isLatest = false;
      answer.cancel();
    };
  }, [connection, file, selection, version]);
  return { list, failure };
}
