import type { RunId } from '../../src/core/model.ts';
import { newestFirst, type RunFilter, type RunSort } from '../../src/core/runQuery.ts';

export const periods = ['all', 'month', 'week', 'day', 'hour'] as const;
export type Period = (typeof periods)[number];

export const overviewTabs = ['runs', 'insights', 'costs'] as const;
export type OverviewTab = (typeof overviewTabs)[number];

/** What a person has set in the overview of a file; kept while it is hidden and across restarts. */
export interface OverviewSettings {
  readonly filter: RunFilter;
  readonly text: string;
  readonly name: string | undefined;
  readonly period: Period;
  readonly sort: RunSort;
  /** Undefined until it was chosen: whether most runs have a session then decides. */
  readonly grouped: boolean | undefined;
  readonly folded: readonly string[];
  /** The run whose waterfall is shown, and the one to compare it with. */
  readonly selected: RunId | undefined;
  readonly second: RunId | undefined;
  /** Pixels from the top of the list. */
  readonly scroll: number;
  /** Share of the height that the list has above the selected run. */
  readonly split: number;
  readonly tab: OverviewTab;
}

export const firstSettings: OverviewSettings = {
  filter: 'all',
  text: '',
  name: undefined,
  period: 'all',
  sort: newestFirst,
  grouped: undefined,
  folded: [],
  selected: undefined,
  second: undefined,
  scroll: 0,
  split: 0.45,
  tab: 'runs',
};

const hour = 3_600_000;
const lengths = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour } as const;

/** The beginning of a period, at a full minute: the same question can then be put again. */
export function beginOf(period: Period, now: number): number | undefined {
  return period === 'all' ? undefined : Math.floor((now - lengths[period]) / 60_000) * 60_000;
}

const asking = ['filter', 'text', 'name', 'period', 'sort', 'grouped'] as const;

/** What decides which runs are listed in which order: another one begins at its top. */
export const questionOf = (settings: OverviewSettings): string =>
  JSON.stringify(asking.map(key => settings[key]));

export const asksAnew = (changes: Partial<OverviewSettings>): boolean =>
  asking.some(key => key in changes);

/** The runs that are marked, at most two: two can be compared. */
export const markedRuns = ({
  selected,
  second,
}: Pick<OverviewSettings, 'selected' | 'second'>): readonly RunId[] =>
  [selected, second].filter(runId => runId !== undefined);

/** What choosing a run changes. Added, it becomes the second one or is taken away; else it is the only one. */
export function chosen(
  { selected, second }: Pick<OverviewSettings, 'selected' | 'second'>,
  runId: RunId,
  add: boolean,
): Pick<OverviewSettings, 'selected' | 'second'> {
  if (!add || selected === undefined) return { selected: runId, second: undefined };
  if (runId === selected) return { selected: second, second: undefined };
  return { selected, second: runId === second ? undefined : runId };
}
