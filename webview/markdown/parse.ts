// Loaded when the first Markdown is shown: markdown-it is a third of the page's own code.
import MarkdownIt, { type Token } from 'markdown-it';
import { inlines } from './inlines.ts';
import type { Align, BlockNode, Inline, Item, Part } from './tree.ts';

// Reading one paragraph takes time by the square of its length for hostile ones (`![![![…`).
const longestBlock = 10_000;
/** Parts of more tokens, such as lists of thousands of items, are drawn in one go and so stay as they are. */
const longestPart = 2_000;
/** Deeper blocks are dropped by the parser, and nothing that was recorded may be dropped. */
const maxNesting = 60;

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// `[User]: yes` is a link's definition to Markdown, and would not be drawn at all.
parser.block.ruler.disable('reference');
// What may be a link is decided where elements are made; until then targets stay as they were written.
parser.validateLink = () => true;
parser.normalizeLink = target => target;
parser.normalizeLinkText = target => target;

type Environment = Record<string, unknown>;

const rules = parser.core.ruler.getRules('');

/** The parts of a text; undefined where it nests too deeply to be shown other than as it is. */
export function parseMarkdown(text: string): readonly Part[] | undefined {
  const environment: Environment = {};
  const state = new parser.core.State(text, parser, environment);
  // The first two rules find the blocks; the others read what is in them, which is done part by part.
  for (const rule of rules.slice(0, 2)) rule(state);
  const { tokens } = state;
  if (tokens.some(token => token.level >= maxNesting - 1)) return undefined;
  const lines = state.src.split('\n');
  return groups(tokens).map(group => {
    const [from, to] = group[0]?.map ?? [0, 0];
    const source = lines.slice(from, to).join('\n').trimEnd();
    const isLong = group.length > longestPart;
    let nodes: readonly BlockNode[] | undefined = isLong
      ? [{ kind: 'plain', text: source }]
      : undefined;
    return {
      chars: source.length,
      nodes() {
        nodes ??= read(group, environment);
        return nodes;
      },
    };
  });
}

function groups(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) found.push([]);
    found.at(-1)?.push(token);
    depth += token.nesting;
  }
  return found;
}

function read(group: readonly Token[], environment: Environment): readonly BlockNode[] {
  const state = new parser.core.State('', parser, environment);
  // A long paragraph keeps its text instead of being read.
  state.tokens = group.filter(token => token.content.length <= longestBlock);
  for (const rule of rules.slice(2)) rule(state);
  return new Builder(group).blocks();
}

class Builder {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** Blocks up to the end of the one that is open. Nesting is bounded, so it may recurse. */
  blocks(): readonly BlockNode[] {
    const found: BlockNode[] = [];
    for (let token = this.next(); token && token.nesting >= 0; token = this.next()) {
      const node = this.block(token);
      if (node) found.push(node);
    }
    return found;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private block(token: Token): BlockNode | undefined {
    switch (token.type) {
      case 'paragraph_open':
        return this.withText(children => ({ kind: 'paragraph', children }));
      case 'heading_open': {
        const level = Number(token.tag.slice(1));
        return this.withText(children => ({ kind: 'heading', level, children }));
      }
      case 'blockquote_open':
        return { kind: 'quote', children: this.blocks() };
      case 'bullet_list_open':
      case 'ordered_list_open':
        return {
          kind: 'list',
          ordered: token.type === 'ordered_list_open',
          start: Number(token.attrGet('start') ?? 1),
          items: this.items(),
        };
      case 'fence':
      case 'code_block': {
        const language = token.info.trim().split(/\s+/)[0] ?? '';
        return { kind: 'fence', language, text: token.content.replace(/\n$/, '') };
      }
      case 'table_open':
        return this.table();
      case 'hr':
        return { kind: 'rule' };
      case 'inline':
        return { kind: 'plain', text: token.content };
    }
    return token.content === '' ? undefined : { kind: 'plain', text: token.content };
  }

  private withText(make: (children: readonly Inline[]) => BlockNode): BlockNode {
    const text = this.next();
    this.next();
    if (text && text.content.length > longestBlock) return { kind: 'plain', text: text.content };
    return make(inlines(text?.children ?? []));
  }

  private items(): readonly Item[] {
    const found: Item[] = [];
    for (let token = this.next(); token && token.nesting >= 0; token = this.next()) {
      found.push(asTask(this.blocks()));
    }
    return found;
  }

  private table(): BlockNode {
    const align: Align[] = [];
    const rows: (readonly Inline[])[][] = [];
    for (let token = this.next(); token && token.type !== 'table_close'; token = this.next()) {
      if (token.type === 'tr_open') rows.push([]);
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      if (token.type === 'th_open') align.push(alignOf(String(token.attrGet('style'))));
      rows.at(-1)?.push(inlines(this.next()?.children ?? []));
    }
    const [head = [], ...body] = rows;
    return { kind: 'table', align, head, rows: body };
  }
}

function alignOf(style: string): Align {
  const side = /text-align:(left|center|right)/.exec(style)?.[1];
  return side === 'left'
    ? 'start'
    : side === 'right'
      ? 'end'
      : side === 'center'
        ? side
        : undefined;
}

/** `[x] done`, as GitHub writes tasks. */
function asTask(children: readonly BlockNode[]): Item {
  const [first, ...rest] = children;
  const [text, ...more] = first?.kind === 'paragraph' ? first.children : [];
  const task = typeof text === 'string' ? /^\[([ xX])\]\s+/.exec(text) : null;
  if (!task || typeof text !== 'string') return { done: undefined, children };
  const paragraph = { kind: 'paragraph', children: [text.slice(task[0].length), ...more] } as const;
  return { done: task[1] !== ' ', children: [paragraph, ...rest] };
}
