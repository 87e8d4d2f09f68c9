import { createElement, memo, type ReactNode, useState } from 'react';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import { useWords } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { jsonPieces } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type JsonText, pageSize, type TreeRow } from './rows.ts';
import { rowKey, useTree } from './useTree.ts';
import './json.css';

/** JSON as it was recorded, character by character, with objects and lists that fold. */
export function JsonTree({
  json,
  rowsAtFirst,
  label,
}: {
  readonly json: JsonText;
  readonly rowsAtFirst: number;
  readonly label: string;
}) {
  const { rows, current, place, ...handlers } = useTree(json, rowsAtFirst);
  const focused = current && rowKey(current);
  return (
    <div
      className="json-tree code"
      role="tree"
      tabIndex={-1}
      aria-label={label}
      dir="ltr"
      ref={place}
      {...handlers}
    >
      {rows.map(row => {
        const key = rowKey(row);
        return <Row key={key} row={row} stop={key === focused} />;
      })}
    </div>
  );
}

function Row({
  row,
  stop,
}: {
  readonly row: TreeRow;
  /** The one row of the tree that Tab reaches. */
  readonly stop: boolean;
}) {
  const indent = { paddingInlineStart: `${16 + Math.min(row.depth, 40) * 14}px` };
  if (row.type === 'close') {
    const end = row.node.cut ? '…' : row.node.kind === 'object' ? '}' : ']';
    return (
      <div className="json-row" role="none" aria-hidden style={indent}>
        {row.comma && !row.node.cut ? `${end},` : end}
      </div>
    );
  }
  const isNode = row.type === 'node';
  const open = isNode ? row.open : undefined;
  return (
    <div
      className={rowClass(row)}
      role="treeitem"
      tabIndex={stop ? 0 : -1}
      data-row={rowKey(row)}
      aria-level={row.depth + 1}
      aria-expanded={open}
      aria-posinset={isNode ? row.place : undefined}
      aria-setsize={isNode ? row.siblings : undefined}
      style={indent}
    >
      {open !== undefined && <Icon name={open ? 'down' : 'right'} className="json-twistie" />}
      {isNode ? <NodeText row={row} /> : <More row={row} />}
    </div>
  );
}

function rowClass(row: TreeRow): string {
  if (row.type !== 'node') return 'json-row json-folds';
  if (row.open === undefined) return 'json-row';
  return row.open ? 'json-row json-folds' : 'json-row json-folds json-folded';
}

function More({ row }: { readonly row: Extract<TreeRow, { type: 'more' }> }) {
  const words = useWords();
  const left = row.total - row.shown;
  const figures = [integer(Math.min(pageSize, left)), integer(left)];
  return <span className="link">{fillIn(words.showMoreOf, figures)}</span>;
}

const NodeText = memo(({ row }: { readonly row: Extract<TreeRow, { type: 'node' }> }) => {
  const words = useWords();
  const { node, open, total } = row;
  const from = node.kind === 'object' ? '{' : '[';
  const comma = row.comma ? ',' : '';
  const key =
    node.key === undefined ? null : (
      <>
        <span className="json-key">{node.key}</span>
        {': '}
      </>
    );
  if (open === undefined) {
    return (
      <>
        {key}
        <Value text={row.text} />
        {comma}
      </>
    );
  }
  const unit = node.kind === 'object' ? 'jsonKeys' : 'jsonItems';
  const count = node.cut
    ? fillIn(words[`${unit}Many`], [fillIn(words.orMore, [integer(total)])])
    : counted(words, unit, total);
  return (
    <>
      {key}
      {open ? from : createElement('span', {}, ...jsonPieces(row.text))}
      {!open && <span className="second small json-count">{count}</span>}
    </>
  );
});

const shortValue = 400;
const valueStep = 20_000;

/** A value that is not unfolded; a long one shows its beginning and how much follows. */
function Value({ text }: { readonly text: string }) {
  const words = useWords();
  const [limit, setLimit] = useState(shortValue);
  const shown = text.length <= limit ? text : text.slice(0, limit);
  const content: readonly ReactNode[] = jsonPieces(shown);
  return (
    <>
      {createElement('span', {}, ...content)}
      {shown.length < text.length && (
        <>
          {'… '}
          <Link onClick={() => setLimit(limit + valueStep)}>
            {fillIn(words.showMoreText, [formatBytes(text.length - shown.length)])}
          </Link>
        </>
      )}
    </>
  );
}
