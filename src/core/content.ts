import { recordedJson } from './recordedJson.ts';

/** A text, possibly only its beginning: it is cut where `text` is shorter than `chars`. */
export interface Cut {
  readonly text: string;
  /** Length of the whole text in UTF-16 units. */
  readonly chars: number;
  /** Lines of the whole text. */
  readonly lines: number;
}

/** A part of a message. `json` is a shape we have no form for, kept as it is. */
export type Block =
  | { readonly type: 'text'; readonly text: Cut }
  | { readonly type: 'thinking'; readonly text: Cut }
  | {
      readonly type: 'toolUse';
      readonly id: string | undefined;
      readonly name: string;
      /** JSON text. */
      readonly input: Cut;
      /** The result that answers this call, where the same conversation holds it. */
      readonly result: ToolResult | undefined;
    }
  | ({ readonly type: 'toolResult'; readonly toolUseId: string | undefined } & ToolResult)
  | {
      readonly type: 'image';
      readonly mediaType: string;
      /** Decoded size in bytes, where the picture itself was recorded. */
      readonly bytes: number | undefined;
      /** Names the picture within its span, where it itself was recorded. */
      readonly key: string | undefined;
      readonly url: string | undefined;
    }
  | { readonly type: 'json'; readonly label: string; readonly json: Cut };

export interface ToolResult {
  readonly failed: boolean;
  readonly blocks: readonly Block[];
}

/** `role` is the recorded word; `tools` and `system` are made from the request's own fields. */
export interface Message {
  readonly role: string;
  readonly blocks: readonly Block[];
  /** Every block of it is a result that is shown with its call. */
  readonly answersOnly: boolean;
}

export interface Conversation {
  readonly messages: readonly Message[];
  /** Messages left out between the first and the last ones, to bound the reply. */
  readonly omitted: number;
  /** Call parameters such as max_tokens, as name and value. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** Texts in a reply are cut after this many UTF-16 units; the whole text opens in an editor. */
export const cutAfter = 20_000;

export function cut(text: string, limit = cutAfter): Cut {
  let end = Math.min(text.length, limit);
  // A surrogate pair is not parted: half of one is no character.
  if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end--;
  return { text: text.slice(0, end), chars: text.length, lines: countLines(text) };
}

export function countLines(text: string): number {
  let lines = 1;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++;
  return lines;
}

/** A value as indented JSON text; strings as they are. What cannot be written as JSON says so. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return asJson(value);
}

/** A value as indented JSON text. */
export function asJson(value: unknown): string {
  const recorded = recordedJson(value);
  if (recorded !== undefined) return recorded;
  try {
    return JSON.stringify(value, undefined, 2) ?? String(value);
  } catch (error) {
    // Thousands of nested arrays overflow the stack of JSON.stringify.
    return `(cannot be written as JSON: ${error instanceof Error ? error.message : String(error)})`;
  }
}
