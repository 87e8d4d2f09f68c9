import { useCallback, useEffect, useState } from 'react';
import { TraceError } from '../../src/core/errors.ts';
import type { RunId } from '../../src/core/model.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { type Model, modelOf } from './model.ts';

/**
 * A run's columns. Until new ones are there, the old ones stay.
 *
 * @param version another one, and they are asked for again
 */
export function useWaterfall(file: FileId, runId: RunId, version: number) {
  const { connection } = usePage();
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly model: Model }>();
  const [failure, setFailure] = useState<TraceError>();
  const [attempt, setAttempt] = useState(0);
  const key = `${file}\n${runId}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    const answer = connection.caller.call('waterfall', file, runId);
    let over = false;
    answer.then(
      data => {
        if (over) return;
        setFailure(undefined);
        setLoaded({ key, model: modelOf(data) });
      },
      thrown => {
        if (!over) setFailure(TraceError.from(thrown));
      },
    );
    return () => {
      over = true;
      answer.cancel();
    };
  }, [connection, file, runId, version, attempt]);

  const running = loaded?.model.data.run.status === 'running';
  const retry = useCallback(() => setAttempt(before => before + 1), []);
  useEffect(
    () =>
      connection.on(event => {
        // Bars of what has ended stand where they stood; of new ones `version` tells.
        if (event.name !== 'fileChanged' || event.file !== file) return;
        if (event.why === 'judged' && running) retry();
      }),
    [connection, file, running, retry],
  );
  return { model: loaded?.key === key ? loaded.model : undefined, failure, retry };
}
