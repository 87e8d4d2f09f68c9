import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { SentLog } from '../net/sendTraces.ts';
import { defaultReplayFile } from './replayPath.ts';

/**
 * What has arrived at a destination, in a file of lines that grows with each batch: where a program is stopped, the
 * next one goes on behind it. Another address or key is another destination; the name of the file tells neither.
 */
export function openSentLog(
  folder: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
): SentLog {
  const key = createHash('sha256')
    .update(JSON.stringify([url.href, Object.entries(headers).sort()]))
    .digest('hex');
  const file = path.join(folder, `sent-${key.slice(0, 32)}.txt`);
  const known = readLog(file);
  return {
    sent: traceId => known.get(traceId) ?? none,
    add(spans) {
      fs.mkdirSync(folder, { recursive: true });
      let lines = '';
      for (const { traceId, spanId } of spans) {
        lines += `${traceId} ${spanId}\n`;
        const ids = known.get(traceId);
        if (ids) ids.add(spanId);
        else known.set(traceId, new Set([spanId]));
      }
      fs.appendFileSync(file, lines, { mode: 0o600 });
    },
  };
}

const none: ReadonlySet<string> = new Set();

function readLog(file: string): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : '';
  for (const [, traceId = '', spanId = ''] of text.matchAll(/^([0-9a-f]{32}) ([0-9a-f]{16})$/gm)) {
    const ids = known.get(traceId);
    if (ids) ids.add(spanId);
    else known.set(traceId, new Set([spanId]));
  }
  return known;
}

/** Where the command line and VS Code both remember it: in the folder for the data of programs. */
export const ownSentLog = (url: URL, headers: Readonly<Record<string, string>>): SentLog =>
  openSentLog(path.dirname(defaultReplayFile()), url, headers);
