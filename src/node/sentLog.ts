import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { TraceError } from '../core/errors.ts';
import type { SentLog, Target } from '../net/sendTraces.ts';
import { makeFolder } from './makeFolder.ts';
import { defaultReplayFile } from './replayPath.ts';

type Ids = Map<string, Set<string>>;

/**
 * What has arrived at a destination, in a file of lines that grows with each batch: where a program is stopped, the
 * next one goes on behind it. `?` is before spans that are about to be sent, `!` before those that did not arrive, and
 * nothing before those that did: what only has a `?` was on its way when a program was killed or an answer was lost.
 * Another address, key or project is another destination; the name of the file tells none of them.
 */
export function openSentLog(
  folder: string,
  { url, headers, place }: Pick<Target, 'url' | 'headers' | 'place'>,
  mostBytes = usualMostBytes,
): SentLog {
  const parts = [headers, place].map(all => Object.entries(all).sort());
  const key = createHash('sha256')
    .update(JSON.stringify([url.href, ...parts]))
    .digest('hex');
  const file = path.join(folder, `sent-${key.slice(0, 32)}.txt`);
  const lock = `${file}.lock`;
  let state = readLog(file);
  let isOurs = false;
  const keep =
    (mark: Mark): SentLog['add'] =>
    spans => {
      if (spans.length === 0) return;
      let lines = '';
      for (const { traceId, spanId } of spans) {
        lines += lineOf(mark, traceId, spanId);
        note(state, mark, traceId, spanId);
      }
      written(file, () => {
        makeFolder(folder);
        // Written, it outlives the program, also one that is killed; only of a machine that stops it may be lost.
        fs.appendFileSync(file, lines, { mode: 0o600 });
        if (isOurs && fs.existsSync(lock)) fs.utimesSync(lock, new Date(), new Date());
      });
    };
  return {
    begin(host) {
      written(file, () => makeFolder(folder));
      written(lock, () => takeLock(lock, host));
      isOurs = true;
      state = readLog(file);
      written(file, () => shorten(file, state, mostBytes));
    },
    end() {
      if (isOurs) fs.rmSync(lock, { force: true });
      isOurs = false;
    },
    sent: traceId => state.sent.get(traceId) ?? none,
    add: keep(''),
    unsure: traceId => state.unsure.get(traceId) ?? none,
    doubt: keep('?'),
    settle: keep('!'),
  };
}

/** Of a file that is read whole: what some 600,000 spans take. */
const usualMostBytes = 64_000_000;

/** Writes a log that has grown too long anew, half as long, without the runs that came first. */
function shorten(file: string, { sent, unsure }: State, mostBytes: number): void {
  if ((fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= mostBytes) return;
  const lines: string[] = [];
  const take = (mark: Mark, traceId: string, spanIds: ReadonlySet<string>): void => {
    for (const spanId of spanIds) lines.push(lineOf(mark, traceId, spanId));
  };
  const most = mostBytes / 2 / lineOf('', '0'.repeat(32), '0'.repeat(16)).length;
  for (const [traceId, spanIds] of unsure) take('?', traceId, spanIds);
  // The last one stays, however large it is: it may be the one that is exported in parts.
  let isLast = true;
  for (const [traceId, spanIds] of [...sent].reverse()) {
    if (isLast || lines.length + spanIds.size <= most) take('', traceId, spanIds);
    else sent.delete(traceId);
    isLast = false;
  }
  // In the order in which they came: the next time, too, the first go.
  const anew = `${file}.new`;
  fs.writeFileSync(anew, lines.reverse().join(''), { mode: 0o600 });
  fs.renameSync(anew, file);
}

/** Longer than one batch takes with all its tries: whoever wrote it is gone, and its number may be another's. */
const staleMs = 3_600_000;

/** Two exports at once would each send what the other does. */
function takeLock(lock: string, host: string): void {
  const found = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (found !== undefined && (Date.now() - found >= staleMs || !isHeld(lock))) {
    fs.rmSync(lock, { force: true });
  }
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new TraceError('exportUnderWay', [host], error);
  }
}

/** Whether the program runs that wrote it; one that is just being written is empty. */
function isHeld(lock: string): boolean {
  const text = fs.readFileSync(lock, 'utf8');
  try {
    return text === '' || process.kill(Number(text), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function written(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof TraceError) throw error;
    throw new TraceError('exportNotRemembered', [file, (error as Error).message], error);
  }
}

const none: ReadonlySet<string> = new Set();

type Mark = '' | '?' | '!';

const lineOf = (mark: Mark, traceId: string, spanId: string): string =>
  `${mark}${traceId} ${spanId}\n`;

interface State {
  readonly sent: Ids;
  readonly unsure: Ids;
}

function note({ sent, unsure }: State, mark: Mark, traceId: string, spanId: string): void {
  if (mark !== '?') unsure.get(traceId)?.delete(spanId);
  if (mark === '!') return;
  const ids = mark === '?' ? unsure : sent;
  const known = ids.get(traceId);
  if (known) known.add(spanId);
  else ids.set(traceId, new Set([spanId]));
}

function readLog(file: string): State {
  const state: State = { sent: new Map(), unsure: new Map() };
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : '';
  const line = /^([?!]?)([0-9a-f]{32}) ([0-9a-f]{16})$/gm;
  for (const [, mark = '', traceId = '', spanId = ''] of text.matchAll(line)) {
    note(state, mark as Mark, traceId, spanId);
  }
  return state;
}

/** Where the command line and VS Code both remember it: in the folder for the data of programs. */
export const ownSentLog = (target: Target): SentLog =>
  openSentLog(path.dirname(defaultReplayFile()), target);
