import type { Token } from 'markdown-it';
import type { Inline } from './tree.ts';

const marks = { strong_open: 'strong', em_open: 'em', s_open: 'del' } as const;

/** What stands inside a paragraph. A token of a kind that is not known keeps its text. */
export function inlines(tokens: readonly Token[]): readonly Inline[] {
  const root: Inline[] = [];
  const open: Inline[][] = [root];
  const into = (): Inline[] => open.at(-1) ?? root;
  for (const token of tokens) {
    if (token.nesting < 0) {
      if (open.length > 1) open.pop();
      continue;
    }
    if (token.nesting > 0) {
      const children: Inline[] = [];
      const kind = Object.entries(marks).find(([type]) => type === token.type)?.[1];
      const target = String(token.attrGet('href') ?? '');
      into().push(
        kind ? { kind, children } : { kind: 'link', href: linked(target), target, children },
      );
      open.push(children);
      continue;
    }
    into().push(...leaf(token));
  }
  return root;
}

function leaf(token: Token): readonly Inline[] {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'break' }];
    case 'code_inline':
      return [{ kind: 'code', text: token.content }];
    case 'image':
      return [{ kind: 'image', alt: token.content, target: String(token.attrGet('src') ?? '') }];
  }
  return token.content === '' ? [] : [token.content];
}

const schemes: readonly string[] = ['http:', 'https:', 'mailto:'];

/**
 * The address of a link that the page may have. Judged as browsers read it: they take line ends and tabs
 * out of `java\nscript:` before they look at its scheme.
 */
export function linked(target: string): string | undefined {
  try {
    const url = new URL(target);
    return target.length <= 4000 && schemes.includes(url.protocol) ? url.href : undefined;
  } catch {
    // Relative to what? A recorded text has no place of its own.
    return undefined;
  }
}
