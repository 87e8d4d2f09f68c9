import { percent } from './geometry.ts';

export interface CallPart {
  readonly look: 'context' | 'cached' | 'uncached' | 'output';
  readonly value: number;
}

export interface DrawnCall {
  readonly row: number;
  /** From the bottom up. */
  readonly parts: readonly CallPart[];
  readonly title: string;
}

const height = 44;
/** What is there is seen, however small beside the rest. */
const least = 1;
/** A few calls are no wider than those of a full chart: a share of the width. */
const widest = 0.06;

/** One column for each call, or a line over them. What it shows is in words and in a table beside it. */
export function CallChart({
  name,
  about,
  label,
  columns,
  legend = [],
  isLine = false,
  current,
  jump,
}: {
  readonly name: string;
  /** The most, said beside the name. */
  readonly about: string;
  readonly label: string;
  readonly columns: readonly DrawnCall[];
  readonly legend?: readonly (readonly [look: CallPart['look'], name: string])[];
  readonly isLine?: boolean;
  /** The row that the keys of the list act on. */
  readonly current: number;
  readonly jump: (row: number) => void;
}) {
  const sum = ({ parts }: DrawnCall): number => parts.reduce((all, { value }) => all + value, 0);
  const most = Math.max(1, ...columns.map(sum));
  const width = Math.min(1 / Math.max(1, columns.length), widest);
  const top = (value: number): number => height - 2 - (value / most) * (height - 6);
  return (
    <figure className="call-chart">
      <figcaption className="small second">
        <span>{name}</span>
        <span>{about}</span>
        <span className="spring" />
        {legend.map(([look, word]) => (
          <span key={look} className={`call-legend call-legend-${look}`} aria-hidden="true">
            {word}
          </span>
        ))}
      </figcaption>
      <svg role="img" aria-label={label} className="call-plot" height={height}>
        {isLine
          ? columns
              .slice(1)
              .map((column, at) => (
                <line
                  key={column.row}
                  className="call-line"
                  x1={percent((at + 0.5) * width)}
                  y1={top(sum(columns[at] ?? column))}
                  x2={percent((at + 1.5) * width)}
                  y2={top(sum(column))}
                />
              ))
          : null}
        {columns.map((column, at) => (
          <Column
            key={column.row}
            column={column}
            x={at * width}
            width={width}
            isLine={isLine}
            isCurrent={column.row === current}
            top={top}
          />
        ))}
        <line className="call-base" x1="0" x2="100%" y1={height - 1.5} y2={height - 1.5} />
        {columns.map((column, at) => (
          <rect
            key={column.row}
            className="call-hit"
            x={percent(at * width)}
            width={percent(width)}
            height={height}
            onPointerUp={() => jump(column.row)}
          >
            <title>{column.title}</title>
          </rect>
        ))}
      </svg>
    </figure>
  );
}

function Column({
  column,
  x,
  width,
  isLine,
  isCurrent,
  top,
}: {
  readonly column: DrawnCall;
  readonly x: number;
  readonly width: number;
  readonly isLine: boolean;
  readonly isCurrent: boolean;
  readonly top: (value: number) => number;
}) {
  if (isLine) {
    const [part] = column.parts;
    return (
      <circle
        className={isCurrent ? 'call-dot call-current' : 'call-dot'}
        cx={percent(x + width / 2)}
        cy={top(part?.value ?? 0)}
        r={isCurrent ? 3.5 : 2}
      />
    );
  }
  let below = 0;
  return column.parts.map(({ look, value }) => {
    if (value <= 0) return null;
    const from = top(below);
    below += value;
    const tall = Math.max(least, from - top(below));
    return (
      <rect
        key={look}
        className={`call-${look}`}
        x={percent(x + width * 0.12)}
        width={percent(width * 0.76)}
        y={from - tall}
        height={tall}
      />
    );
  });
}
