import { askedByWords, certaintyWords } from '../core/causeWords.ts';
import { oneLine } from '../core/describe.ts';
import { fillIn } from '../core/errors.ts';
import type { PlacedSpan, RecordedFailure } from '../core/recordedSpan.ts';
import { englishWords as words } from '../core/words.ts';

/** How a format writes what was recorded, and the sentences around it. */
export interface Writing {
  /** A sentence of ours, whose places are filled in afterwards. */
  readonly ours: (text: string) => string;
  readonly code: (recorded: string) => string;
  readonly strong: (text: string) => string;
  readonly linkTo: (span: PlacedSpan, name: string) => string;
}

/** What a span is called: a tool's by its tool, any other by its name. */
export const titleOf = ({ name, toolName }: Pick<PlacedSpan, 'name' | 'toolName'>): string =>
  oneLine(toolName ?? name).trim() || words.noName;

/** Where a run failed and what asked for that, as the inspector says it. */
export function failureSentences(
  { span, toolUseId, cause }: RecordedFailure,
  { ours, code, strong, linkTo }: Writing,
): { readonly failedAt: string; readonly cause: string } {
  const fill = (text: string, parts: readonly (string | number)[]): string =>
    fillIn(ours(text), parts);
  const failedAt = fill(words.failedAt, [linkTo(span, titleOf(span))]);
  if (!cause) return { failedAt, cause: ours(words.noCause) };
  const link = linkTo(cause.span, titleOf(cause.span));
  const name = cause.call === undefined ? link : fill(words.nameWithCall, [link, cause.call]);
  const asked = askedByWords(cause.rule, span, cause.span, words);
  const certainty = fill(certaintyWords(cause.rule, toolUseId, words), [
    code(oneLine(toolUseId ?? '', 60)),
  ]);
  return {
    failedAt,
    cause: `${fill(asked.text, [name, ours(asked.before)])} ${fill(words.ruleIs, [strong(cause.rule), certainty])}`,
  };
}
