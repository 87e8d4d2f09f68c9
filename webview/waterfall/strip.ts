import { spanKinds } from '../../src/core/model.ts';
import { hasFlag } from '../../src/core/spanColumns.ts';
import { workingSpans } from '../../src/core/workingSpans.ts';
import { placed } from './geometry.ts';
import { type Model, timeOf } from './model.ts';

/** The strip is this many steps wide, whatever its width in pixels. */
export const stripWidth = 1000;

const lanes = ['llm', 'tool', 'retrieval', 'failed'] as const;
export type Lane = (typeof lanes)[number];

export interface Strip {
  /** SVG paths: where on the time axis something of each sort ran. */
  readonly paths: Readonly<Record<Lane, string>>;
  /** Where spans failed, as shares of the width, each place once. */
  readonly failed: readonly { readonly at: number; readonly recovered: boolean }[];
}

const shape: Readonly<Record<Lane, { readonly y: number; readonly height: number }>> = {
  llm: { y: 5, height: 4 },
  tool: { y: 10, height: 3 },
  retrieval: { y: 14, height: 3 },
  failed: { y: 10, height: 3 },
};

/** The whole run in one line, by counting what runs at each step: no more work for 100,000 spans than a pass. */
export function stripOf(model: Model): Strip {
  const { data, bounds } = model;
  const changes = new Map(lanes.map(lane => [lane, new Int32Array(stripWidth + 1)]));
  const marks = new Map<number, boolean>();
  const working = workingSpans(data);
  for (let row = 0; row < data.count; row++) {
    const failed = hasFlag(data, row, 'failed');
    if (!working[row] && !failed) continue;
    const time = timeOf(model, row);
    if (!time) continue;
    const bar = placed(time, bounds);
    const from = Math.min(stripWidth - 1, Math.floor(bar.from * stripWidth));
    const to = Math.max(from + 1, Math.min(stripWidth, Math.ceil(bar.to * stripWidth)));
    if (working[row]) {
      const lane = changes.get(laneOf(data.kind[row] ?? 0, failed));
      if (lane) {
        lane[from] = (lane[from] ?? 0) + 1;
        lane[to] = (lane[to] ?? 0) - 1;
      }
    }
    if (failed && row > 0) {
      const recovered = hasFlag(data, row, 'recovered');
      marks.set(to - 1, recovered && (marks.get(to - 1) ?? true));
    }
  }
  const path = (lane: Lane): string => pathOf(changes.get(lane) ?? new Int32Array(), shape[lane]);
  return {
    paths: {
      llm: path('llm'),
      tool: path('tool'),
      retrieval: path('retrieval'),
      failed: path('failed'),
    },
    failed: [...marks].map(([step, recovered]) => ({ at: (step + 1) / stripWidth, recovered })),
  };
}

function laneOf(kind: number, failed: boolean): Lane {
  if (failed) return 'failed';
  const name = spanKinds[kind];
  return name === 'llm' || name === 'retrieval' ? name : 'tool';
}

function pathOf(changes: Int32Array, { y, height }: { y: number; height: number }): string {
  let path = '';
  let running = 0;
  let since = 0;
  for (let step = 0; step < changes.length; step++) {
    const before = running;
    running += changes[step] ?? 0;
    if (before === 0 && running > 0) since = step;
    if (before > 0 && running === 0) path += `M${since} ${y}H${step}v${height}H${since}z`;
  }
  return path;
}
