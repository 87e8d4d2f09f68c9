import { oneLine } from '../core/describe.ts';
import { type Agreement, agreement } from '../core/replay/agreement.ts';
import type { Answer } from '../core/replay/answer.ts';
import { callWords } from '../core/replay/callWords.ts';
import { type AnswerComparison, compareAnswers } from '../core/replay/compareAnswers.ts';
import { agreementWords, comparisonLines, figureRows } from '../core/replay/compareAnswerWords.ts';
import { estimateWords } from '../core/replay/estimate.ts';
import { replayedAnswer } from '../core/replay/replayRun.ts';
import { inputTokens } from '../core/usage.ts';
import type { Replayed } from '../node/sendTimes.ts';
import { jsonMs, jsonUsd, orNull } from './numbers.ts';
import type { ReplayCall, ReplayPlan } from './replay.ts';
import { type Column, table } from './table.ts';
import { complain, styled, type Terminal } from './terminal.ts';

/** What will be sent, before it is. Without `--json`, a dry run prints the document, to be edited. */
export function showPlan(plan: ReplayPlan, asked: ReplayCall, terminal: Terminal): void {
  const { estimate, notes, edited, origin, baseUrl } = plan;
  if (asked.json) {
    if (!asked.dryRun) return;
    const request: unknown = JSON.parse(plan.body);
    terminal.write(`${JSON.stringify({ ...planJson(plan), request }, undefined, 2)}\n`);
    return;
  }
  const say = asked.dryRun ? terminal.error : terminal.write;
  const edits = edited.length > 0 ? `, edited at ${edited.join(', ')}` : '';
  say(
    `${styled(terminal, 'bold', origin.name)} to ${new URL(baseUrl).host}${oneLine(edits, 300)}\n`,
  );
  // Unseen signs in a model's name could draw over what is asked next.
  say(`${oneLine(estimateWords(estimate, callWords), 2000)}\n`);
  for (const note of notes) say(`  ${oneLine(note, 400)}\n`);
  if (asked.dryRun) terminal.write(`${plan.body.trimEnd()}\n`);
}

/** What came, beside what was recorded. Scripts depend on the names of `--json` and their order. */
export function showReplay(
  plan: ReplayPlan,
  replays: readonly Replayed[],
  asked: ReplayCall,
  terminal: Terminal,
): void {
  const compared = replays.map(one => {
    const answer = replayedAnswer(one.call);
    const comparison = answer && plan.recorded ? compareAnswers(plan.recorded, answer) : undefined;
    return { ...one, answer, comparison };
  });
  const whole = compared.map(one => (one.error ? undefined : one.answer));
  const agreed = agreement(whole, plan.recorded);
  if (asked.json) {
    const json = {
      ...planJson(plan),
      recorded: plan.recorded ? answerJson(plan.recorded) : null,
      replays: compared.map(replayJson),
      agreement: asked.times > 1 ? agreementJson(agreed) : null,
      file: orNull(plan.file),
    };
    terminal.write(`${JSON.stringify(json, undefined, 2)}\n`);
    return;
  }
  for (const [index, one] of compared.entries()) {
    const title = asked.times > 1 ? `${index + 1} of ${asked.times}` : '';
    showOne(one, title, plan, terminal);
  }
  if (asked.times > 1) terminal.write(`\n${agreementWords(agreed, callWords)}\n`);
  const kept = replays.flatMap(one => (one.runId === undefined ? [] : [one.runId]));
  if (plan.file !== undefined && kept.length > 0) {
    terminal.write(`\nKept in ${plan.file}: ${kept.join(', ')}\n`);
  }
}

interface Compared extends Replayed {
  readonly answer: Answer | undefined;
  readonly comparison: AnswerComparison | undefined;
}

const columns: readonly Column[] = [
  { title: '' },
  { title: callWords.figureRecorded.toUpperCase(), right: true },
  { title: callWords.figureReplayed.toUpperCase(), right: true },
  { title: callWords.figureDifference.toUpperCase(), right: true },
];

function showOne(
  { error, answer, comparison }: Compared,
  title: string,
  plan: ReplayPlan,
  terminal: Terminal,
): void {
  terminal.write('\n');
  if (title) terminal.write(`${styled(terminal, 'bold', title)}\n`);
  if (error) complain(terminal, error.message);
  if (!answer) return;
  if (!comparison) {
    // There is nothing to compare with, so the answer itself is shown.
    terminal.write(
      `${plan.recorded ? '' : `${callWords.noRecordedAnswer}\n`}${visibleText(answer)}\n`,
    );
    return;
  }
  for (const line of comparisonLines(comparison, callWords)) {
    terminal.write(`${oneLine(line, 1000)}\n`);
  }
  const rows = figureRows(comparison, callWords).map(row =>
    [row.title, row.recorded, row.replayed, row.difference].map(text => ({ text })),
  );
  terminal.write(table(terminal, columns, rows));
  if (!title && !comparison.same) {
    terminal.write(`\n${callWords.replayedAnswer}\n${visibleText(answer)}\n`);
  }
}

/** Line by line: what a model wrote must not move the cursor. */
const visibleText = ({ text, tools }: Answer): string =>
  [
    ...(text === '' ? [] : text.split('\n')),
    ...tools.map(one => `${one.name} ${JSON.stringify(one.input)}`),
  ]
    .map(line => oneLine(line, 2000))
    .join('\n');

function planJson({ origin, edited, estimate, notes, baseUrl }: ReplayPlan): object {
  return {
    runId: origin.runId,
    spanId: origin.spanId,
    model: estimate.model,
    baseUrl,
    edited,
    estimate: {
      inputTokens: estimate.inputTokens,
      how: estimate.how,
      mostOutputTokens: orNull(estimate.mostOutputTokens),
      times: estimate.times,
      costUsd: jsonUsd(estimate.cost),
      mostCostUsd: jsonUsd(estimate.mostCost),
    },
    notes,
  };
}

const answerJson = (answer: Answer): object => ({
  model: orNull(answer.model),
  text: answer.text,
  tools: answer.tools.map(({ name, input }) => ({ name, input })),
  stopReason: orNull(answer.stopReason),
  inputTokens: orNull(inputTokens(answer.usage)),
  outputTokens: orNull(answer.usage.output),
  costUsd: jsonUsd(answer.cost),
  durationMs: jsonMs(answer.duration),
  firstTokenMs: jsonMs(answer.firstToken),
});

function replayJson({ runId, spanId, error, answer, comparison }: Compared): object {
  return {
    runId: orNull(runId),
    spanId: orNull(spanId),
    error: error ? { code: error.code, message: error.message } : null,
    answer: answer ? answerJson(answer) : null,
    same: comparison && !error ? comparison.same : null,
    textDiffersAt: orNull(comparison?.text?.at),
    tools: orNull(comparison?.tools),
    stopReason: orNull(comparison?.stopReason),
  };
}

const agreementJson = ({ answers, failed, groups, share, asRecorded }: Agreement): object => ({
  answers,
  failed,
  distinct: groups.length,
  share: orNull(share),
  asRecorded: orNull(asRecorded),
  groups: groups.map(one => one.positions.map(at => at + 1)),
});
