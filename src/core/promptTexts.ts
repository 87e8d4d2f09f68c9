import { asText } from './content.ts';
import { isContent } from './contentFields.ts';
import { fieldsOf } from './fields.ts';
import { bodyText, contentText, responseMessages } from './transcript.ts';

/** One message of a prompt or of an answer. */
export interface SaidText {
  /** The recorded word; undefined where there is none. */
  readonly role: string | undefined;
  readonly text: string;
  /** What the text leaves out: the data of pictures. */
  readonly unwritten: string;
}

/** A prompt in its parts, whole. */
export interface PromptTexts {
  readonly system: string | undefined;
  readonly tools: string | undefined;
  readonly messages: readonly SaidText[];
  /** What else the request says, such as `max_tokens`: JSON. */
  readonly settings: string | undefined;
}

export function promptTexts(request: unknown): PromptTexts | undefined {
  if (request === undefined || request === null || request === '') return undefined;
  const only = (messages: readonly SaidText[], areSettings = false): PromptTexts => ({
    system: undefined,
    tools: undefined,
    messages: areSettings ? [] : messages,
    settings: areSettings ? messages[0]?.text : undefined,
  });
  if (typeof request === 'string') return only([said(undefined, request)]);
  if (Array.isArray(request)) return only(request.map(saidText));
  const { system, tools, messages, ...settings } = fieldsOf(request);
  if (!Array.isArray(messages)) {
    // Where prompts were left out, settings alone are no message.
    const isEmpty = !Object.keys(fieldsOf(request)).some(key => isContent(key, 'request'));
    return only([said(undefined, asText(request))], isEmpty);
  }
  return {
    system: contentText(system) || undefined,
    tools: Array.isArray(tools) && tools.length > 0 ? tools.map(asText).join('\n') : undefined,
    messages: messages.map(saidText),
    settings: Object.keys(settings).length > 0 ? asText(settings) : undefined,
  };
}

/** An answer in its messages, usually one. */
export function answerTexts(response: unknown): readonly SaidText[] {
  if (response === undefined || response === null || response === '') return [];
  if (Array.isArray(response) && response.some(one => fieldsOf(one).role !== undefined)) {
    return response.map(saidText);
  }
  const isEmpty =
    typeof response === 'object' &&
    !Array.isArray(response) &&
    !Object.keys(response).some(key => isContent(key, 'response'));
  if (isEmpty) return [];
  return responseMessages(response).map(text => said(undefined, text));
}

const said = (role: string | undefined, text: string): SaidText => ({ role, text, unwritten: '' });

function saidText(value: unknown): SaidText {
  if (typeof value === 'string') return said('user', value);
  const it = fieldsOf(value);
  const role = typeof it.role === 'string' && it.role !== '' ? it.role : undefined;
  const pictures: string[] = [];
  collectPictures(it.content ?? it.parts, pictures, 0);
  return { role, text: bodyText(it) || asText(value), unwritten: pictures.join('\n') };
}

function collectPictures(content: unknown, found: string[], depth: number): void {
  if (!Array.isArray(content) || depth > 8) return;
  for (const one of content) {
    const it = fieldsOf(one);
    switch (it.type) {
      case 'image':
      case 'image_url':
      case 'input_image':
        found.push(asText(one));
        break;
      case 'tool_result':
      case 'tool_call_response':
        collectPictures(it.content ?? it.response ?? it.result, found, depth + 1);
    }
  }
}
