import type { Block } from '../../src/core/content.ts';
import { CutText } from '../ui/CutText.tsx';
import { keyed } from '../ui/keyed.ts';

/** Thinking and words of an answer. Nothing is folded here: it is what one came for. */
export function Reasoned({ blocks }: { readonly blocks: readonly Block[] }) {
  return keyed(blocks).map(({ key, item }) =>
    item.type === 'thinking' || item.type === 'text' ? (
      <div key={key} className={item.type === 'thinking' ? 'reasoned-thinking' : 'reasoned-text'}>
        <CutText cut={item.text} look="prose" lines={8} />
      </div>
    ) : null,
  );
}
