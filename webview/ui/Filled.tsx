import { createElement, Fragment, type ReactNode } from 'react';

/** Puts parts of a page in the places `{0}`, `{1}`, … of a text, so that sentences are never glued. */
export function Filled({
  text,
  parts,
}: {
  readonly text: string;
  readonly parts: readonly ReactNode[];
}) {
  const pieces = text.split(/\{(\d+)\}/).map((piece, i) => (i % 2 ? parts[Number(piece)] : piece));
  return createElement(Fragment, null, ...pieces);
}
