/** How long an answer asks to wait: in milliseconds, in seconds or until a date; undefined where it does not. */
export function retryAfterMs(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const said = headers.get('retry-after') ?? '';
  const seconds = Number.parseFloat(said);
  const wait = Number.isNaN(seconds) ? Date.parse(said) - Date.now() : seconds * 1000;
  return wait >= 0 ? wait : undefined;
}
