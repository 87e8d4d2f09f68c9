import { collapse } from '../ui/reflow.ts';
import { type JsonNode, jsonRoot, type Members, membersOf } from './nodes.ts';

/** How a tree is unfolded. Nodes are named by the place of their first character. */
export interface Unfolded {
  readonly open: ReadonlySet<number>;
  /** How many parts of a node are shown, where it is not the first step. */
  readonly shown: ReadonlyMap<number, number>;
}

export type TreeRow =
  | {
      readonly type: 'node';
      readonly node: JsonNode;
      readonly depth: number;
      /** Undefined for what does not unfold. */
      readonly open: boolean | undefined;
      /** Parts of an object or list. */
      readonly total: number;
      /** A small object or list on one line, or the text of any other value; of what is folded its beginning. */
      readonly text: string;
      readonly place: number;
      readonly siblings: number;
      readonly comma: boolean;
    }
  | {
      readonly type: 'close';
      readonly node: JsonNode;
      readonly depth: number;
      readonly comma: boolean;
    }
  | {
      readonly type: 'more';
      readonly node: JsonNode;
      readonly depth: number;
      readonly shown: number;
      readonly total: number;
    };

/** Parts of one node that come into the page at a time. */
export const pageSize = 100;
const oneLine = 72;

const hasParts = ({ kind }: JsonNode): boolean => kind === 'object' || kind === 'list';

/** One JSON text as a tree; what was counted once is kept. */
export class JsonText {
  readonly text: string;
  readonly root: JsonNode;
  private readonly known = new Map<number, Members>();

  private constructor(text: string, root: JsonNode) {
    this.text = text;
    this.root = root;
  }

  /** Undefined for a text that is no object or list, nor the beginning of one. */
  static of(text: string): JsonText | undefined {
    const root = jsonRoot(text);
    return root && new JsonText(text, root);
  }

  members(node: JsonNode, limit: number): Members {
    const known = this.known.get(node.from);
    if (known && known.nodes.length >= Math.min(limit, known.total)) return known;
    const found = membersOf(this.text, node, limit);
    this.known.set(node.from, found);
    return found;
  }

  /** A node as one short line; undefined where it is too long or cut off. */
  flat(node: JsonNode): string | undefined {
    if (!hasParts(node)) return this.text.slice(node.from, node.to);
    if (node.cut || node.to - node.from > oneLine * 4) return undefined;
    const line = collapse(this.text.slice(node.from, node.to), oneLine);
    return line.includes('\n') || line.length > oneLine ? undefined : line;
  }

  /** The beginning of what is folded, on one line. */
  preview(node: JsonNode): string {
    const begin = this.text.slice(node.from, Math.min(node.to, node.from + oneLine * 4));
    const line = begin.replace(/\s+/g, ' ');
    return line.length <= oneLine - 16 ? line : `${line.slice(0, oneLine - 16)}…`;
  }

  /** As much of the tree as fits into so many rows, level by level. */
  unfolded(rows: number): Unfolded {
    const open = new Set<number>([this.root.from]);
    const shown = new Map<number, number>();
    const first = this.members(this.root, pageSize);
    const fits = Math.max(3, Math.min(pageSize, rows - 1));
    if (first.total > fits) shown.set(this.root.from, fits);
    let left = rows - Math.min(first.total, fits) - 1;
    let level = first.nodes.slice(0, fits);
    while (level.length > 0 && left > 0) {
      const next: JsonNode[] = [];
      for (const node of level) {
        if (!hasParts(node) || this.flat(node) !== undefined) continue;
        const { nodes, total } = this.members(node, pageSize);
        if (total + 1 > left) continue;
        left -= total + 1;
        open.add(node.from);
        next.push(...nodes);
      }
      level = next;
    }
    return { open, shown };
  }

  rows(unfolded: Unfolded): readonly TreeRow[] {
    const rows: TreeRow[] = [];
    // Deep texts unfold level by level under the user's hand, so this may recurse no deeper than they went.
    const visit = (node: JsonNode, depth: number, place: number, siblings: number): void => {
      const comma = place < siblings;
      const flat = node === this.root ? undefined : this.flat(node);
      const unfolds = hasParts(node) && flat === undefined;
      const open = unfolds ? unfolded.open.has(node.from) : undefined;
      const wanted = unfolded.shown.get(node.from) ?? pageSize;
      const { nodes, total } = unfolds
        ? this.members(node, open ? wanted : 0)
        : { nodes: [], total: 0 };
      const text = flat ?? (open === false ? this.preview(node) : '');
      rows.push({ type: 'node', node, depth, open, total, text, place, siblings, comma });
      if (!open) return;
      const parts = nodes.slice(0, wanted);
      for (const [index, part] of parts.entries()) visit(part, depth + 1, index + 1, total);
      if (total > parts.length) {
        rows.push({ type: 'more', node, depth: depth + 1, shown: parts.length, total });
      }
      rows.push({ type: 'close', node, depth, comma });
    };
    visit(this.root, 0, 1, 1);
    return rows;
  }
}
