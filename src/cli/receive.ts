import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { receiverVariables, type Shell, shellLines } from '../core/receiverRecipes.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { otlpPort, type Receiver, type ReceiverCounts, startReceiver } from '../node/receiver.ts';
import { receiverToken } from '../node/receiverGuard.ts';
import { defaultReceivedFile } from '../node/replayPath.ts';
import { complain, type Terminal } from './terminal.ts';

interface Options {
  readonly port: number;
  readonly file?: string;
  readonly token?: string | true;
  readonly keepDays?: number;
  readonly maxMb?: number;
  readonly json?: true;
}

interface Receiving {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ended: (code: number) => void;
}

/** Arguments are seen by all users of a machine; the environment of a program is not. */
const tokenVariable = 'AGENT_TRACES_RECEIVER_TOKEN';

/** Adds the command `receive`. */
export function addReceive(program: Command, { terminal, env, ended }: Receiving): void {
  program
    .command('receive')
    .description('write what programs send by OpenTelemetry (OTLP over HTTP) into a trace file')
    .option(
      '--port <n>',
      'listen at this port of this machine; 0 for any that is free',
      port,
      otlpPort,
    )
    .option('--file <db>', 'write to this trace file')
    .option(
      '--token [text]',
      `take nothing without a token, which is printed: this one, which other users of the machine may see; else that of ${tokenVariable}, which asks for one by itself too; else a new one`,
      token,
    )
    .option('--keep-days <n>', 'remove runs that began more days ago', limit)
    .option('--max-mb <n>', 'remove the oldest runs once the file holds more', limit)
    .option('--json', 'print JSON, one event a line')
    .action(async (options: Options) => {
      const inEnvironment = env[tokenVariable];
      if (inEnvironment !== undefined && !isToken.test(inEnvironment)) {
        complain(terminal, `${tokenVariable} is no token. ${tokenWords}`);
        return ended(2);
      }
      const { token = inEnvironment } = options;
      const asked = token === true ? (inEnvironment ?? receiverToken()) : token;
      ended(await receive({ ...options, token: asked }, terminal));
    });
}

async function receive(
  options: Omit<Options, 'token'> & { readonly token: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const file = path.resolve(options.file ?? defaultReceivedFile());
  const { keepDays, maxMb, token } = options;
  const maxBytes = maxMb === undefined ? undefined : maxMb * 1_000_000;
  const isLimited = keepDays !== undefined || maxMb !== undefined;
  let receiver: Receiver;
  try {
    receiver = await startReceiver({
      file,
      port: options.port,
      // Beside this program, as its bundle is.
      worker: path.join(__dirname, 'receiverWorker.js'),
      token,
      ...(isLimited && { keep: { maxAgeDays: keepDays, maxBytes } }),
      // What was not taken is said as it happens: the sender's own log is often looked at by nobody.
      log: line => complain(terminal, line),
    });
  } catch (error) {
    complain(terminal, whyNot(error, options.port));
    return 1;
  }
  const { url } = receiver;
  const env = receiverVariables('any', url, token);
  terminal.write(
    options.json
      ? `${JSON.stringify({ event: 'receiving', url, file, env })}\n`
      : `Receiving at ${url} into ${file}.\nGive your agent this environment, in the shell that starts it; Ctrl-C ends the receiver.\n\n${shellLines(env, shellOf(process.platform, process.env))}\n`,
  );
  await interrupted();
  await receiver.close();
  const { counts } = receiver;
  terminal.write(
    options.json ? `${JSON.stringify({ event: 'summary', file, ...counts })}\n` : summary(counts),
  );
  return 0;
}

function whyNot(error: unknown, wanted: number): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Another program has the port ${wanted}. Choose another one: --port ${wanted + 1}.`;
  }
  // Files have the same code.
  if (code === 'EACCES' && syscall === 'listen')
    return `The port ${wanted} is not for every user: choose one above 1023.`;
  return `It cannot receive: ${message}.`;
}

/** Which shell it was typed into: on Windows, only cmd has a variable for its prompt, and only others have SHELL. */
function shellOf(platform: NodeJS.Platform, { SHELL, PROMPT }: NodeJS.ProcessEnv): Shell {
  if (platform !== 'win32' || SHELL !== undefined) return 'posix';
  return PROMPT === undefined ? 'powershell' : 'cmd';
}

function summary({ requests, spans, logs, rejected, refused }: ReceiverCounts): string {
  const parts = [
    counted(spans, 'span', 'spans'),
    logs > 0 ? counted(logs, 'record of the log', 'records of the log') : '',
    rejected > 0 ? `${rejected} not taken` : '',
    refused > 0 ? counted(refused, 'request refused', 'requests refused') : '',
  ].filter(Boolean);
  return `${parts.join(', ')} in ${counted(requests, 'request', 'requests')}.\n`;
}

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) {
    throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  }
  return value;
}

function limit(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

/** What a header and OTEL_EXPORTER_OTLP_HEADERS take as it is. */
const isToken = /^[\w.~-]{16,200}$/;
const tokenWords = 'It must be 16 to 200 letters, digits or any of _ . ~ -.';

function token(text: string): string {
  if (!isToken.test(text)) throw new InvalidArgumentError(tokenWords);
  return text;
}

function interrupted(): Promise<void> {
  return new Promise(resolve => {
    const undo = onInterrupt(() => {
      undo();
      resolve();
    });
  });
}
