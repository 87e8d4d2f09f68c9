import { createContext, useContext, useMemo } from 'react';
import type { Severity } from '../../src/core/insights/insight.ts';
import { markSays, markTitle } from '../../src/core/insights/mark.ts';
import type { RunId } from '../../src/core/model.ts';
import type { Words } from '../../src/core/words.ts';
import type { InsightList } from '../../src/protocol/insightList.ts';
import { useWords } from '../app/page.tsx';

/** What a row of the list of runs says of its insights, and in whole sentences where a pointer rests. */
export interface RunMark {
  readonly severity: Severity;
  readonly says: string;
  readonly title: string;
}

type Marks = ReadonlyMap<RunId, RunMark>;

/** By the runs that have some. */
export const MarksContext = createContext<Marks>(new Map());

export const useMark = (runId: RunId | undefined): RunMark | undefined =>
  useContext(MarksContext).get(runId ?? '');

export function useMarks(list: InsightList | undefined): Marks {
  const words = useWords();
  return useMemo(() => marksOf(list?.marks ?? [], words), [list, words]);
}

const marksOf = (marks: InsightList['marks'], words: Words): Marks =>
  new Map(
    marks.map(([runId, mark]) => [
      runId,
      { severity: mark.severity, says: markSays(mark, words), title: markTitle(mark, words) },
    ]),
  );
