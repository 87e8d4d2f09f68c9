import { isolated, oneLine } from '../../src/core/describe.ts';
import type { Span } from '../../src/core/model.ts';
import type { Words } from '../../src/core/words.ts';

/** What a span is called in titles: a tool span by its tool, any other by its name. */
export function titleOf(span: Pick<Span, 'name' | 'toolName'>, words: Words): string {
  return isolated(oneLine(span.toolName ?? span.name).trim()) || words.noName;
}
