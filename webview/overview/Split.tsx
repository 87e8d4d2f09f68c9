import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';

const least = 0.15;
const most = 0.85;
const step = 0.04;

/** Two areas, one above the other, with a line between them that can be dragged or moved with keys. */
export function Split({
  label,
  open,
  share,
  change,
  above,
  below,
}: {
  readonly label: string;
  /** Without it, the lower area is as high as what it holds; where that is nothing, no line is drawn. */
  readonly open: boolean;
  /** What the upper area has of the height, from 0 to 1. */
  readonly share: number;
  readonly change: (share: number) => void;
  readonly above: ReactNode;
  readonly below: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const apply = (to: number): void => change(Math.min(most, Math.max(least, to)));
  const onMove = (event: PointerEvent): void => {
    const box = place.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    apply((event.clientY - box.top) / box.height);
  };
  const onKey = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: share - step,
      ArrowDown: share + step,
      Home: least,
      End: most,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    apply(to);
  };
  return (
    <div
      className="split"
      ref={place}
      style={{
        gridTemplateRows: !below
          ? 'minmax(0, 1fr)'
          : open
            ? `${share}fr 1px ${1 - share}fr`
            : '1fr 1px auto',
      }}
    >
      {above}
      {below && (
        // biome-ignore lint/a11y/useSemanticElements: a line that moves is no thematic break
        <div
          className="split-line"
          role="separator"
          aria-label={label}
          aria-orientation="horizontal"
          aria-valuemin={least * 100}
          aria-valuemax={most * 100}
          aria-valuenow={Math.round(share * 100)}
          tabIndex={open ? 0 : -1}
          title={label}
          onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={onMove}
          onKeyDown={onKey}
        />
      )}
      {below}
    </div>
  );
}
