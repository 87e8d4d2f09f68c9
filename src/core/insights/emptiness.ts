const nothingFound =
  /^\W*(?:null|none|undefined|nil|n\/a|empty|\(?no output\)?|(?:there (?:are|were) )?(?:no|0|zero) (?:\w+ ){0,2}(?:results?|match(?:es)?|hits?|documents?|data|rows?|records?|files?|entries|items?|output)(?: (?:was|were|are|is))?(?: (?:found|available|returned|matched))?(?: (?:for|in|matching)\b.{0,120})?|nothing (?:was )?found(?: for\b.{0,120})?|(?:could not|couldn.t|cannot|can.t|unable to|did not|didn.t) find any(?:thing)?\b.{0,120}|not found)\W*$/is;

/** An empty text, or one that says that there is nothing. */
export const saysNothing = (text: string): boolean =>
  text.trim() === '' || (text.length <= 200 && nothingFound.test(text));

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

// Fields that a search answers in, and those that repeat what was asked or say how it went.
const holding =
  /^(?:results?|hits|matches|items?|data|rows|records|documents|docs|entries|content|contents|output|outputs|values?|list|edges|nodes|files|pages|response|body|text|answer|answers|snippets|chunks|messages|events|organic|organic_results)$/i;
const envelope =
  /^(?:query|q|search|filter|filters|note|notes|message|status|state|type|object|kind|url|path|pattern|next|cursor|next_cursor|next_page|next_page_token|took|warnings?|source|index|collection|table|format|language|id|request_id)$/i;

/** Nothing at all, or an answer that has only room for something. */
export function isHollow(value: unknown, depth = 0): boolean {
  if (isEmpty(value)) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let holds = false;
  for (const [name, field] of Object.entries(value)) {
    if (isEmpty(field) || (depth < 3 && holding.test(name) && isHollow(field, depth + 1))) {
      holds ||= holding.test(name);
    } else if (typeof field !== 'number' && typeof field !== 'boolean' && !envelope.test(name)) {
      return false;
    }
  }
  return holds;
}
