import type { Mark } from '../../src/core/describe.ts';
import { type Glyph, halo, kindGlyphs, markGlyphs, statusGlyphs } from '../../src/core/glyphs.ts';
import type { SpanKind } from '../../src/core/model.ts';
import { type IconName, iconPaths } from './iconPaths.ts';
import './icons.css';

export function Icon({
  name,
  className,
}: {
  readonly name: IconName;
  readonly className?: string;
}) {
  return (
    <svg className={`icon icon-${name} ${className ?? ''}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={iconPaths[name]} />
    </svg>
  );
}

/** What a span is and how it went. Always beside the same in words. */
export function KindIcon({
  kind,
  mark = 'none',
}: {
  readonly kind: SpanKind;
  readonly mark?: Mark;
}) {
  return (
    <svg className="icon kind-icon" viewBox="0 0 16 16" aria-hidden="true">
      <g {...(mark === 'none' ? {} : { mask: 'url(#mark-gap)' })}>
        <Shapes glyph={kindGlyphs[kind]} />
      </g>
      {mark !== 'none' && (
        <g className={`mark-${mark}`}>
          <Shapes glyph={markGlyphs[mark]} />
        </g>
      )}
    </svg>
  );
}

export type StatusGlyph = keyof typeof statusGlyphs;

export function StatusIcon({ status }: { readonly status: StatusGlyph }) {
  return (
    <svg className={`icon status-icon mark-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      <Shapes glyph={statusGlyphs[status]} />
    </svg>
  );
}

/** What icons and charts share: the gap around a mark, and a hatching. Once per page. */
export function IconParts() {
  return (
    <svg className="icon-parts" aria-hidden="true">
      <mask id="mark-gap" maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16">
        <path className="gap-keep" d="M0 0h16v16H0z" />
        <circle className="gap-cut" cx={halo.x} cy={halo.y} r={halo.r} />
      </mask>
      <pattern id="chart-hatch" width="4" height="4" patternUnits="userSpaceOnUse">
        <path className="chart-hatch-line" d="M-1 1l2-2M0 4l4-4M3 5l2-2" />
      </pattern>
    </svg>
  );
}

function Shapes({ glyph }: { readonly glyph: Glyph }) {
  return glyph.map(({ path, filled, dashes }) => (
    <path
      key={path}
      d={path}
      className={filled ? 'area' : dashes ? 'dashed' : undefined}
      strokeDasharray={dashes}
    />
  ));
}
