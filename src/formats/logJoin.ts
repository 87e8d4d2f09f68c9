import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import { attributesOf, parsedIfJson, present } from './attributes.ts';
import { type OtelEvent, otelRequest, otelResponse } from './otelMessages.ts';

/** What a span gets from the records of the log that belong to it. */
export interface Joined {
  readonly metadata: Fields;
  /** Undefined where no record says it. */
  readonly cost: number | undefined;
  /** What went wrong, where a record says that something did. */
  readonly error: string | undefined;
}

const telling =
  /^(?:gen_ai\.|(?:claude_code\.)?(?:api_(?:request|error|request_body|response_body)|user_prompt|assistant_response|tool_result)$)/;
const wholeTexts = ['gen_ai.prompt', 'gen_ai.completion'];

/** Whether a record may add to its span: of what a program logs, most says nothing of it. */
export const addsToSpan = ({ name, attributes }: Pick<OtelEvent, 'name' | 'attributes'>): boolean =>
  telling.test(name) ||
  wholeTexts.some(key => key in attributes || key in fieldsOf(attributes.body));

/**
 * Content, cost and failures that stand in the log instead of in the span: those of Claude Code, and messages
 * of the GenAI conventions. What the span says itself stays.
 *
 * @param metadata of a row of a trace file
 * @param all events that came as records of the log, in the order of their time
 */
export function joinLogs(metadata: Fields, all: readonly OtelEvent[]): Joined {
  const records = all.filter(addsToSpan);
  const added: Record<string, unknown> = {};
  let cost: number | undefined;
  let error: string | undefined;
  const add = (key: string, value: unknown): void => {
    if (value !== undefined && metadata[key] === undefined) added[key] ??= value;
  };
  for (const { name, attributes } of records) {
    const from = attributesOf(attributes);
    switch (name.replace(/^claude_code\./, '')) {
      case 'api_request':
        // The turn around a call would count it once more.
        if (metadata.kind === 'llm') cost = from.number('cost_usd') ?? cost;
        break;
      case 'api_error':
        error = from.text('error', 'error.message') ?? error;
        break;
      case 'user_prompt':
        add('input', from.text('prompt'));
        break;
      case 'assistant_response':
        if (metadata.kind === 'llm')
          add('response', answerOf(from.read('response', 'text', 'content')));
        break;
      case 'api_request_body':
        add('request', whole(from.read('body')));
        break;
      case 'api_response_body':
        add('response', whole(from.read('body')));
        break;
      case 'tool_result':
        if (metadata.kind !== 'tool') break;
        add('tool_input', from.read('tool_input', 'tool_parameters'));
        add('tool_result', from.read('tool_output', 'tool_result', 'output', 'result'));
        if (attributes.success === false || attributes.success === 'false') {
          error = from.text('error') ?? error ?? 'error';
        }
        break;
      case 'gen_ai.client.inference.operation.details':
        add('request', otelRequest(from, []));
        add('response', otelResponse(from, []));
        break;
    }
  }
  const messages = records.map(({ attributes, ...rest }) => ({
    ...rest,
    attributes: { ...attributes, ...fieldsOf(attributes.body) },
  }));
  const none = attributesOf({});
  add('request', otelRequest(none, messages));
  add('response', otelResponse(none, messages));
  return { metadata: { ...metadata, ...present(added) }, cost, error };
}

/** A text is an answer of one block. */
const answerOf = (value: unknown): unknown => {
  const text = textOf(value);
  return text === undefined ? value : { role: 'assistant', content: [{ type: 'text', text }] };
};

/** A body that was cut off stays where it is, among the events. */
const whole = (value: unknown): unknown => {
  const body = parsedIfJson(value);
  return typeof body === 'object' && body !== null ? body : undefined;
};
