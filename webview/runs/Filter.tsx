import { integer } from '../../src/core/format.ts';
import type { FileTotals, RunFilter } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';
import { StatusIcon } from '../ui/Icon.tsx';

export function Filter({
  filter,
  select,
  totals,
}: {
  readonly filter: RunFilter;
  readonly select: (filter: RunFilter) => void;
  readonly totals: FileTotals;
}) {
  const words = useWords();
  const choices = [
    ['all', words.filterAll, totals.runs],
    ['failed', words.figureFailed, totals.failed],
    ['running', words.figureRunning, totals.running],
  ] as const;
  return (
    <fieldset className="segments">
      <legend className="unseen">{words.filterRuns}</legend>
      {choices.map(([id, name, count]) => (
        <button
          type="button"
          key={id}
          className="segment"
          aria-pressed={id === filter}
          onClick={() => select(id)}
        >
          {id === 'failed' && <StatusIcon status="failed" />}
          {id === 'running' && <StatusIcon status="running" />}
          <span>{name}</span>
          <span>{integer(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}
