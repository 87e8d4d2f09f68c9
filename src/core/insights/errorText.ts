import type { ResultFacts } from './facts.ts';

// What a program says when it gives up. A heading (“Error handling”) has no colon after its first word.
const errorBegins =
  /^\s*(?:\[?(?:error|err|fatal|exception|failure)\]?\s*[:!\-–]\s*\S|(?:\w+\.)*[A-Z]\w*(?:Error|Exception)\b\s*[:(]|Traceback \(most recent call last\)|(?:failed|unable|could not|cannot|can't) (?:to )?\w+|error (?:executing|calling|running|while|code|\d)|an (?:unexpected |internal )?error (?:occurred|has occurred)|(?:rate limit|quota) (?:was |has been )?exceeded|(?:permission|access) denied\b|(?:request|connection|operation) (?:timed out|refused|failed)|timed? ?out (?:after|waiting)|(?:internal server error|bad gateway|service unavailable|gateway time-?out|too many requests|unauthori[sz]ed|forbidden)\s*\.?\s*$|(?:HTTP )?(?:error )?[45]\d\d[: ]+(?:internal server error|bad gateway|service unavailable|not found|forbidden|unauthori[sz]ed|too many requests|gateway|bad request)|ENOENT\b|EACCES\b|ECONNREFUSED\b|ETIMEDOUT\b|<(?:tool_use_)?error>)/i;

/** What these give is a text about anything, errors too. */
const showsTexts =
  /(?:log|grep|search|read|cat|tail|head|view|fetch|page|browse|doc|wiki|issue|ticket|mail|message|chat|history|comment|file|query|retriev|lookup|knowledge|scrape|crawl|http|url|web|get)/i;

const errorTitle =
  /<title>\s*(?:error:?\s*)?(?:[45]\d\d\b[^<]{0,60}|(?:bad gateway|internal server error|service unavailable|access denied|forbidden|not found|just a moment\.{3}|attention required![^<]{0,40}))\s*<\/title>/i;

/** The first line of a plain text or page that is nothing but an error; undefined where it is none. */
export function errorText(tool: string, { shape, begin, chars }: ResultFacts): string | undefined {
  if (shape === 'html') {
    // The pages of servers and proxies are short; a page about “404” is not.
    return chars <= 4000 ? errorTitle.exec(begin)?.[0].replace(/<[^>]*>/g, '') : undefined;
  }
  if (shape !== 'text' || !errorBegins.test(begin)) return undefined;
  const text = begin.trim();
  const lines = text.split('\n').length;
  const brief = showsTexts.test(tool) ? chars <= 300 && lines <= 2 : chars <= 3000;
  if (!brief) return undefined;
  // The last line of a traceback says what happened.
  const line = /^Traceback/.test(text) ? text.split('\n').at(-1) : text.split('\n')[0];
  return line?.trim();
}
