/** What insights need of a span's metadata and events: short, so that the facts of a whole run can be kept. */
export interface SpanFacts {
  /** A call of a tool, or of a retrieval. */
  readonly tool: ToolFacts | undefined;
  /** A model call. */
  readonly call: CallFacts | undefined;
  /** By time. */
  readonly events: readonly EventFacts[];
}

export interface ToolFacts {
  /** JSON with sorted keys; beyond `keptChars`, its beginning and a hash of all. */
  readonly input: string | undefined;
  /** All texts and numbers that stand in the input, for a look at where they come from; bounded. */
  readonly inputValues: readonly string[];
  readonly useId: string | undefined;
  readonly result: ResultFacts | undefined;
}

/** `nothing` is an empty text, object or list, or null. */
export type ResultShape = 'nothing' | 'text' | 'html' | 'object' | 'list' | 'number' | 'boolean';

export interface ResultFacts {
  readonly shape: ResultShape;
  /** The names of an object's fields, sorted; of a list those of its first item. */
  readonly keys: readonly string[];
  /** UTF-16 units of its text. */
  readonly chars: number;
  /** Its beginning, `keptChars` at most. */
  readonly begin: string;
  readonly hash: string;
  /** The result says itself that it failed (`is_error`, `isError`, `success: false`, `error: …`), and where. */
  readonly saysFailed: string | undefined;
}

export interface CallFacts {
  readonly stopReason: string | undefined;
  /** `max_tokens` of the request. */
  readonly maxTokens: number | undefined;
  /** What the answer asked for. */
  readonly toolUses: readonly {
    readonly id: string | undefined;
    readonly name: string;
    readonly input: string | undefined;
  }[];
  /** The text of the answer, `keptChars` at most. */
  readonly answer: string;
  /** The parts of the prompt, in the order in which the cache sees them: tools, system, messages. */
  readonly prompt: readonly PromptPart[];
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

export interface PromptPart {
  readonly part: 'tools' | 'system' | 'message';
  /** Of a message: `user`, `assistant`, `tool`, … */
  readonly role: string | undefined;
  readonly chars: number;
  /** Characters in it that are results of tools. */
  readonly resultChars: number;
  /** Marks for the cache left out. */
  readonly hash: string;
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
