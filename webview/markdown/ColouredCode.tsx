import { createElement, useMemo } from 'react';
import { longestCode } from './codePieces.ts';
import { highlighter, useLazy } from './load.ts';

/** Code in the colours of its language, once they are loaded; the same code without them before. */
export function ColouredCode({
  text,
  language,
}: {
  readonly text: string;
  readonly language: string;
}) {
  const wanted = language !== '' && text.length <= longestCode;
  const colours = useLazy(highlighter, wanted);
  const pieces = useMemo(
    () => (wanted ? colours?.highlight(text, language.toLowerCase()) : undefined),
    [colours, text, language, wanted],
  );
  const content = pieces?.map(({ text: piece, role }) =>
    role === undefined ? piece : createElement('span', { className: `code-${role}` }, piece),
  ) ?? [text];
  // Spread, so that thousands of pieces need no keys.
  return createElement('code', { className: 'code', dir: 'ltr' }, ...content);
}
