import { spanKinds } from './model.ts';
import type { SpanColumns } from './spanColumns.ts';

const llm = spanKinds.indexOf('llm');
const tool = spanKinds.indexOf('tool');
const retrieval = spanKinds.indexOf('retrieval');
const agent = spanKinds.indexOf('agent');
const chain = spanKinds.indexOf('chain');

/**
 * 1 for each span that does something itself rather than hold others: every span without children, and
 * LLM, tool and retrieval spans with some, such as a tool with the requests it makes. One that holds an
 * agent or a chain waits for it, and so is a container.
 */
export function workingSpans({
  count,
  parent,
  size,
  kind,
}: Pick<SpanColumns, 'count' | 'parent' | 'size' | 'kind'>): Uint8Array {
  const working = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const is = kind[row] ?? 0;
    if (size[row] === 1 || is === llm || is === tool || is === retrieval) working[row] = 1;
    const above = parent[row] ?? -1;
    if (above >= 0 && (is === agent || is === chain)) working[above] = 0;
  }
  return working;
}
