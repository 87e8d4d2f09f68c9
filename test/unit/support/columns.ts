import { spanKinds } from '../../../src/core/model.ts';
import type { SpanColumns } from '../../../src/core/spanColumns.ts';
import type { Node } from '../../../src/core/tree.ts';
import { type Drawn, tree } from './tree.ts';

export interface DrawnColumns extends SpanColumns {
  nameOf(row: number): string;
  rowOf(name: string): number;
}

/** A picture's spans (see `spans`) as columns, their times as drawn. */
export function columns(picture: string | Drawn): DrawnColumns {
  const { ordered } = typeof picture === 'string' ? tree(picture) : picture;
  return columnsOf(ordered);
}

export function columnsOf(ordered: readonly Node[]): DrawnColumns {
  const count = ordered.length;
  const names = ordered.map(node => node.span.name);
  const size = new Int32Array(count).fill(1);
  for (let row = count - 1; row > 0; row--) {
    const above = ordered[row]?.parent?.order ?? 0;
    size[above] = (size[above] ?? 0) + (size[row] ?? 0);
  }
  const numbers = (of: (node: Node) => number | undefined): Float64Array =>
    Float64Array.from(ordered, node => of(node) ?? Number.NaN);
  return {
    count,
    depth: Int32Array.from(ordered, node => node.depth),
    parent: Int32Array.from(ordered, node => node.parent?.order ?? -1),
    size,
    kind: Uint8Array.from(ordered, node => spanKinds.indexOf(node.span.kind)),
    flags: new Uint16Array(count),
    start: numbers(node => node.span.start),
    end: numbers(node => node.span.end),
    tokens: new Float64Array(count).fill(Number.NaN),
    cost: new Float64Array(count).fill(Number.NaN),
    name: Uint32Array.from(ordered, (_, row) => row),
    names,
    ids: names.join(''),
    idEnds: Uint32Array.from(names, (_, row) => names.slice(0, row + 1).join('').length),
    nameOf: row => names[row] ?? '?',
    rowOf: name => names.indexOf(name),
  };
}

/** Shape and times of many spans, made without a node for each. */
export function timed(
  count: number,
  of: (row: number) => { parent: number; start: number; end: number },
): SpanColumns {
  const made = Array.from({ length: count }, (_, row) => of(row));
  const size = new Int32Array(count).fill(1);
  const depth = new Int32Array(count);
  for (let row = count - 1; row > 0; row--) {
    const above = made[row]?.parent ?? 0;
    size[above] = (size[above] ?? 0) + (size[row] ?? 0);
  }
  for (let row = 1; row < count; row++) depth[row] = (depth[made[row]?.parent ?? 0] ?? 0) + 1;
  return {
    count,
    depth,
    parent: Int32Array.from(made, one => one.parent),
    size,
    kind: new Uint8Array(count),
    flags: new Uint16Array(count),
    start: Float64Array.from(made, one => one.start),
    end: Float64Array.from(made, one => one.end),
    tokens: new Float64Array(count).fill(Number.NaN),
    cost: new Float64Array(count).fill(Number.NaN),
    name: new Uint32Array(count),
    names: ['span'],
    ids: '',
    idEnds: new Uint32Array(count),
  };
}
