import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { useWords } from '../app/page.tsx';
import { keyed } from '../ui/keyed.ts';
import type { Inline } from './tree.ts';

/** Text with its marks. Only what `href` is set for becomes a link; nothing is ever loaded. */
export function Inlines({ nodes }: { readonly nodes: readonly Inline[] }) {
  return keyed(nodes).map(({ key, item }) =>
    typeof item === 'string' ? item : <OneInline key={key} node={item} />,
  );
}

function OneInline({ node }: { readonly node: Exclude<Inline, string> }) {
  switch (node.kind) {
    case 'break':
      return <br />;
    case 'code':
      return <code className="inline-code">{node.text}</code>;
    case 'strong':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inlines nodes={node.children} />
        </del>
      );
    case 'link':
      return <LinkText node={node} />;
    case 'image':
      return <ImageText node={node} />;
  }
}

/** VS Code asks before it opens an address; here one sees where it goes. */
function LinkText({ node }: { readonly node: Extract<Inline, { kind: 'link' }> }) {
  const content = <Inlines nodes={node.children} />;
  if (node.href !== undefined) {
    return (
      <a href={node.href} title={oneLine(node.href)}>
        {content}
      </a>
    );
  }
  return (
    <span>
      {content} <span className="second">({oneLine(node.target)})</span>
    </span>
  );
}

function ImageText({ node }: { readonly node: Extract<Inline, { kind: 'image' }> }) {
  const words = useWords();
  const alt = oneLine(node.alt) || words.imageWithoutWords;
  return <span className="second">{fillIn(words.markdownImage, [alt, oneLine(node.target)])}</span>;
}
