import { memo } from 'react';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { RunFigures } from '../../src/core/runFigures.ts';
import type { RunFilter, RunSort } from '../../src/core/runQuery.ts';
import { usePage } from '../app/page.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { columnHeads } from './columns.ts';
import { FollowButton, type FollowProps } from './FollowButton.tsx';
import { QueryField } from './QueryField.tsx';
import { type OverviewSettings, periods } from './saved.ts';
import './filter.css';

export interface FilterProps {
  readonly settings: OverviewSettings;
  readonly change: (changes: Partial<OverviewSettings>) => void;
  readonly figures: RunFigures;
  /** Runs in the file, as the list has them: its figures may be a moment older. */
  readonly all: number;
  /** Undefined while that is being found out. */
  readonly matching: number | undefined;
  readonly grouped: boolean;
  readonly following: FollowProps;
  /** Compares the two marked runs; undefined while there are not two. */
  readonly compare: (() => void) | undefined;
  /** From the field down to the list. */
  readonly leave: () => void;
}

/** Which runs are shown: by text, status, name and time; and how many of how many these are. */
export const Filter = memo(function Filter({
  settings,
  change,
  figures,
  all,
  matching,
  grouped,
  following,
  compare,
  leave,
}: FilterProps) {
  const { words, markKey } = usePage();
  return (
    <search className="toolbar">
      <QueryField text={settings.text} apply={text => change({ text })} leave={leave} />
      <StatusFilter filter={settings.filter} apply={filter => change({ filter })} {...figures} />
      <NameMenu settings={settings} change={change} figures={figures} />
      <select
        className="select"
        aria-label={words.filterPeriod}
        value={settings.period}
        onChange={({ target }) =>
          change({ period: periods.find(one => one === target.value) ?? 'all' })
        }
      >
        <option value="all">{words.periodAll}</option>
        <option value="hour">{words.periodHour}</option>
        <option value="day">{words.periodDay}</option>
        <option value="week">{words.periodWeek}</option>
        <option value="month">{words.periodMonth}</option>
      </select>
      <SortMenu sort={settings.sort} apply={sort => change({ sort })} />
      <span className="spring" />
      <output className="second small nowrap">
        {matching === undefined
          ? words.searching
          : counted(words, 'matchingOf', all, integer(matching))}
      </output>
      <FollowButton {...following} />
      <button
        type="button"
        className="icon-button"
        title={compare ? words.compareRuns : fillIn(words.compareMarked, [markKey])}
        aria-label={words.compareRuns}
        aria-disabled={!compare}
        onClick={compare}
      >
        <Icon name="compare" />
      </button>
      {figures.inSession > 0 && (
        <button
          type="button"
          className="icon-button"
          title={words.groupBySession}
          aria-label={words.groupBySession}
          aria-pressed={grouped}
          onClick={() => change({ grouped: !grouped })}
        >
          <Icon name="group" />
        </button>
      )}
    </search>
  );
});

function StatusFilter({
  filter,
  apply,
  counts,
}: {
  readonly filter: RunFilter;
  readonly apply: (filter: RunFilter) => void;
  readonly counts: RunFigures['counts'];
}) {
  const { words } = usePage();
  const choices = [
    ['all', words.filterAll],
    ['failed', words.figureFailed],
    ['running', words.figureRunning],
  ] as const;
  return (
    <fieldset className="segments">
      <legend className="unseen">{words.filterRuns}</legend>
      {choices.map(([id, name]) => (
        <button
          type="button"
          key={id}
          className="segment"
          aria-pressed={id === filter}
          onClick={() => apply(id)}
        >
          {id === 'failed' && <StatusIcon status="failed" />}
          {id === 'running' && <StatusIcon status="running" />}
          <span>{name}</span>
          <span>{integer(counts[id])}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Where there is no room for the heads of all columns. */
function SortMenu({
  sort,
  apply,
}: {
  readonly sort: RunSort;
  readonly apply: (sort: RunSort) => void;
}) {
  const { words } = usePage();
  const choices = columnHeads.flatMap(({ by, name }) => [
    { by, name, descending: true },
    { by, name, descending: false },
  ]);
  const nameOf = ({ by, descending }: RunSort): string => `${by} ${descending}`;
  return (
    <select
      className="select sort-select"
      aria-label={words.sortRuns}
      title={words.sortRuns}
      value={nameOf(sort)}
      onChange={({ target }) => {
        const choice = choices.find(one => nameOf(one) === target.value);
        if (choice) apply({ by: choice.by, descending: choice.descending });
      }}
    >
      {choices.map(choice => (
        <option key={nameOf(choice)} value={nameOf(choice)}>
          {choice.descending ? '↓' : '↑'} {words[choice.name]}
        </option>
      ))}
    </select>
  );
}

function NameMenu({
  settings: { name },
  change,
  figures: { names, distinctNames },
}: Pick<FilterProps, 'settings' | 'change' | 'figures'>) {
  const { words } = usePage();
  const isListed = name === undefined || names.some(one => one.value === name);
  return (
    <select
      className="select"
      aria-label={words.filterName}
      // No recorded name is like this one: those cannot begin with the sign for all.
      value={name === undefined ? '*' : `=${name}`}
      onChange={({ target }) =>
        change({ name: target.value === '*' ? undefined : target.value.slice(1) })
      }
    >
      <option value="*">{words.anyName}</option>
      {!isListed && <option value={`=${name}`}>{name}</option>}
      {names.map(({ value, runs }) => (
        <option key={value} value={`=${value}`}>
          {value.trim() || words.noName} ({integer(runs)})
        </option>
      ))}
      {distinctNames > names.length && (
        <option disabled>{counted(words, 'namesLeftOut', distinctNames - names.length)}</option>
      )}
    </select>
  );
}
