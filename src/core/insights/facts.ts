/** What insights need of a span's metadata and events: short, so that the facts of a whole run can be kept. */
export interface SpanFacts {
  /** A call of a tool, or of a retrieval. */
  readonly tool: ToolFacts | undefined;
  /** A model call. */
  readonly call: CallFacts | undefined;
  /** It is an agent whose record does not tell the wait for a person, such as for a permission, from work. */
  readonly mayAwaitPerson?: boolean;
  /** By time; of more than `keptEvents`, the first and the last ones. */
  readonly events: readonly EventFacts[];
}

export interface ToolFacts {
  /** JSON with sorted keys; beyond `keptChars`, its beginning and a hash of all. */
  readonly input: string | undefined;
  /** The texts and numbers that stand in the input, for a look at where they come from; the first ones. */
  readonly inputValues: readonly string[];
  readonly useId: string | undefined;
  /** What a write puts in the place of what, where its input says both or the whole new text. */
  readonly edit: EditFacts | undefined;
  readonly result: ResultFacts | undefined;
}

/** Hashes of texts. */
export interface EditFacts {
  /** The file or other thing that is written; empty where none is named. */
  readonly target: string;
  /** Undefined where all of it is written anew. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * `nothing` is an empty text, object or list, null, an object that holds only empty lists and what was
 * asked for (`{"query": "…", "hits": []}`), or a sentence that nothing was found. JSON within a text is
 * read. `unknown`: only the length was recorded.
 */
export const resultShapes = [
  'nothing',
  'text',
  'html',
  'object',
  'list',
  'number',
  'boolean',
  'unknown',
] as const;
export type ResultShape = (typeof resultShapes)[number];

export interface ResultFacts {
  readonly shape: ResultShape;
  /** The names of an object's fields, sorted; of a list those of its first item. */
  readonly keys: readonly string[];
  /** UTF-16 units of its text. */
  readonly chars: number;
  /** Its beginning, `keptChars` at most. */
  readonly begin: string;
  /** Times, durations and ids of requests are left out: results that differ only in these are the same. */
  readonly hash: string;
  /**
   * A structured result says itself that it failed, and how: `is_error: true`, `error: no such file`. What
   * a plain text says is not judged here.
   */
  readonly saysFailed: string | undefined;
}

export interface CallFacts {
  readonly stopReason: string | undefined;
  /** `max_tokens` of the request. */
  readonly maxTokens: number | undefined;
  /** What the answer asked for; the first `keptUses`. */
  readonly toolUses: readonly {
    readonly id: string | undefined;
    readonly name: string;
    readonly input: string | undefined;
  }[];
  /** What the answer asked for with, and nothing in the request says; absent where nobody looked. */
  readonly unseen?: readonly UnseenFacts[];
  /** Letters of all that was answered, where the count of output tokens may be no more than a placeholder. */
  readonly written?: number | undefined;
  /** The text of the answer, `keptChars` at most. */
  readonly answer: string;
  /**
   * The parts of the prompt, in the order in which the cache sees them: tools (all of them one part),
   * system, each message. Of more than `keptParts`, the first and the last ones; see `at`.
   */
  readonly prompt: readonly PromptPart[];
  /** Of all parts, also those that are not kept. */
  readonly promptChars: number;
  readonly promptResultChars: number;
  /** Names of the tools that the request offers. */
  readonly toolNames: readonly string[];
  /** Retries within the call, each with its status where known and its wait in milliseconds. */
  readonly retries: readonly {
    readonly status: string | undefined;
    readonly waitMs: number | undefined;
  }[];
  /** The request asks for caching. */
  readonly asksForCache: boolean;
}

/** An argument of a tool that appears nowhere in what the model was given. */
export interface UnseenFacts {
  readonly useId: string | undefined;
  readonly tool: string;
  readonly argument: string;
  readonly value: string;
  /**
   * A path, on a disk or on a server that was spoken of, may be a good guess, and a page elsewhere what a model
   * knows; an id, a number or an address is neither.
   */
  readonly kind: 'id' | 'path' | 'page';
}

export interface PromptPart {
  readonly part: 'tools' | 'system' | 'message';
  /** Of a message: `user`, `assistant`, `tool`, … */
  readonly role: string | undefined;
  /** Its place among all parts, from 0. */
  readonly at: number;
  /** UTF-16 units of its JSON. */
  readonly chars: number;
  /** Characters in it that are results of tools. */
  readonly resultChars: number;
  /** Marks for the cache left out. */
  readonly hash: string;
  /** Of all parts up to and with this one: a prompt begins with another where its part has that one's last. */
  readonly upTo: string;
}

export interface EventFacts {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
  /** Small values only. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Texts are kept so long. */
export const keptChars = 2000;
export const keptEvents = 200;
export const keptParts = 300;
export const keptUses = 200;
/** Values of an input, names of fields and of tools, retries. */
export const keptNames = 200;
