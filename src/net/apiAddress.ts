import { TraceError } from '../core/errors.ts';
import { quoted } from './apiFailure.ts';

export const anthropicUrl = 'https://api.anthropic.com';

/** Whether a key would go over the network for everybody to read. */
export const isUnencrypted = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/** @throws where it is not the address of an API */
export function apiUrl(text: string, apiKey = ''): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The address is shown, and kept with a replay; behind a question mark, the path of a call would be lost.
  const more = url && (url.username || url.password || /[?#]/.test(url.href));
  const holdsKey = apiKey !== '' && text.includes(apiKey);
  if (!url || !/^https?:$/.test(url.protocol) || more || holdsKey) {
    // What does not belong in it may be secret, and is not repeated.
    const shown = url ? `${url.protocol}//${url.host}` : text;
    throw new TraceError('replayBadAddress', [quoted(shown, apiKey)]);
  }
  return url;
}
