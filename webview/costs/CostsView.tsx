import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { RunSelection } from '../../src/core/runQuery.ts';
import type { FileId } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { CostTable } from './CostTable.tsx';
import { DayCharts } from './DayCharts.tsx';
import { LatencyTable } from './LatencyTable.tsx';
import type { Press } from './PressedRow.tsx';
import { useCosts } from './useCosts.ts';
import './costs.css';

/** What the selected runs cost, by tool, model and day, and how long they took by name. */
export function CostsView({
  file,
  selection,
  version,
  retry,
  press,
}: {
  readonly file: FileId;
  readonly selection: RunSelection;
  /** Counts the states of the file. */
  readonly version: number;
  readonly retry: () => void;
  readonly press: Press;
}) {
  const { words } = usePage();
  const tools = useCosts(file, selection, version, 'tool');
  const models = useCosts(file, selection, version, 'model');
  const names = useCosts(file, selection, version, 'name');
  const days = useCosts(file, selection, version, 'day');
  const all = [tools, models, names, days];
  const failure = all.find(one => one.failure && !one.costs)?.failure;
  if (failure) return <Failure error={failure} retry={retry} />;
  if (!all.some(one => one.costs)) return <Loading />;
  const behind = all.flatMap(({ costs }) => (costs && costs.done < costs.of ? [costs] : []))[0];
  const isPartial = all.some(one => one.costs?.partial);
  const isEmpty = all.every(
    ({ costs }) => costs && costs.done >= costs.of && costs.rows.length === 0,
  );
  return (
    <div className="costs">
      {(behind || isPartial || isEmpty) && (
        <p className="costs-state second small" role="status">
          {behind
            ? fillIn(words.costsOfSoFar, [integer(behind.done), integer(behind.of)])
            : isPartial
              ? words.costsPartial
              : words.costsNone}
        </p>
      )}
      <div className="cost-parts">
        {tools.costs && (
          <CostTable
            title={words.costsByTool}
            how={fillIn(words.costsByToolHow, [words.costsModelRow])}
            head={words.columnTool}
            by="tool"
            rows={tools.costs.rows}
            press={press}
          />
        )}
        {models.costs && (
          <CostTable
            title={words.costsByModel}
            head={words.columnModel}
            by="model"
            rows={models.costs.rows}
            press={press}
          />
        )}
        {days.costs && <DayCharts rows={days.costs.rows} press={press} />}
        {names.costs && <LatencyTable rows={names.costs.rows} press={press} />}
      </div>
    </div>
  );
}
