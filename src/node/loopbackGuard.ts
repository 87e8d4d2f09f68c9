import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A name that a stranger's page had resolve to this machine would be another one. */
export function isLoopbackHost(headers: IncomingHttpHeaders, port: number): boolean {
  const host = headers.host?.toLowerCase() ?? '';
  return ['127.0.0.1', 'localhost', '[::1]'].some(
    // Port 80 is left out where it is meant.
    name => host === `${name}:${port}` || (port === 80 && host === name),
  );
}

/** Browsers say where a page's request comes from; programs say nothing of it. */
export function isFromPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return headers.origin !== undefined || (site !== undefined && site !== 'none');
}

/** Takes the same time for any wrong one. */
export function isEqual(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
