import type { Span, SpanKind, SpanStatus, Usage } from '../../../src/core/model.ts';
import { buildTree, type Node, type RunTree } from '../../../src/core/tree.ts';

/** A span of the run `run`, ended ok, with what a test cares about put in its place. */
export function span(spanId: string, part: Partial<Span> = {}): Span {
  return {
    spanId,
    runId: 'run',
    parentSpanId: undefined,
    name: spanId,
    kind: 'other',
    toolName: undefined,
    start: 0,
    end: 0,
    status: 'ok',
    recordedStatus: part.status,
    interrupted: false,
    model: undefined,
    usage: {} satisfies Usage,
    cost: undefined,
    costSource: 'none',
    error: undefined,
    ...part,
  };
}

const marks: Readonly<Record<string, Partial<Span>>> = {
  '!': { status: 'error' },
  '?': { status: 'running' },
  '~': { status: 'unknown' },
  '^': { status: 'error', interrupted: true },
};

/**
 * Spans drawn as a picture, one a line: `name kind start-end mark`, children indented below their parent.
 * `30-` has no end, `-40` no start, `-` neither. Marks: `!` failed, `?` says running, `~` unknown status,
 * `^` interrupted; none: ok. `<x` names another parent than the picture's (`<` alone: no parent).
 */
export function spans(picture: string): Span[] {
  const open: { readonly indent: number; readonly name: string }[] = [];
  const drawn: Span[] = [];
  for (const line of picture.split('\n')) {
    const [name, kind, times = '-', ...rest] = line.trim().split(/\s+/);
    if (!name) continue;
    const indent = line.search(/\S/);
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const other = rest.find(word => word.startsWith('<'));
    const [start, end] = times.split('-');
    drawn.push(
      span(name, {
        kind: kind as SpanKind,
        parentSpanId: other === undefined ? open.at(-1)?.name : other.slice(1) || undefined,
        start: start ? Number(start) : undefined,
        end: end ? Number(end) : undefined,
        recordedStatus: 'ok' satisfies SpanStatus,
        ...marks[rest.find(word => word in marks) ?? ''],
      }),
    );
    open.push({ indent, name });
  }
  return drawn;
}

export interface Drawn extends RunTree {
  /** The node of a name; throws where the picture has none. */
  get(name: string): Node;
}

export function tree(picture: string | readonly Span[]): Drawn {
  const built = buildTree(typeof picture === 'string' ? spans(picture) : picture);
  const get = (name: string): Node => {
    const node = built.nodes.get(name);
    if (!node) throw new Error(`the picture has no ${name}`);
    return node;
  };
  return { ...built, get };
}

export const names = (nodes: Iterable<Node>): string => [...nodes].map(n => n.span.name).join(' ');
