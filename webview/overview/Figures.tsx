import { memo, type ReactNode } from 'react';
import { counted } from '../../src/core/counted.ts';
import type { Distribution } from '../../src/core/distribution.ts';
import { fillIn } from '../../src/core/errors.ts';
import {
  formatCost,
  formatDuration,
  formatShare,
  formatTokens,
  integer,
  none,
} from '../../src/core/format.ts';
import type { RunFigures } from '../../src/core/runFigures.ts';
import { outlier } from '../../src/core/timeSeries.ts';
import { inputTokens, totalTokens } from '../../src/core/usage.ts';
import type { Words } from '../../src/core/words.ts';
import { usePage } from '../app/page.tsx';
import { Chart, marksOf } from './Chart.tsx';
import { columnsOf, durationColumns, type Times, timesOf, tokenColumns } from './chartColumns.ts';
import type { OverviewSettings } from './saved.ts';
import './figures.css';

/** The five figures of the runs that are selected, each with how it went over time. Rows come while one scrolls. */
export const Figures = memo(function Figures({
  figures,
  settings,
}: {
  readonly figures: RunFigures;
  readonly settings: OverviewSettings;
}) {
  const { words, now } = usePage();
  const times = timesOf(figures.series, now(), words);
  const { filter, period } = settings;
  const periodWord = {
    all: '',
    hour: words.periodHour,
    day: words.periodDay,
    week: words.periodWeek,
    month: words.periodMonth,
  }[period].toLowerCase();
  const failed = filter === 'running' ? 0 : figures.counts.failed;
  const of = filter === 'failed' ? figures.counts.all : figures.matching;
  const share = of === figures.all ? words.shareOfRuns : words.shareOfThese;
  return (
    <dl className="figures">
      <Figure
        name={periodWord ? fillIn(words.inPeriod, [words.runs, periodWord]) : words.runs}
        value={integer(figures.matching)}
      >
        <OverTime
          times={times}
          name={words.runs}
          of={one => one.runs}
          say={runs => counted(words, 'session', runs)}
        />
      </Figure>
      <Figure
        name={words.figureFailed}
        value={integer(failed)}
        about={failed > 0 ? fillIn(share, [formatShare(failed / of)]) : undefined}
      >
        <OverTime
          times={times}
          name={words.figureFailed}
          of={one => one.failed}
          say={runs => fillIn(words.sessionFailed, [integer(runs)])}
          look="failed"
        />
      </Figure>
      <Cost figures={figures} times={times} />
      <Tokens figures={figures} times={times} />
      <Durations figures={figures} />
    </dl>
  );
});

function Figure({
  name,
  value,
  beside,
  about,
  title,
  children,
}: {
  readonly name: string;
  readonly value: ReactNode;
  /** Beside the name, and whole where a pointer rests. */
  readonly beside?: ReturnType<typeof spreadWords>;
  readonly about?: string | undefined;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="figure">
      <dt className="second small" title={beside?.whole}>
        <span>{name}</span>
        {beside && <span className="figure-beside ellipsis">{beside.short}</span>}
      </dt>
      <dd title={title}>
        <span className="figure-value">{value}</span>
        {about && (
          <span className="second small ellipsis" title={about}>
            {about}
          </span>
        )}
      </dd>
      <dd className="figure-chart">{children}</dd>
    </div>
  );
}

function OverTime({
  times,
  name,
  of,
  say,
  short = integer,
  look = 'plain',
  stands,
}: {
  readonly times: Times | undefined;
  readonly name: string;
  readonly of: (bucket: Times['buckets'][number]) => number;
  readonly say: (value: number) => string;
  /** The same under the name of the figure. */
  readonly short?: (value: number) => string;
  readonly look?: 'plain' | 'failed';
  /** The place of the one column that is the point of the chart, and what is said of it. */
  readonly stands?:
    | { readonly place: number; readonly says: string; readonly how: string }
    | undefined;
}) {
  const { words } = usePage();
  if (!times) return null;
  const columns = columnsOf(times, of, say, look, stands?.place, words);
  const most = Math.max(...times.buckets.map(of));
  const last = times.buckets.at(-1);
  const label = fillIn(words.chartOf, [name, times.first, times.last, say(most)]);
  const how = stands?.how ?? fillIn(words.lastColumn, [label, columns.at(-1)?.title ?? '']);
  return (
    <>
      <Chart label={label} columns={columns} />
      <p className="axis" title={how}>
        <span className="axis-begin">{times.first}</span>
        <span className="ellipsis">
          {stands?.says ??
            (last && columns.length > 1 ? lately(times, short(of(last)), words) : '')}
        </span>
      </p>
    </>
  );
}

/** What the last column has: `9 runs since 08:00`. */
const lately = ({ last }: Times, says: string, words: Words): string =>
  last === words.today ? fillIn(words.ofToday, [says]) : fillIn(words.sinceThen, [last, says]);

function Cost({
  figures,
  times,
}: {
  readonly figures: RunFigures;
  readonly times: Times | undefined;
}) {
  const { words } = usePage();
  const { unpricedCalls: unpriced, pricedCost, costs } = figures;
  const noPrice = figures.cost === undefined && pricedCost === 0;
  const high = times && outlier(times.buckets.map(bucket => bucket.cost));
  const standing = high
    ? [times.labels[high.place] ?? '', high.times.toFixed(high.times < 10 ? 1 : 0)]
    : [];
  const about = unpriced === 0 || noPrice ? undefined : counted(words, 'plusUnpriced', unpriced);
  return (
    <Figure
      name={words.figureCost}
      beside={spreadWords(costs, formatCost, words)}
      value={noPrice ? words.unpriced : formatCost(pricedCost)}
      about={about}
      title={noPrice ? undefined : `$${Number(pricedCost.toPrecision(12))}`}
    >
      <OverTime
        times={times}
        name={words.figureCost}
        of={one => one.cost}
        say={formatCost}
        short={formatCost}
        stands={
          high && {
            place: high.place,
            says: fillIn(words.timesUsual, standing),
            how: fillIn(words.timesUsualHow, standing),
          }
        }
      />
    </Figure>
  );
}

/** `$0.01 p50, …`; nothing for so few runs that these are the runs themselves. */
function spreadWords(
  spread: Distribution,
  say: (value: number) => string,
  words: Words,
): { readonly short: string; readonly whole: string } | undefined {
  const { p50, p95, p99, count, leftOut } = spread;
  if (p50 === undefined || p95 === undefined || p99 === undefined || count < 2) return undefined;
  const short = fillIn(words.spreadAlone, [say(p50), say(p95), say(p99)]);
  const told = leftOut > 0 ? fillIn(words.spreadLeftOut, [short, integer(leftOut)]) : short;
  const whole = fillIn(words.spreadHow, [told]);
  return { short, whole };
}

function Tokens({
  figures,
  times,
}: {
  readonly figures: RunFigures;
  readonly times: Times | undefined;
}) {
  const { words } = usePage();
  const tokens = totalTokens(figures.usage);
  const given = inputTokens(figures.usage);
  const cached = figures.usage.cacheRead;
  return (
    <Figure
      name={words.figureTokens}
      value={tokens === undefined ? none : formatTokens(tokens)}
      title={tokens === undefined ? undefined : integer(tokens)}
      about={given && cached ? fillIn(words.cachedShare, [formatShare(cached / given)]) : undefined}
    >
      {times && (
        <>
          <Chart
            label={fillIn(words.chartOf, [
              words.figureTokens,
              times.first,
              times.last,
              formatTokens(
                Math.max(...times.buckets.map(one => one.cached + one.uncached + one.output)),
              ),
            ])}
            columns={tokenColumns(times, words)}
          />
          <p className="axis legend" aria-hidden="true">
            <span className="legend-accent">{words.outputTokens}</span>
            <span className="legend-plain">{words.uncached}</span>
            <span className="legend-soft">{words.cached}</span>
          </p>
        </>
      )}
    </Figure>
  );
}

function Durations({ figures: { durations, histogram } }: { readonly figures: RunFigures }) {
  const { words } = usePage();
  const { p50, p95, p99 } = durations;
  const parts = [
    [words.percentile50, p50],
    [words.percentile95, p95],
    [words.percentile99, p99],
  ] as const;
  return (
    <Figure
      name={words.figureDuration}
      value={
        p50 === undefined
          ? none
          : parts.map(([name, value]) => (
              <span className="percentile" key={name}>
                <span className="second small">{name}</span> {formatDuration(value ?? 0)}
              </span>
            ))
      }
      title={spreadWords(durations, formatDuration, words)?.whole}
    >
      {histogram && (
        <>
          <Chart
            label={fillIn(words.chartOfDurations, [
              formatDuration(histogram.low),
              formatDuration(histogram.high),
            ])}
            columns={durationColumns(histogram, words)}
            marks={marksOf(histogram, [p50, p95, p99])}
          />
          <p className="axis" title={words.logScaleHow}>
            <span>{formatDuration(histogram.low)}</span>
            <span>{words.logScale}</span>
            <span>{formatDuration(histogram.high)}</span>
          </p>
        </>
      )}
    </Figure>
  );
}
