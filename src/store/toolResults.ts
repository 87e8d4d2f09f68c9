import type { KindHints } from '../core/kind.ts';
import { isToolCall } from '../core/kind.ts';
import { readMetadata } from '../core/metadata.ts';
import { type ResultSize, resultSize } from '../core/resultSize.ts';
import type { Node } from '../core/tree.ts';
import type { RowId } from './dialect.ts';
import type { Pause } from './pause.ts';
import { joined } from './runIndex.ts';
import { type RunView, stored } from './runView.ts';

const unknown: ResultSize = { chars: undefined, tokens: undefined };

/** The sizes of all tools' results in some runs, whose kinds are known from then on. */
export async function readResults(
  views: readonly RunView[],
  pause: Pause,
): Promise<(node: Node) => ResultSize> {
  const sizes = new Map<RowId, ResultSize>();
  await readTogether(views, sizes, pause);
  for (const view of views) {
    await view.identifyAll();
    for (const { span } of view.tree.ordered) {
      const { row } = stored(span);
      if (!isToolCall(span) || sizes.has(row)) continue;
      // Its text is measured, and let go.
      sizes.set(row, resultSize(readMetadata(view.source.metadata(row))));
      await pause.ifLong();
    }
  }
  return ({ span }) => sizes.get(stored(span).row) ?? unknown;
}

/** Runs that are written at the same time lie between one another: one query reads them all. */
async function readTogether(
  views: readonly RunView[],
  sizes: Map<RowId, ResultSize>,
  pause: Pause,
): Promise<void> {
  const [first] = views;
  if (!first?.source.toolResults) return;
  const hints = new Map<RowId, KindHints>();
  const places = views.flatMap(view => view.entry.ranges).sort((a, b) => a.first - b.first);
  let rows = 0;
  for (const range of joined(places)) {
    for (const one of first.source.toolResults(range)) {
      hints.set(one.row, one.hints);
      if (one.size) sizes.set(one.row, one.size);
      if (++rows % 200 === 0) await pause.ifLong();
    }
  }
  for (const view of views) view.identifyWith(hints);
}
