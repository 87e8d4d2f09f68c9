import { type KeyboardEvent, type MouseEvent, useState } from 'react';
import { percent } from './geometry.ts';
import { placeAfter } from './keys.ts';

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

/**
 * One column for each call, or a line over them; a press goes to the call, and so does Enter after the arrow
 * keys have led to it. What it shows is in words and in a table beside it.
 */
export function CallChart({
  name,
  about,
  label,
  columns,
  limit,
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
  /** Where a line is drawn across, told in the legend. */
  readonly limit?: number | undefined;
  readonly legend?: readonly (readonly [look: CallPart['look'] | 'window', name: string])[];
  readonly isLine?: boolean;
  /** The row that the keys of the list act on. */
  readonly current: number;
  readonly jump: (row: number) => void;
}) {
  const sum = ({ parts }: DrawnCall): number => parts.reduce((all, { value }) => all + value, 0);
  /** Where the arrow keys are, while they are here. */
  const [at, setAt] = useState<number>();
  const first = Math.max(
    0,
    columns.findIndex(({ row }) => row === current),
  );
  const led = columns[Math.min(at ?? first, columns.length - 1)];
  const press = ({ target }: MouseEvent): void => {
    const of = target instanceof Element ? target.getAttribute('data-at') : null;
    const column = of === null ? undefined : columns[Number(of)];
    if (column) jump(column.row);
  };
  const pressKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = placeAfter(event.key, at ?? first, columns.length);
    if (to !== undefined) setAt(to);
    else if (led && (event.key === 'Enter' || event.key === ' ')) jump(led.row);
    else return;
    event.preventDefault();
  };
  const most = Math.max(1, limit ?? 0, ...columns.map(sum));
  const width = Math.min(1 / Math.max(1, columns.length), widest);
  const top = (value: number): number => height - 2 - (value / most) * (height - 6);
  return (
    <figure className="call-chart">
      <figcaption className={at === undefined ? 'small second' : 'small second is-led'}>
        <span className="ellipsis">{name}</span>
        <span className="ellipsis">{at === undefined ? about : led?.title}</span>
        <span className="spring" />
        {legend.map(([look, word]) => (
          <span key={look} className={`call-legend call-legend-${look}`} aria-hidden="true">
            {word}
          </span>
        ))}
      </figcaption>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={columns.length}
        aria-valuenow={(at ?? first) + 1}
        aria-valuetext={led?.title}
        className="call-plot"
        onClick={press}
        onKeyDown={pressKey}
        onFocus={event => event.target.matches(':focus-visible') && setAt(first)}
        onBlur={() => setAt(undefined)}
      >
        <svg aria-hidden="true" height={height}>
          {limit !== undefined && (
            <line className="call-limit" x1="0" x2="100%" y1={top(limit)} y2={top(limit)} />
          )}
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
          {columns.map((column, place) => (
            <rect
              key={column.row}
              className={place === at ? 'call-hit call-led' : 'call-hit'}
              data-at={place}
              x={percent(place * width)}
              width={percent(width)}
              height={height}
            >
              <title>{column.title}</title>
            </rect>
          ))}
        </svg>
      </div>
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
