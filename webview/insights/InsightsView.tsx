import { useState } from 'react';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import { type Severity, severities } from '../../src/core/insights/insight.ts';
import type { InsightList, InsightRow } from '../../src/protocol/insightList.ts';
import { type usePage, useWords } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { StatusIcon } from '../ui/Icon.tsx';
import { stepThrough } from '../ui/listKeys.ts';
import { InsightItem } from './InsightItem.tsx';
import './insights.css';

/** Of a group so many are listed at first. */
const atFirst = 20;

/** One list for the keys, whatever groups it has. */
const insightRows = { list: '.insights', item: '.insight-row' };

const groups = [...severities].reverse();

/** What stands out in the runs that are selected, the gravest first; a press shows the span. */
export function InsightsView({
  list,
  failed,
  showFailed,
  show,
}: {
  readonly list: InsightList;
  /** Runs among those that are selected; that they failed is no insight, and is asked for here all the same. */
  readonly failed: number;
  readonly showFailed: () => void;
  readonly show: (row: InsightRow) => void;
}) {
  const words = useWords();
  const [unfolded, setUnfolded] = useState<readonly Severity[]>([]);
  const [current, setCurrent] = useState(0);
  const shown = groups.map(severity => {
    const all = list.rows.filter(({ insight }) => insight.severity === severity);
    return { severity, all, rows: unfolded.includes(severity) ? all : all.slice(0, atFirst) };
  });
  const count = shown.reduce((sum, { rows }) => sum + rows.length, 0);
  const at = Math.min(current, count - 1);
  let place = 0;
  return (
    <div className="insights">
      {failed > 0 && (
        <p className="insights-failed small">
          <StatusIcon status="failed" />
          <Link onClick={showFailed}>{counted(words, 'insightsRunsFailed', failed)}</Link>
        </p>
      )}
      <p className="insights-state second small" role="status">
        {stateWords(list, failed, words)}
      </p>
      {shown.map(({ severity, all, rows }) => {
        if (rows.length === 0) return null;
        const first = place;
        place += rows.length;
        return (
          <section key={severity}>
            <h3 className="small second">{counted(words, countWord[severity], all.length)}</h3>
            <ul className="insight-list">
              {rows.map((row, index) => (
                <InsightItem
                  key={keyOf(row, index)}
                  row={row}
                  isCurrent={first + index === at}
                  onKey={event => stepThrough(event, insightRows, at, setCurrent)}
                  show={() => {
                    setCurrent(first + index);
                    show(row);
                  }}
                />
              ))}
            </ul>
            {rows.length < all.length && (
              <p className="insights-more">
                <Link onClick={() => setUnfolded([...unfolded, severity])}>
                  {fillIn(words.insightsShowAll, [integer(all.length)])}
                </Link>
              </p>
            )}
          </section>
        );
      })}
    </div>
  );
}

const countWord = {
  error: 'insightsErrors',
  warning: 'insightsWarnings',
  info: 'insightsInfos',
} as const;

const keyOf = ({ insight }: InsightRow, index: number): string =>
  `${insight.runId} ${insight.type} ${insight.spanIds[0]} ${index}`;

function stateWords(
  list: InsightList,
  failed: number,
  words: ReturnType<typeof usePage>['words'],
): string {
  const { state, done, of, total, all } = list;
  if (state === 'waiting') return words.insightsWaiting;
  if (state === 'paused') return words.insightsPaused;
  if (state === 'failed') return words.insightsFailed;
  if (state === 'looking') return fillIn(words.insightsLooking, [integer(done), integer(of)]);
  const looked = list.partial ? counted(words, 'insightsLooked', of) : '';
  const none =
    failed > 0 ? words.insightsNoneElse : all > 0 ? words.insightsNoneMatching : words.insightsNone;
  return [total === 0 ? none : '', looked].filter(Boolean).join(' ');
}
