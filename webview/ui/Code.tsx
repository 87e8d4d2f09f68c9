import { createContext, createElement, type ReactNode, useContext, useMemo } from 'react';
import { jsonTokens } from './jsonTokens.ts';
import { splitMarks, withEscaped } from './marks.ts';
import './code.css';

/** Values that are followed through a view: marked wherever they stand. */
export const MarksContext = createContext<readonly string[]>([]);

export function Code({ text, json }: { readonly text: string; readonly json: boolean }) {
  const values = useContext(MarksContext);
  const content = useMemo(
    () => (json ? jsonContent(text, values) : marked(text, values)),
    [text, json, values],
  );
  // Spread, so that thousands of tokens need no keys.
  return createElement('code', { className: 'code', dir: 'ltr' }, ...content);
}

export function Prose({ text }: { readonly text: string }) {
  const values = useContext(MarksContext);
  return createElement('div', { className: 'prose', dir: 'auto' }, ...marked(text, values));
}

function jsonContent(text: string, values: readonly string[]): ReactNode[] {
  const escaped = withEscaped(values);
  return jsonTokens(text).map(({ kind, text: piece }) => {
    const content = marked(piece, escaped);
    return kind === 'plain'
      ? content.length === 1
        ? content[0]
        : createElement('span', {}, ...content)
      : createElement('span', { className: `json-${kind}` }, ...content);
  });
}

function marked(text: string, values: readonly string[]): ReactNode[] {
  if (values.length === 0) return [text];
  return splitMarks(text, values).map(piece =>
    piece.marked ? createElement('mark', { className: 'followed' }, piece.text) : piece.text,
  );
}
