import type { CauseRule } from './causality.ts';
import { formatDuration } from './format.ts';
import type { Span } from './model.ts';
import type { Words } from './words.ts';

/** Who asked for a failure: `{0}` is for the name of the cause, `{1}` for `before`, how long before that was. */
export function askedByWords(
  rule: CauseRule,
  failed: Pick<Span, 'start'>,
  cause: Pick<Span, 'end'>,
  words: Words,
): { readonly text: string; readonly before: string } {
  const gap =
    failed.start !== undefined && cause.end !== undefined ? failed.start - cause.end : undefined;
  const before = gap === undefined ? '' : formatDuration(gap);
  if (rule === 'descendant') return { text: words.endedOn, before };
  if (rule === 'preceding' && gap !== undefined) return { text: words.ranAfter, before };
  return { text: gap !== undefined && gap >= 0 ? words.askedByBefore : words.askedBy, before };
}

/** How certain a cause is; `{0}` is for the id that both sides recorded. */
export function certaintyWords(rule: CauseRule, useId: string | undefined, words: Words): string {
  switch (rule) {
    case 'tool-use-id':
      return useId ? words.ruleToolUseId : words.ruleToolUseIdPlain;
    case 'ancestor':
      return words.ruleAncestor;
    case 'descendant':
      return words.ruleDescendant;
    case 'preceding':
      return words.rulePreceding;
  }
}
