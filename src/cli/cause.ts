import type { CauseRule } from '../core/causality.ts';
import { oneLine } from '../core/describe.ts';
import { formatDuration } from '../core/format.ts';
import { englishWords } from '../core/words.ts';
import { spanStatus } from './cells.ts';
import { spanName } from './failed.ts';
import type { Session } from './session.ts';
import { styled, type Terminal } from './terminal.ts';

/** The cause of a span as `--json` prints it. Scripts depend on these names and their order. */
export async function listCause(session: Session, id: string): Promise<unknown> {
  const spanId = await session.findSpan(id);
  const cause = await session.reader.cause(session.file, spanId);
  return { spanId, causeSpanId: cause?.spanId ?? null, rule: cause?.rule ?? null };
}

const ruleWords: Readonly<Record<CauseRule, string>> = {
  'tool-use-id': englishWords.ruleToolUseIdPlain,
  ancestor: englishWords.ruleAncestor,
  preceding: englishWords.rulePreceding,
  descendant: englishWords.ruleDescendant,
};

export async function showCause(session: Session, id: string, terminal: Terminal): Promise<string> {
  const { reader, file, clock } = session;
  const spanId = await session.findSpan(id);
  const { span } = await reader.span(file, spanId, clock);
  const status = spanStatus(span);
  const lines = [
    `${styled(terminal, 'bold', spanName(span))}  ${styled(terminal, status.style, status.text)}  ${styled(terminal, 'dim', oneLine(spanId))}`,
  ];
  if (span.error) lines.push(`  ${styled(terminal, 'red', oneLine(span.error))}`);
  const cause = await reader.cause(file, spanId);
  if (!cause) return `${[...lines, englishWords.noCause].join('\n')}\n`;
  const { span: asking } = await reader.span(file, cause.spanId, clock);
  const how = cause.rule === 'descendant' ? 'ended on the answer of' : 'asked for by';
  const ahead =
    span.start === undefined || asking.end === undefined || asking.end > span.start
      ? ''
      : `, ended ${formatDuration(span.start - asking.end)} before`;
  return `${[
    ...lines,
    `${how} ${styled(terminal, 'bold', spanName(asking))}${ahead}  ${styled(terminal, 'dim', oneLine(cause.spanId))}`,
    `  ${cause.rule}: ${ruleWords[cause.rule]}`,
  ].join('\n')}\n`;
}
