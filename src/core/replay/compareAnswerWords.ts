import { fillIn } from '../errors.ts';
import { formatCost, formatDuration, formatShare, formatSigned, integer, none } from '../format.ts';
import type { Agreement } from './agreement.ts';
import type { CallWords } from './callWords.ts';
import type { AnswerComparison, Figure, ToolChange } from './compareAnswers.ts';

/** What two answers have and have not in common, a sentence each; figures come beside it. */
export function comparisonLines(
  { same, text, tools, toolsSame, stopReason }: AnswerComparison,
  words: CallWords,
): readonly string[] {
  const lines: string[] = [same ? words.sameAnswer : words.otherAnswer];
  lines.push(
    text ? fillIn(words.textDiffers, [text.at, text.recorded, text.replayed]) : words.sameText,
  );
  if (tools.length === 0) lines.push(words.noTools);
  else if (toolsSame) {
    lines.push(fillIn(words.sameTools, [tools.map(one => one.name).join(', ')]));
  } else {
    for (const change of tools) if (change.kind !== 'same') lines.push(toolWords(change, words));
  }
  if (stopReason) {
    const { recorded, replayed } = stopReason;
    lines.push(fillIn(words.stopDiffers, [recorded || none, replayed || none]));
  }
  return lines;
}

function toolWords(change: Exclude<ToolChange, { kind: 'same' }>, words: CallWords): string {
  switch (change.kind) {
    case 'input':
      return fillIn(words.toolInput, [change.name, change.path, change.recorded, change.replayed]);
    case 'moved':
      return fillIn(words.toolMoved, [change.name, change.to, change.from]);
    case 'removed':
      return fillIn(words.toolRemoved, [change.name, change.input]);
    case 'added':
      return fillIn(words.toolAdded, [change.name, change.input]);
  }
}

/** A figure as a row: its name, both sides, and the difference where both are known. */
export interface FigureRow {
  readonly title: string;
  readonly recorded: string;
  readonly replayed: string;
  readonly difference: string;
}

export function figureRows(comparison: AnswerComparison, words: CallWords): readonly FigureRow[] {
  const row = (
    title: string,
    { recorded, replayed }: Figure,
    format: (value: number) => string,
  ): FigureRow => ({
    title,
    recorded: recorded === undefined ? none : format(recorded),
    replayed: replayed === undefined ? none : format(replayed),
    difference:
      recorded === undefined || replayed === undefined
        ? none
        : replayed === recorded
          ? words.figureSame
          : formatSigned(replayed - recorded, format),
  });
  return [
    row(words.figureTokensIn, comparison.inputTokens, integer),
    row(words.figureTokensOut, comparison.outputTokens, integer),
    row(words.figureCost, comparison.cost, formatCost),
    row(words.figureDuration, comparison.duration, formatDuration),
    row(words.figureFirstToken, comparison.firstToken, formatDuration),
  ];
}

/** How deterministic a call is, as sentences. */
export function agreementWords(agreed: Agreement, words: CallWords): string {
  const { answers, failed, groups, share, asRecorded } = agreed;
  const said: string[] = [];
  if (groups.length === 1) said.push(fillIn(words.agreementAll, [answers]));
  else if (share !== undefined) {
    const most = groups[0]?.positions.length ?? 0;
    said.push(fillIn(words.agreementSome, [groups.length, answers, most, formatShare(share)]));
  }
  if (asRecorded !== undefined && answers > 0) {
    said.push(fillIn(words.agreementRecorded, [asRecorded, answers]));
  }
  if (failed > 0) said.push(fillIn(words.agreementFailed, [failed]));
  return said.join(' ');
}
