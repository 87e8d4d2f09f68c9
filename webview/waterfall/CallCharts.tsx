import { useMemo } from 'react';
import { type CallColumn, callColumns, windowInReach } from '../../src/core/callTokens.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatTokens, integer } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import { useWords } from '../app/page.tsx';
import { CallChart, type CallPart } from './CallChart.tsx';
import type { Model } from './model.ts';
import { nameAt } from './rowWords.ts';
import type { Plot } from './usePlot.ts';
import './callCharts.css';

/** More columns than these are too thin to be told apart. */
const mostColumns = 160;

/** How the context grew from call to call, and what each call was given and gave. A press goes to the call. */
export function CallCharts({
  plot: { model, current },
  jump,
}: {
  readonly plot: Plot;
  readonly jump: (row: number) => void;
}) {
  const words = useWords();
  const { columns, each } = useMemo(() => callColumns(model.data.calls, mostColumns), [model]);
  const [first, last] = [columns[0], columns.at(-1)];
  if (!first || !last) return null;
  const most = (of: (one: CallColumn) => number): string =>
    formatTokens(Math.max(...columns.map(of)));
  const window = windowInReach(model.data.window, Math.max(...columns.map(contextOf)));
  const shown = each > 1 ? fillIn(words.callsShownOf, [integer(each)]) : undefined;
  return (
    <div className="call-charts">
      <CallChart
        name={words.contextPerCall}
        about={fillIn(words.upTo, [most(contextOf)])}
        label={fillIn(window === undefined ? words.contextChart : words.contextChartWindow, [
          words.contextPerCall,
          ...[contextOf(first), contextOf(last)].map(formatTokens),
          most(contextOf),
          ...(window === undefined ? [] : [formatTokens(window)]),
        ])}
        limit={window}
        legend={
          window === undefined
            ? []
            : [['window', fillIn(words.contextWindow, [formatTokens(window)])]]
        }
        columns={columns.map(one => ({
          row: one.row,
          parts: [{ look: 'context', value: contextOf(one) }],
          title: fillIn(words.callColumn, [
            integer(one.call),
            nameAt(model, one.row, words),
            integer(contextOf(one)),
          ]),
        }))}
        isLine
        current={current}
        jump={jump}
      />
      <CallChart
        name={words.tokensPerCall}
        about={fillIn(words.upTo, [most(one => contextOf(one) + one.output)])}
        label={fillIn(words.tokensChart, [
          words.tokensPerCall,
          most(one => contextOf(one) + one.output),
        ])}
        columns={columns.map(one => ({
          row: one.row,
          parts: partsOf(one),
          title: tokensTitle(one, model, words),
        }))}
        legend={[
          ['cached', words.cached],
          ['uncached', words.uncached],
          ['output', words.outputTokens],
        ]}
        current={current}
        jump={jump}
      />
      {shown && <p className="second small">{shown}</p>}
      <CallTable columns={columns} model={model} />
    </div>
  );
}

const contextOf = ({ cached, uncached }: CallColumn): number => cached + uncached;

const partsOf = ({ cached, uncached, output }: CallColumn): readonly CallPart[] => [
  { look: 'cached', value: cached },
  { look: 'uncached', value: uncached },
  { look: 'output', value: output },
];

const tokensTitle = (one: CallColumn, model: Model, words: Words): string =>
  fillIn(words.callColumnTokens, [
    integer(one.call),
    nameAt(model, one.row, words),
    ...[one.cached, one.uncached, one.output].map(integer),
  ]);

/** What the charts draw, for those who hear it. */
function CallTable({
  columns,
  model,
}: {
  readonly columns: readonly CallColumn[];
  readonly model: Model;
}) {
  const words = useWords();
  return (
    <div className="unseen">
      <table>
        <caption>{words.tokensPerCall}</caption>
        <thead>
          <tr>
            <th scope="col">{words.callNumber}</th>
            <th scope="col">{words.columnName}</th>
            <th scope="col">{words.cached}</th>
            <th scope="col">{words.uncached}</th>
            <th scope="col">{words.outputTokens}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(one => (
            <tr key={one.row}>
              <th scope="row">{integer(one.call)}</th>
              <td>{nameAt(model, one.row, words)}</td>
              <td>{integer(one.cached)}</td>
              <td>{integer(one.uncached)}</td>
              <td>{integer(one.output)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
