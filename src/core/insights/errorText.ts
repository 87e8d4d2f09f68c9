import type { ResultFacts, ToolFacts } from './facts.ts';

// What a program says when it gives up. A heading (“Error handling”) has no colon after its first word.
const errorBegins = [
  '\\[?(?:error|err|fatal|exception|failure)\\]?\\s*[:!\\-–]\\s*\\S',
  'traceback \\(most recent call last\\)',
  '(?:failed|unable) to \\w+',
  '(?:could not|cannot|can.t) \\w+',
  '(?!.{0,40}\\b(?:tests?|checks?|specs?|cases?|builds?|jobs?|items?)\\b)(?!\\d)(?:\\w+ ){1,3}failed(?::| with\\b| because\\b|\\.?$)',
  'error (?:executing|calling|running|while|code\\b|\\d)',
  'an? (?:unexpected |internal |unknown )?error (?:has )?occurred',
  '(?:sorry, )?something went wrong',
  '(?:rate limit|quota) (?:was |has been )?(?:exceeded|reached)|rate[ -]limited',
  '(?:permission|access) denied\\b',
  '(?:request|connection|operation|tool|query) (?:timed out|refused|failed|aborted)',
  'timed? ?out (?:after|waiting)',
  'invalid (?:api key|token|credentials|arguments?|request|json|parameters?|input)\\b',
  'service (?:is )?(?:temporarily )?unavailable',
  '(?:internal server error|bad gateway|gateway time-?out|too many requests|unauthori[sz]ed|forbidden)\\s*\\.?\\s*$',
  '(?:http )?(?:error )?[45]\\d\\d[: ]+(?:internal|bad|service|not found|forbidden|unauthori|too many|gateway)',
  '(?:ENOENT|EACCES|EPERM|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND)\\b',
  '(?:\\S+: )*(?:no such file or directory|command not found)',
].join('|');
// A few signs before it, and no more: what goes through any number of them takes the square of a long text.
const begins = new RegExp(`^\\W{0,6}(?:${errorBegins})`, 'i');
// Case tells a class from a word: `TimeoutError:`, not “my error:”.
const ofClass = /^\W{0,6}(?:\w+\.)*[A-Z]\w*(?:Error|Exception)\b\s*[:(]/;
const shell = /: (?:command not found|no such file or directory|permission denied)\s*$/i;

/** What these give is a text about anything, errors too. */
const showsTexts =
  /log|grep|search|read|cat|tail|head|view|fetch|page|browse|doc|wiki|issue|ticket|mail|message|chat|history|comment|file|query|retriev|lookup|knowledge|scrape|crawl|http|url|web|get|explain/i;
const aboutErrors =
  /error|exception|fail|traceback|crash|\bbugs?\b|\blogs?\b|_logs?\b|grep|incident|alert|debug|diagnos/i;

/** What these give is about errors by its nature. */
const reports =
  /(?:^|[\s._-])(?:tests?|lint(?:er)?|compile|build|typecheck|tsc|eslint|pytest|jest)(?:$|[\s._-])|Tests?$/;

const errorTitle =
  /<title>\s*(?:error:?\s*)?(?:[45]\d\d\b[^<]{0,60}|(?:bad gateway|internal server error|service unavailable|access denied|forbidden|not found|just a moment\.{3}|attention required![^<]{0,40}))\s*<\/title>/i;

/** The first line of a plain text or page that is nothing but an error; undefined where it is none. */
export function errorText(
  tool: string,
  { shape, begin, chars, keys }: ResultFacts,
  asked: ToolFacts['inputValues'],
): string | undefined {
  if (shape === 'html') {
    // The pages of servers and proxies are short; a page about “404” is not.
    return chars <= 4000 ? errorTitle.exec(begin)?.[0].replace(/<[^>]*>/g, '') : undefined;
  }
  if (shape === 'object') return loneMessage(begin, keys);
  if (shape !== 'text' || chars > 3000 || reports.test(tool)) return undefined;
  const text = begin.trim();
  const lines = text.split('\n');
  const brief = chars <= 300 && lines.length <= 2;
  if (!isError(text, brief)) return undefined;
  // Whoever asks about errors is told of them.
  const expected = aboutErrors.test(tool) || asked.some(value => aboutErrors.test(value));
  if (showsTexts.test(tool) && (!brief || expected)) return undefined;
  // The last line of a traceback says what happened.
  return (/^Traceback/.test(text) ? lines.at(-1) : lines[0])?.trim();
}

function isError(text: string, brief: boolean): boolean {
  const begin = text.slice(0, 300);
  return begins.test(begin) || ofClass.test(begin) || (brief && shell.test(begin));
}

/** `{"message": "Unauthorized"}`: what gateways and frameworks answer in the place of a result. */
function loneMessage(begin: string, keys: readonly string[]): string | undefined {
  const told = keys.filter(key => /^(?:message|detail|msg)$/i.test(key));
  const others = keys.filter(key => !/request_?id|documentation_url|timestamp/i.test(key));
  if (told.length !== 1 || others.length !== 1) return undefined;
  const text = /"(?:message|detail|msg)":\s*"((?:[^"\\]|\\.){1,200})"/i.exec(begin)?.[1];
  return text !== undefined && (begins.test(text) || text === 'Not Found') ? text : undefined;
}
