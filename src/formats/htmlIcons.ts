import { type Glyph, kindGlyphs, statusGlyphs } from '../core/glyphs.ts';
import type { SpanKind } from '../core/model.ts';

type Icon = SpanKind | `status-${keyof typeof statusGlyphs}`;

const drawn = (glyph: Glyph): string =>
  glyph
    .map(({ path, filled, dashes }) => {
      const how = filled ? ' class="area"' : dashes ? ` stroke-dasharray="${dashes}"` : '';
      return `<path d="${path}"${how}/>`;
    })
    .join('');

/** The drawings of all icons, once: each row only names one. */
export function iconDrawings(): string {
  const all = [
    ...Object.entries(kindGlyphs),
    ...Object.entries(statusGlyphs).map(([name, glyph]) => [`status-${name}`, glyph] as const),
  ];
  const symbols = all.map(
    ([name, glyph]) => `<symbol id="icon-${name}" viewBox="0 0 16 16">${drawn(glyph)}</symbol>`,
  );
  return `<svg class="none" aria-hidden="true">${symbols.join('')}</svg>`;
}

/** @param word what it says, where no word beside it does */
export function icon(name: Icon, word?: string): string {
  const says = word === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${word}"`;
  return `<svg class="icon" ${says}><use href="#icon-${name}"/></svg>`;
}
