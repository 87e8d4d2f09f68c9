import type { PromptTexts, SaidText } from '../core/promptTexts.ts';

/** What of a prompt stands above already, and in which span: byte by byte the same, or it is written again. */
export interface Repeats {
  readonly system: number | undefined;
  readonly tools: number | undefined;
  readonly settings: number | undefined;
  /** As many of the first messages as an earlier prompt began with. */
  readonly messages:
    | { readonly count: number; readonly place: number; readonly of: number }
    | undefined;
}

interface Kept {
  readonly place: number;
  readonly parentId: string | undefined;
  readonly messages: readonly SaidText[];
  readonly chars: number;
}

// Of prompts that came by, in characters: a run may have gigabytes of them.
const mostChars = 8_000_000;
/** Conversations that go on side by side, such as those of agents in parallel. */
const mostPrompts = 20;

/** Remembers the prompts of a run that came last, so that each new one tells what it repeats. */
export function repeats(): (
  place: number,
  parentId: string | undefined,
  prompt: PromptTexts,
) => Repeats {
  const texts = new Map<string, number>();
  let textChars = 0;
  let prompts: Kept[] = [];
  const placeOf = (kind: string, of: string | undefined, place: number): number | undefined => {
    if (of === undefined) return undefined;
    const text = `${kind}\n${of}`;
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (textChars + text.length > mostChars) {
      texts.clear();
      textChars = 0;
    }
    textChars += text.length;
    texts.set(text, place);
    return undefined;
  };
  return (place, parentId, { system, tools, settings, messages }) => {
    let best: Repeats['messages'];
    // The last of the same branch first: of prompts that say as much, that is the one to look at.
    const own = prompts.filter(one => one.parentId === parentId);
    for (const one of [...own.reverse(), ...prompts.filter(other => !own.includes(other))]) {
      const count = sameBeginning(one.messages, messages);
      if (count > (best?.count ?? 0)) {
        best = { count, place: one.place, of: one.messages.length };
      }
    }
    const chars = messages.reduce(
      (sum, { text, unwritten }) => sum + text.length + unwritten.length,
      0,
    );
    // The conversation that it goes on with is told by this one from now on.
    const continued = best && best.count === best.of ? best.place : undefined;
    prompts = prompts.filter(one => one.place !== continued);
    prompts.push({ place, parentId, messages, chars });
    let left = prompts.reduce((sum, one) => sum + one.chars, 0);
    while (prompts.length > mostPrompts || (left > mostChars && prompts.length > 0)) {
      left -= prompts.shift()?.chars ?? 0;
    }
    return {
      system: placeOf('system', system, place),
      tools: placeOf('tools', tools, place),
      settings: placeOf('settings', settings, place),
      messages: best,
    };
  };
}

function sameBeginning(a: readonly SaidText[], b: readonly SaidText[]): number {
  let count = 0;
  while (count < a.length && count < b.length && isSame(a[count], b[count])) count++;
  return count;
}

const isSame = (a: SaidText | undefined, b: SaidText | undefined): boolean =>
  a?.role === b?.role && a?.text === b?.text && a?.unwritten === b?.unwritten;
