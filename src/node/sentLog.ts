import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { SentLog } from '../net/sendTraces.ts';
import { defaultReplayFile } from './replayPath.ts';

type Ids = Map<string, Set<string>>;

/**
 * What has arrived at a destination, in a file of lines that grows with each batch: where a program is stopped, the
 * next one goes on behind it. Lines with a question mark are of spans whose answer was lost. Another address or key
 * is another destination; the name of the file tells neither.
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
  const { sent, unsure } = readLog(file);
  type Spans = Parameters<SentLog['add']>[0];
  const keep = (spans: Spans, into: Ids, mark: string): void => {
    fs.mkdirSync(folder, { recursive: true });
    let lines = '';
    for (const { traceId, spanId } of spans) {
      lines += `${mark}${traceId} ${spanId}\n`;
      note(into, traceId, spanId);
    }
    fs.appendFileSync(file, lines, { mode: 0o600 });
  };
  return {
    sent: traceId => sent.get(traceId) ?? none,
    add: spans => keep(spans, sent, ''),
    unsure: traceId => unsure.get(traceId) ?? none,
    doubt: spans => keep(spans, unsure, '?'),
  };
}

const none: ReadonlySet<string> = new Set();

function note(ids: Ids, traceId: string, spanId: string): void {
  const known = ids.get(traceId);
  if (known) known.add(spanId);
  else ids.set(traceId, new Set([spanId]));
}

function readLog(file: string): { readonly sent: Ids; readonly unsure: Ids } {
  const [sent, unsure]: [Ids, Ids] = [new Map(), new Map()];
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : '';
  const line = /^(\??)([0-9a-f]{32}) ([0-9a-f]{16})$/gm;
  for (const [, mark, traceId = '', spanId = ''] of text.matchAll(line)) {
    note(mark ? unsure : sent, traceId, spanId);
  }
  return { sent, unsure };
}

/** Where the command line and VS Code both remember it: in the folder for the data of programs. */
export const ownSentLog = (url: URL, headers: Readonly<Record<string, string>>): SentLog =>
  openSentLog(path.dirname(defaultReplayFile()), url, headers);
