import type { SecretName } from './secretPatterns.ts';

/**
 * What is kept of a span.
 * `off`: all of it, but for the headers that carry keys.
 * `full`: all of it but for what the patterns, functions and paths take out.
 * `metadata`: no texts: model, parameters, usage, names, ids and figures (`src/core/contentFields.ts`).
 */
export type RedactionMode = 'off' | 'metadata' | 'full';

/** What is taken out of spans and events before they leave the agent. */
export interface RedactionOptions {
  /** Default `full`. */
  readonly mode?: RedactionMode;
  /** The kinds that are looked for; default all. */
  readonly patterns?: readonly SecretName[];
  /** Fields whose value is never kept: `request.messages[*].content`, `tool_input.*.iban`, `**.password`. */
  readonly paths?: readonly string[];
  /**
   * Called with each text and each name of a field, before the patterns; what they return is kept.
   *
   * @example
   * functions: [text => text.replaceAll(customer, '[customer]')]
   */
  readonly functions?: readonly ((text: string, path: string) => string)[];
  /** How much of a span is kept at most; also where nothing is taken out. */
  readonly limits?: RedactionLimits;
  /** Told of a function that threw or returned no text; what it was given is not kept. */
  readonly failed?: (error: unknown, path: string) => void;
}

/** Bounds of what is kept of one span. What is cut says so in `redacted`. */
export interface RedactionLimits {
  /** Characters of one text. Default 4,000,000; at least 64. */
  readonly value?: number;
  /** Characters of all texts of a span; the longest ones are cut first. Default 16,000,000; at least 1,000. */
  readonly span?: number;
  /** How deep objects may stand in one another. Default 100. */
  readonly depth?: number;
  /** How many values a span may hold. Default 200,000. */
  readonly values?: number;
}

/** @internal */
export const defaultLimits: Required<RedactionLimits> = {
  value: 4_000_000,
  span: 16_000_000,
  depth: 100,
  values: 200_000,
};

/** @internal */
export function limitsOf(limits: RedactionLimits = {}): Required<RedactionLimits> {
  const atLeast = (least: number, value: number | undefined, otherwise: number): number =>
    value === undefined || Number.isNaN(value) ? otherwise : Math.max(least, Math.floor(value));
  return {
    value: atLeast(64, limits.value, defaultLimits.value),
    span: atLeast(1000, limits.span, defaultLimits.span),
    depth: Math.min(1000, atLeast(2, limits.depth, defaultLimits.depth)),
    values: atLeast(10, limits.values, defaultLimits.values),
  };
}
