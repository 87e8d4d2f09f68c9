import { fillIn } from '../../src/core/errors.ts';
import { placeOf } from '../../src/core/foldedRows.ts';
import { useWords } from '../app/page.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { rowHeight } from './geometry.ts';
import { nameAt } from './rowWords.ts';
import type { Plot } from './usePlot.ts';
import type { RowWindow } from './useWindow.ts';

/**
 * Where the failing span and its cause are when they are scrolled out of view. For the pointer: the keys
 * have Go to Cause, so these are no tab stops.
 */
export function Edges({
  plot,
  window: seen,
  jump,
}: {
  readonly plot: Plot;
  readonly window: RowWindow;
  readonly jump: (row: number) => void;
}) {
  const words = useWords();
  const { model, rows } = plot;
  const { failing, cause } = model.data;
  if (failing === undefined || failing === 0 || seen.height === 0) return null;
  const marks = [
    ...(cause ? [{ row: cause.row, text: words.edgeCause, failed: false }] : []),
    { row: failing, text: words.edgeFailed, failed: true },
  ];
  const above = marks.filter(({ row }) => placeOf(rows, row) * rowHeight < seen.top - 4);
  const bottom = seen.top + seen.height;
  const below = marks.filter(({ row }) => (placeOf(rows, row) + 1) * rowHeight > bottom + 4);
  return (['above', 'below'] as const).map(side => {
    const there = side === 'above' ? above : below;
    if (there.length === 0) return null;
    return (
      <div key={side} className={`wf-edge wf-edge-${side}`} aria-hidden="true">
        {there.map(({ row, text, failed }) => (
          <button
            type="button"
            key={row}
            className="wf-edge-button"
            tabIndex={-1}
            onClick={() => jump(row)}
          >
            <Icon name={side === 'above' ? 'up' : 'down'} />
            {failed && <StatusIcon status="failed" />}
            <span className="ellipsis">{fillIn(text, [nameAt(model, row, words)])}</span>
          </button>
        ))}
      </div>
    );
  });
}
