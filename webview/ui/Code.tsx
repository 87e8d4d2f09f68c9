import { createContext, createElement, type ReactNode, useContext, useMemo } from 'react';
import { jsonTokens } from './jsonTokens.ts';
import { splitMarks, withEscaped } from './marks.ts';
import './code.css';

/** Values that are followed through a view: marked wherever they stand. */
export const MarksContext = createContext<readonly string[]>([]);

export function Code({ text, json }: { readonly text: string; readonly json: boolean }) {
  const values = useContext(MarksContext);
  const content = useMemo(
    () =>
      chunked(text, (part, from) => (json && from < coloured ? jsonContent : marked)(part, values)),
    [text, json, values],
  );
  // Spread, so that thousands of tokens need no keys.
  return createElement('code', { className: 'code', dir: 'ltr' }, ...content);
}

export function Prose({ text }: { readonly text: string }) {
  const values = useContext(MarksContext);
  const content = useMemo(() => chunked(text, part => marked(part, values)), [text, values]);
  return createElement(
    'div',
    { className: text.length > chunkLength ? 'prose prose-long' : 'prose', dir: 'auto' },
    ...content,
  );
}

/** A short piece of JSON in its colours. */
export const jsonPieces = (text: string): readonly ReactNode[] => jsonContent(text, []);

const coloured = 60_000;
const chunkLength = 8_000;

/**
 * A long text in pieces: what is out of sight is not laid out until it is scrolled to. A piece ends with a
 * line; within an endless line, which takes the browser seconds, it ends with a word or anywhere.
 */
function chunked(text: string, content: (part: string, from: number) => ReactNode[]): ReactNode[] {
  if (text.length <= chunkLength * 2) return content(text, 0);
  const chunks: ReactNode[] = [];
  for (let from = 0; from < text.length; ) {
    const to = chunkEnd(text, from);
    const part = content(text.slice(from, to), from);
    chunks.push(createElement('span', { className: 'text-chunk' }, ...part));
    from = text[to] === '\n' ? to + 1 : to;
  }
  return chunks;
}

function chunkEnd(text: string, from: number): number {
  const least = from + chunkLength;
  if (text.length - from <= chunkLength * 2) return text.length;
  const line = text.slice(least, least + chunkLength).indexOf('\n');
  if (line >= 0) return least + line;
  const space = text.slice(least, least + chunkLength).indexOf(' ');
  const end = space >= 0 ? least + space + 1 : least + chunkLength;
  return /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end;
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
