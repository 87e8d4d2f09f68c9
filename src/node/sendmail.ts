import { spawn } from 'node:child_process';
import { type Message, plainLines } from '../core/alerts/message.ts';
import type { Delivery } from '../core/alerts/outbox.ts';
import { oneLine } from '../core/describe.ts';

/** A program that asks something would wait for ever. */
const usualTimeout = 30_000;

export interface Mail {
  readonly to: readonly string[];
  readonly command: string;
}

/** A mail in the form of RFC 5322; the body in base64, so that no line is too long or means anything. */
export function mailOf(message: Message, to: readonly string[]): string {
  const body = Buffer.from(`${plainLines(message).join('\r\n')}\r\n`, 'utf8').toString('base64');
  return [
    `To: ${to.join(', ')}`,
    `Subject: ${encodedWords(message.title)}`,
    `Date: ${new Date(message.at).toUTCString().replace('GMT', '+0000')}`,
    // The same mail, sent anew after a failure that was none, is known by it.
    `Message-ID: <${message.id.replace(/[^\w.-]/g, '')}@agent-traces.invalid>`,
    // RFC 3834: no answer that one is on holiday.
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
    '',
  ].join('\n');
}

/** RFC 2047: words of at most 75 characters, each whole characters of UTF-8. */
function encodedWords(text: string): string {
  if (/^[ -~]{0,900}$/.test(text) && !text.includes('=?')) return text;
  const words: string[] = [];
  let word = '';
  for (const sign of text) {
    if (Buffer.byteLength(word + sign) > 45) {
      words.push(word);
      word = '';
    }
    word += sign;
  }
  words.push(word);
  return words.map(one => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\n ');
}

/** Hands a mail to a local program, as `sendmail` takes it. Never throws. */
export function sendMail(
  message: Message,
  { to, command }: Mail,
  signal: AbortSignal,
  timeoutMs = usualTimeout,
): Promise<Delivery> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve({ state: 'later', why: 'was not waited for: the monitor ends.' });
      return;
    }
    const later = (why: string): void => resolve({ state: 'later', why: `${command}: ${why}` });
    // No shell: the addresses are arguments, behind what ends the options.
    const child = spawn(command, ['-i', '--', ...to], { stdio: ['pipe', 'ignore', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (said.length < 1000) said += part;
    });
    // A program that ends without reading: its exit code says the rest.
    child.stdin.on('error', () => undefined);
    child.on('error', error => later(error.message));
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (code === 0) resolve({ state: 'delivered' });
      else later(`ended with ${killedBy ?? code}${said && `: ${oneLine(said.trim(), 200)}`}`);
    });
    child.stdin.end(mailOf(message, to));
  });
}
