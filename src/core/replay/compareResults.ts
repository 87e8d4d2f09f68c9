import { indentJson } from '../jsonText.ts';
import { jsonDifferences, pathText } from './jsonDifference.ts';
import { isTooDeep } from './nesting.ts';
import { isContent, resultText } from './toolCall.ts';

/** Two results of a tool, side by side. */
export interface ResultComparison {
  readonly same: boolean;
  /** Where the first difference is: `hits[0].title`; undefined where they are no JSON, or the same. */
  readonly at: string | undefined;
  /** Both are JSON, and indented. */
  readonly json: boolean;
  /** What was recorded was JSON, and what came is none. */
  readonly lostJson: boolean;
  readonly recorded: string;
  readonly replayed: string;
}

/** Compares what a tool gave with what was recorded. The order of fields does not count. */
export function compareResults(recorded: string, replayed: string): ResultComparison {
  const [a, b] = [sideOf(recorded), sideOf(replayed)];
  if (a.json && b.json) {
    const [first] = jsonDifferences(a.json.value, b.json.value, 1);
    return {
      same: !first,
      at: first && (pathText(first.path) || undefined),
      json: true,
      lostJson: false,
      recorded: indentJson(a.text),
      replayed: indentJson(b.text),
    };
  }
  return {
    same: a.text.trimEnd() === b.text.trimEnd(),
    at: undefined,
    json: false,
    lostJson: a.json !== undefined,
    recorded: a.text,
    replayed: b.text,
  };
}

interface Side {
  readonly text: string;
  readonly json: { readonly value: unknown } | undefined;
}

/** A text that a program gave in quotation marks, as JSON, is that text; blocks are what they say. */
function sideOf(given: string): Side {
  const text = given.replace(/\r\n/g, '\n');
  const value = /^\s*["[{]/.test(text) ? parsed(text) : undefined;
  if (typeof value === 'string') return { text: value, json: undefined };
  if (isContent(value)) return sideOf(resultText(value));
  const isJson = typeof value === 'object' && value !== null && !isTooDeep(value);
  return { text, json: isJson ? { value } : undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is compared as the text that it is.
    return undefined;
  }
}
