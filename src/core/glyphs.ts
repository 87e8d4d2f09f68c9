import type { Mark } from './describe.ts';
import type { SpanKind } from './model.ts';

/**
 * One stroke or area of an icon in a 16 × 16 box. Holes of an area are part of its path (even-odd), so
 * that what lies behind the icon shows through: a row changes its background under it.
 */
export interface Shape {
  readonly path: string;
  readonly filled?: true;
  /** Dash pattern, for rings that are not certain. */
  readonly dashes?: string;
}
export type Glyph = readonly Shape[];

const circle = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`;
const dot = (x: number, y: number, r: number): Shape => ({ path: circle(x, y, r), filled: true });

/** What a span is. The lower right corner is kept poor: a mark may cover it. */
export const kindGlyphs: Readonly<Record<SpanKind, Glyph>> = {
  agent: [{ path: 'M8 2l5.2 3v6L8 14l-5.2-3V5z' }, dot(8, 8, 1.7)],
  llm: [
    {
      path: 'M7 3.3c.6 3.6 1.9 4.9 5.4 5.5c-3.5 .6-4.8 1.9-5.4 5.5c-.6-3.6-1.9-4.9-5.4-5.5c3.5-.6 4.8-1.9 5.4-5.5z',
    },
    { path: 'M12.7 1.6v3.2M11.1 3.2h3.2' },
  ],
  tool: [
    {
      path: 'M11.9 2.3L9.8 4.4l.3 1.5 1.5.3 2.1-2.1a3.4 3.4 0 0 1-4.2 4.5l-4.6 4.6a1.48 1.48 0 0 1-2.1-2.1l4.6-4.6a3.4 3.4 0 0 1 4.5-4.2z',
    },
  ],
  retrieval: [
    { path: circle(8.9, 6.9, 4.7) },
    { path: 'M5.5 10.3L2.2 13.6M6.9 5.9h4M6.9 8.1h2.6' },
  ],
  chain: [
    { path: 'M6.9 9.1a2.9 2.9 0 0 0 4.1 0l2.1-2.1a2.9 2.9 0 0 0-4.1-4.1l-1.1 1.1' },
    { path: 'M9.1 6.9a2.9 2.9 0 0 0-4.1 0l-2.1 2.1a2.9 2.9 0 0 0 4.1 4.1l1.1-1.1' },
  ],
  other: [{ path: circle(8, 8, 3.2) }],
};

const disc = (r: number, x: number, cross: string): Shape => ({
  path: `${circle(x, x, r)}${cross}`,
  filled: true,
});

/** How it went, as an 8 px mark on the lower right corner of a kind. */
export const markGlyphs: Readonly<Record<Exclude<Mark, 'none'>, Glyph>> = {
  failed: [
    disc(
      3.7,
      12,
      'M12 11.2l.95-.95 .8.8-.95.95 .95.95-.8.8-.95-.95-.95.95-.8-.8 .95-.95-.95-.95 .8-.8z',
    ),
  ],
  recovered: [{ path: 'M14.4 10.7a2.8 2.8 0 1 0 .3 2.2M14.8 8.8v2.1h-2.1' }],
  running: [{ path: 'M12 9.1a2.9 2.9 0 1 1-2.7 1.85' }, dot(12, 12, 1.1)],
  stale: [{ path: circle(12, 12, 3.1), dashes: '1.6 .83' }, { path: 'M12 10.5V12.1l1.1.6' }],
  judged: [{ path: circle(12, 12, 3.1), dashes: '1.6 .83' }, { path: 'M10.7 12.1l.9.9 1.7-1.9' }],
  cancelled: [{ path: circle(12, 12, 3.1) }, { path: 'M10.7 12h2.6' }],
};

/** How it went, as an icon of its own. */
export const statusGlyphs: Readonly<Record<Exclude<Mark, 'none'> | 'ok', Glyph>> = {
  ok: [{ path: 'M3.2 8.5l3.2 3.2 6.4-7' }],
  failed: [disc(6, 8, 'M8 7.15l2-2 .85.85-2 2 2 2-.85.85-2-2-2 2-.85-.85 2-2-2-2 .85-.85z')],
  recovered: [{ path: 'M12.9 6.3A5.3 5.3 0 1 0 13.1 9.7M13.3 2.7v3.8H9.5' }],
  running: [{ path: 'M8 2.4a5.6 5.6 0 1 1-5.2 3.5' }, dot(8, 8, 1.7)],
  stale: [{ path: circle(8, 8, 5.7), dashes: '2.1 1.48' }, { path: 'M8 4.9V8.2l2.1 1.2' }],
  judged: [{ path: circle(8, 8, 5.7), dashes: '2.1 1.48' }, { path: 'M5.4 8.2l1.9 1.9 3.4-3.9' }],
  cancelled: [{ path: circle(8, 8, 5.7) }, { path: 'M5.3 8h5.4' }],
};

/** The part of a kind's icon that a mark leaves free: everything but a disc around the mark. */
export const halo = { x: 12, y: 12, r: 4.7 } as const;

/**
 * The icon of a row as a whole SVG text, for a `data:` URI. The gap around the mark is a mask, not a
 * painted ring: the colour of the row behind it is not known.
 */
export function glyphSvg(
  kind: SpanKind,
  mark: Mark,
  colours: { readonly kind: string; readonly mark: string },
): string {
  const whole = draw(kindGlyphs[kind], colours.kind);
  if (mark === 'none') return wrap(whole);
  const gap = `<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16"><path fill="#fff" d="M0 0h16v16H0z"/><path fill="#000" d="${circle(halo.x, halo.y, halo.r)}"/></mask>`;
  return wrap(`${gap}<g mask="url(#m)">${whole}</g>${draw(markGlyphs[mark], colours.mark)}`);
}

const wrap = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke-width="1.2" stroke-linejoin="round">${content}</svg>`;

function draw(glyph: Glyph, colour: string): string {
  const paint = escaped(colour);
  return glyph
    .map(({ path, filled, dashes }) =>
      filled
        ? `<path d="${path}" fill="${paint}" fill-rule="evenodd"/>`
        : `<path d="${path}" stroke="${paint}" ${dashes ? `stroke-dasharray="${dashes}"` : 'stroke-linecap="round"'}/>`,
    )
    .join('');
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
