import { readContent, toolUses } from './blocks.ts';
import { asJson, asText, type Block, type Cut, cut } from './content.ts';
import { readRequest, readResponse } from './conversation.ts';
import type { Metadata } from './metadata.ts';
import type { Span } from './model.ts';

/**
 * A failure and its cause, side by side: what the model asked for, why, and what it had been given; what
 * the failing span received, its error, and what it returned. Absent parts were not recorded.
 */
export interface CauseView {
  /** Input of the tool_use in the model's answer, JSON text. */
  readonly asked: Cut | undefined;
  /** The asked tool, where the answer names it. */
  readonly askedName: string | undefined;
  /** The model's thinking and text in that answer. */
  readonly reasoned: readonly Block[];
  /** The latest thing the model was given: tool results, else the user's message. */
  readonly given: readonly Block[];
  readonly received: Cut | undefined;
  readonly returned: readonly Block[];
  /** Received and asked are the same value. */
  readonly sameInput: boolean;
  /** Values of the input that the error names; marked wherever they occur. */
  readonly followed: readonly string[];
}

export function causeView(failing: Span, failed: Metadata, cause: Metadata): CauseView {
  const uses = toolUses(cause.response);
  const use =
    uses.find(one => one.id !== undefined && one.id === failed.toolUseId) ??
    (failed.toolUseId === undefined
      ? // What is no tool was not asked for by name: it ended on whatever the answer asked for last.
        uses.filter(one => failing.kind !== 'tool' || one.name === failing.toolName).at(-1)
      : undefined);
  const answer = readResponse(cause.response)?.messages.flatMap(one => one.blocks) ?? [];
  const received = failed.toolInput;
  return {
    asked: use && cut(asText(use.input ?? {})),
    askedName: use?.name,
    reasoned: answer.filter(one => one.type === 'thinking' || one.type === 'text'),
    given: lastGiven(cause.request),
    received: received === undefined ? undefined : cut(asText(received)),
    returned: readContent(failed.toolResult),
    sameInput:
      use !== undefined &&
      received !== undefined &&
      asJson(sorted(use.input)) === asJson(sorted(received)),
    followed: followedValues(received ?? use?.input, failing.error ?? ''),
  };
}

function lastGiven(request: unknown): readonly Block[] {
  const messages = readRequest(request)?.messages ?? [];
  // Results were moved to their calls, which stand in the assistant's message before; what the user
  // said beside them stayed.
  const answered = messages.map(one => one.role).lastIndexOf('assistant');
  const results = (messages[answered]?.blocks ?? []).flatMap(one =>
    one.type === 'toolUse' && one.result ? one.result.blocks : [],
  );
  const after = answered < 0 ? messages.slice(-1) : messages.slice(answered + 1);
  const said = after.filter(one => !one.answersOnly).flatMap(one => one.blocks);
  const given = [...results, ...said];
  return given.length > 0 ? given : (messages.at(-1)?.blocks ?? []);
}

/**
 * Leaf values of a tool's input that stand in the error as whole words, longest first. Short plain words
 * (`EUR`, `true`) count only where nothing more telling matches: they stand everywhere.
 */
export function followedValues(input: unknown, error: string): readonly string[] {
  const values = new Set<string>();
  // Each value is looked for in the whole error: both are bounded, for either may be megabytes.
  const text = error.slice(0, 20_000);
  let left = 2_000;
  const visit = (value: unknown, depth: number): void => {
    if (depth > 6 || values.size >= 20 || left-- <= 0) return;
    if (typeof value === 'string' || typeof value === 'number') {
      const leaf = String(value).trim();
      if (leaf.length >= 2 && leaf.length <= 120 && standsIn(leaf, text)) values.add(leaf);
    } else if (typeof value === 'object' && value !== null) {
      for (const one of Object.values(value)) {
        if (left <= 0) break;
        visit(one, depth + 1);
      }
    }
  };
  visit(input, 0);
  const all = [...values].sort((a, b) => b.length - a.length);
  const telling = all.filter(one => one.length > 4 || /\P{L}/u.test(one));
  return telling.length > 0 ? telling : all;
}

function standsIn(value: string, text: string): boolean {
  const word = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    if (!word.test(text.charAt(at - 1)) && !word.test(text.charAt(at + value.length))) return true;
  }
  return false;
}

/** Keys in one order, so that two records of the same input compare equal. */
function sorted(value: unknown, depth = 0): unknown {
  if (depth > 50 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(one => sorted(one, depth + 1));
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one, depth + 1)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
