import { leftOut } from './blocks.ts';
import { type Block, type Cut, cut, cutAfter, type Message } from './content.ts';

/** A reply holds at most about this many UTF-16 units of text, ... */
const charLimit = 1_000_000;
/** ... and this many blocks: each costs a message more than its text. */
const partLimit = 2_000;

/** Bounds a reply as a whole: where it is too long, the older messages are cut shorter than the recent ones. */
export function budget(messages: readonly Message[]): readonly Message[] {
  let chars = charLimit;
  let parts = partLimit;
  const shorten = (part: Block): Block => {
    if (part.type === 'text' || part.type === 'thinking') {
      return { ...part, text: shorter(part.text) };
    }
    if (part.type === 'json') return { ...part, json: shorter(part.json) };
    if (part.type === 'toolResult') return { ...part, blocks: shortenAll(part.blocks) };
    if (part.type !== 'toolUse') return part;
    const result = part.result && { ...part.result, blocks: shortenAll(part.result.blocks) };
    return { ...part, input: shorter(part.input), result };
  };
  const shortenAll = (blocks: readonly Block[]): readonly Block[] => {
    const shown: Block[] = [];
    for (const one of blocks) {
      // Each message keeps its first block, so that none looks empty.
      if (parts-- <= 0 && shown.length > 0) {
        const { type, text } = leftOut(blocks.length - shown.length);
        shown.push({ type, text: cut(text) });
        break;
      }
      shown.push(shorten(one));
    }
    return shown;
  };
  const shorter = (text: Cut): Cut => {
    const allowed = Math.max(200, Math.min(cutAfter, chars));
    chars -= Math.min(text.text.length, allowed);
    return text.text.length <= allowed ? text : { ...text, text: cut(text.text, allowed).text };
  };
  return [...messages]
    .reverse()
    .map(one => ({ ...one, blocks: shortenAll(one.blocks) }))
    .reverse();
}
