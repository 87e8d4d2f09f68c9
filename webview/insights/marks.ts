import { createContext, useContext, useMemo } from 'react';
import type { Insight } from '../../src/core/insights/insight.ts';
import { type InsightMark, insightMark } from '../../src/core/insights/mark.ts';
import { sentenceOf } from '../../src/core/insights/sentence.ts';
import type { RunId } from '../../src/core/model.ts';
import type { InsightList } from '../../src/protocol/insightList.ts';
import { useWords } from '../app/page.tsx';

/** What a row of the list of runs says of its insights, and in whole sentences where a pointer rests. */
export interface RunMark extends InsightMark {
  readonly title: string;
}

type Marks = ReadonlyMap<RunId, RunMark>;

/** By the runs that have some. */
export const MarksContext = createContext<Marks>(new Map());

export const useMark = (runId: RunId | undefined): RunMark | undefined =>
  useContext(MarksContext).get(runId ?? '');

export function useMarks(list: InsightList | undefined): Marks {
  const words = useWords();
  return useMemo(() => {
    const ofRuns = new Map<RunId, Insight[]>();
    for (const { insight } of list?.rows ?? []) {
      ofRuns.set(insight.runId, [...(ofRuns.get(insight.runId) ?? []), insight]);
    }
    const marks = new Map<RunId, RunMark>();
    for (const [runId, insights] of ofRuns) {
      const mark = insightMark(insights, words);
      if (!mark) continue;
      const title = insights.map(({ said }) => sentenceOf(said, words)).join('\n');
      marks.set(runId, { ...mark, title });
    }
    return marks;
  }, [list, words]);
}
