import { createElement, memo, useEffect, useMemo, useState } from 'react';
import { useWords } from '../app/page.tsx';
import { Prose } from '../ui/Code.tsx';
import { keyed } from '../ui/keyed.ts';
import { ColouredCode } from './ColouredCode.tsx';
import { Inlines } from './Inlines.tsx';
import { markdownParser, useLazy } from './load.ts';
import { type BlockNode, type Item, longestMarkdown, type Part } from './tree.ts';
import './markdown.css';

// A step of drawing holds the page for a few milliseconds; the next one waits for its turn.
const partsPerStep = 30;
const charsPerStep = 8_000;

/** A recorded text as Markdown. Until its reader is loaded, and where it cannot be read so, as it is. */
export function Markdown({ text }: { readonly text: string }) {
  const words = useWords();
  const tooLong = text.length > longestMarkdown;
  const parser = useLazy(markdownParser, !tooLong);
  const parts = useMemo(
    () => (tooLong ? undefined : parser?.parseMarkdown(text)),
    [parser, text, tooLong],
  );
  if (parts) return <Parts key={text} parts={parts} />;
  return (
    <>
      {(tooLong || parser) && (
        <p className="markdown-note small second">
          {tooLong ? words.tooLongForMarkdown : words.tooDeepForMarkdown}
        </p>
      )}
      <Prose text={text} />
    </>
  );
}

function Parts({ parts }: { readonly parts: readonly Part[] }) {
  const [count, setCount] = useState(() => stepFrom(parts, 0));
  useEffect(() => {
    if (count >= parts.length) return;
    const timer = setTimeout(() => setCount(stepFrom(parts, count)));
    return () => clearTimeout(timer);
  }, [count, parts]);
  return (
    <div className="markdown" dir="auto">
      {keyed(parts.slice(0, count)).map(({ key, item }) => (
        <OnePart key={key} part={item} />
      ))}
    </div>
  );
}

/** How many parts are drawn after one more step. */
function stepFrom(parts: readonly Part[], from: number): number {
  let chars = 0;
  for (let at = from; at < parts.length; at++) {
    chars += parts[at]?.chars ?? 0;
    if (at - from >= partsPerStep || chars > charsPerStep) return at + 1;
  }
  return parts.length;
}

const OnePart = memo(({ part }: { readonly part: Part }) => <Blocks nodes={part.nodes()} />);

export function Blocks({ nodes }: { readonly nodes: readonly BlockNode[] }) {
  return keyed(nodes).map(({ key, item }) => <OneBlock key={key} node={item} />);
}

function OneBlock({ node }: { readonly node: BlockNode }) {
  switch (node.kind) {
    case 'paragraph':
      return (
        <p dir="auto">
          <Inlines nodes={node.children} />
        </p>
      );
    case 'heading':
      // The page's own headings are the first two levels.
      return createElement(
        `h${Math.min(6, node.level + 2)}`,
        { className: `markdown-h${Math.min(3, node.level)}`, dir: 'auto' },
        <Inlines nodes={node.children} />,
      );
    case 'quote':
      return (
        <blockquote dir="auto">
          <Blocks nodes={node.children} />
        </blockquote>
      );
    case 'list':
      return <List node={node} />;
    case 'fence':
      return (
        <div className="fence">
          <ColouredCode text={node.text} language={node.language} />
        </div>
      );
    case 'table':
      return <Table node={node} />;
    case 'rule':
      return <hr />;
    case 'plain':
      return <Prose text={node.text} />;
  }
}

function List({ node }: { readonly node: Extract<BlockNode, { kind: 'list' }> }) {
  const items = keyed(node.items).map(({ key, item }) => (
    <li key={key} dir="auto" className={item.done === undefined ? undefined : 'task'}>
      <Task item={item} />
      <ItemText item={item} />
    </li>
  ));
  return node.ordered ? <ol start={node.start}>{items}</ol> : <ul>{items}</ul>;
}

function Task({ item }: { readonly item: Item }) {
  const words = useWords();
  if (item.done === undefined) return null;
  return (
    <span role="img" className="task-box" aria-label={item.done ? words.taskDone : words.taskOpen}>
      {item.done ? '☑' : '☐'}
    </span>
  );
}

/** An item that is one paragraph stands without the space around paragraphs. */
function ItemText({ item }: { readonly item: Item }) {
  const [first, ...rest] = item.children;
  if (first?.kind !== 'paragraph') return <Blocks nodes={item.children} />;
  return (
    <>
      <Inlines nodes={first.children} />
      <Blocks nodes={rest} />
    </>
  );
}

function Table({ node }: { readonly node: Extract<BlockNode, { kind: 'table' }> }) {
  const cell = (index: number) => ({
    className: `cell-${node.align[index] ?? 'start'}`,
    dir: 'auto' as const,
  });
  return (
    <div className="markdown-table">
      <table>
        <thead>
          <tr>
            {keyed(node.head).map(({ key, item }) => (
              <th key={key} scope="col" {...cell(Number(key))}>
                <Inlines nodes={item} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(node.rows).map(({ key, item: row }) => (
            <tr key={key}>
              {keyed(row).map(({ key: column, item }) => (
                <td key={column} {...cell(Number(column))}>
                  <Inlines nodes={item} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
