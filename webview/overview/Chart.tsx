import { type LogHistogram, logPlace } from '../../src/core/distribution.ts';
import { keyed } from '../ui/keyed.ts';

/** One column of a chart: parts from the bottom up, and what a pointer over it is told. */
export interface Column {
  readonly parts: readonly { readonly value: number; readonly look: Look }[];
  readonly title: string;
  /** What a press does; what is drawn is no control, so that there must be another way as well. */
  readonly act?: (() => void) | undefined;
}

/** `plain` is any bar that is not the point of its chart. */
export type Look = 'plain' | 'soft' | 'failed' | 'accent';

const height = 40;
// What is there is seen, however small beside the rest.
const least = 1.5;
/** Share of the chart's width. */
const widest = 8;

/** Columns of equal width; the highest one fills the height. What it shows is also said in words. */
export function Chart({
  label,
  columns,
  marks = [],
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  /** Upright lines, as shares of the width. */
  readonly marks?: readonly number[];
}) {
  const sum = ({ parts }: Column): number => parts.reduce((total, part) => total + part.value, 0);
  const most = columns.reduce((highest, column) => Math.max(highest, sum(column)), 0);
  const width = 100 / Math.max(1, columns.length);
  // A few columns are no wider than those of a chart that is full.
  const bar = Math.min(width * 0.78, widest);
  const inset = bar < width * 0.78 ? (width - bar) / 2 : 0;
  return (
    <svg className="chart" role="img" aria-label={label}>
      {keyed(columns).map(({ key, item: column }, at) => (
        <g key={key}>
          <Bars column={column} x={width * at + inset} width={bar} most={most} />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: whoever lets it be pressed has a way by key */}
          <rect
            className={column.act ? 'chart-hit chart-pressed' : 'chart-hit'}
            x={`${width * at}%`}
            width={`${width}%`}
            height={height}
            onClick={column.act}
          >
            <title>{column.title}</title>
          </rect>
        </g>
      ))}
      <line className="chart-base" x1="0" x2="100%" y1={height - 0.5} y2={height - 0.5} />
      {keyed(marks).map(({ key, item: place }) => (
        <line
          key={key}
          className="chart-mark"
          x1={`${place * 100}%`}
          x2={`${place * 100}%`}
          y1="0"
          y2={height}
        />
      ))}
    </svg>
  );
}

function Bars({
  column,
  x,
  width,
  most,
}: {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
  readonly most: number;
}) {
  let bottom = height - 1;
  return column.parts.map(({ value, look }) => {
    if (value <= 0) return null;
    const tall = Math.max(least, (value / most) * (height - 3));
    bottom -= tall;
    return (
      <rect
        key={look}
        className={`chart-${look}`}
        x={`${x}%`}
        width={`${width}%`}
        y={bottom}
        height={tall}
      />
    );
  });
}

/** Where durations lie on the axis of their histogram. */
export const marksOf = (
  { low, high }: LogHistogram,
  values: readonly (number | undefined)[],
): readonly number[] =>
  values.flatMap(value => (value === undefined ? [] : [logPlace(value, low, high)]));
