import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { Ms, Span, Usage, Usd } from '../model.ts';
import { isTooDeep } from './nesting.ts';
import { canonical } from './normalRequest.ts';
import { isAnswer } from './readExchange.ts';

/** A tool that an answer asks for. */
export interface AskedTool {
  readonly id: string | undefined;
  readonly name: string;
  readonly input: unknown;
}

/** What a model answered, and what it took. */
export interface Answer {
  readonly model: string | undefined;
  /** All texts, a line between two. */
  readonly text: string;
  readonly tools: readonly AskedTool[];
  readonly stopReason: string | undefined;
  readonly usage: Usage;
  readonly cost: Usd | undefined;
  readonly duration: Ms | undefined;
  readonly firstToken: Ms | undefined;
}

export type AnswerFigures = Pick<Answer, 'usage' | 'cost' | 'duration' | 'firstToken'>;

/** @param message an answer as the Messages API gives it, whole or as much of it as came */
export function answerOf(message: Fields, figures: AnswerFigures): Answer {
  const blocks = (Array.isArray(message.content) ? message.content : []).map(fieldsOf);
  return {
    model: textOf(message.model),
    text: blocks
      .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
      .join('\n'),
    tools: blocks.flatMap(({ type, id, name, input }) =>
      type === 'tool_use' || type === 'server_tool_use'
        ? [{ id: textOf(id), name: textOf(name) ?? '', input }]
        : [],
    ),
    stopReason: textOf(message.stop_reason),
    ...figures,
  };
}

/** The answer that a call recorded, from its metadata; undefined where there is none of the Messages API. */
export function recordedAnswer(
  metadata: Fields,
  { usage, cost, start, end }: Pick<Span, 'usage' | 'cost' | 'start' | 'end'>,
): Answer | undefined {
  const { response, time_to_first_token_ms: first } = metadata;
  if (!isAnswer(response) || isTooDeep(response)) return undefined;
  return answerOf(fieldsOf(response), {
    usage,
    cost,
    duration: start === undefined || end === undefined ? undefined : end - start,
    firstToken: typeof first === 'number' ? first : undefined,
  });
}

/** Equal for answers that say and ask for the same; ids, thinking, tokens and times may differ. */
export const answerKey = ({ text, tools, stopReason }: Answer): string =>
  JSON.stringify([text, tools.map(callKey), stopReason]);

/** Equal for calls of the same tool with the same input, in whatever order its fields stand. */
export const callKey = ({ name, input }: AskedTool): string =>
  `${JSON.stringify(name)} ${canonical(input)}`;
