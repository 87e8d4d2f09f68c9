import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { TraceError } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { lockFile } from '../node/stateFile.ts';
import type { ReaderApi } from '../protocol/reader.ts';
import { alertsIn } from './alertsFile.ts';
import { minutes, seconds } from './arguments.ts';
import { named } from './cells.ts';
import { type Looked, Monitor } from './monitor.ts';
import { usualStateFile } from './monitorState.ts';
import { NotFound } from './session.ts';
import type { Terminal } from './terminal.ts';

interface MonitorOptions {
  readonly once?: true;
  readonly every: number;
  readonly config?: string;
  readonly state?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly editorScheme: string;
  readonly staleAfter: number;
}

interface Around {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly reader: () => ReaderApi;
  readonly wordsOf: (error: TraceError) => string;
  /** Is told the exit code. */
  readonly ended: (code: number) => void;
}

const isFiring = 3;

/** Adds the command `monitor`. */
export function addMonitor(program: Command, around: Around): void {
  program
    .command('monitor <db...>')
    .description('watch trace files, and tell of alerts')
    .option('--once', 'look once and end, for cron')
    .option('--every <seconds>', 'how long to wait between two looks', seconds, 30)
    .option('--config <file>', 'rules and channels; default: .vscode/agent-traces.alerts.json')
    .option('--state <file>', 'where it is remembered what was told')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--json', 'print JSON, for scripts')
    .option('--editor-scheme <scheme>', 'how links into the editor begin', scheme, 'vscode')
    .option(
      '--stale-after <minutes>',
      'a run without activity for longer is not running',
      minutes,
      10,
    )
    .addHelpText(
      'after',
      '\nExit code: 0 nothing is firing, 3 an alert is, 1 a file cannot be read.',
    )
    .action(async (databases: readonly string[], options: MonitorOptions) => {
      around.ended(await monitor(databases, options, around));
    });
}

function scheme(text: string): string {
  if (/^[a-z][a-z0-9+.-]{0,40}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a scheme such as vscode, vscode-insiders or cursor.');
}

async function monitor(
  databases: readonly string[],
  options: MonitorOptions,
  around: Around,
): Promise<number> {
  const { terminal, env, now, reader, wordsOf } = around;
  const { config, file } = alertsIn(options.config);
  const paths = [...new Set(databases.map(one => path.resolve(one)))].sort();
  const stateFile =
    options.state ?? usualStateFile(env, [file === undefined ? '' : path.resolve(file), ...paths]);
  const dryRun = options.dryRun ?? false;
  const lock = dryRun ? undefined : lockFile(`${stateFile}.lock`);
  if (lock && 'heldBy' in lock) {
    throw new NotFound(
      `Another monitor (process ${lock.heldBy}) has the state in ${stateFile}. End it, or give this one another with --state.`,
    );
  }
  const over = new AbortController();
  const undo = onInterrupt(() => over.abort());
  try {
    const { json = false, editorScheme, staleAfter } = options;
    const staleAfterMs = staleAfter * 60_000;
    const how = { config, stateFile, dryRun, json, env, now, wordsOf, staleAfterMs };
    const watched = new Monitor(
      reader(),
      terminal,
      { ...how, databases: paths, scheme: editorScheme },
      over.signal,
    );
    if (!json && !options.once) {
      const what = `${integer(config.rules.length)} ${config.rules.length === 1 ? 'rule' : 'rules'}`;
      terminal.error(
        `agent-traces: watching ${databases.join(', ')} by ${what} of ${file ?? 'its own'}.\n`,
      );
    }
    for (;;) {
      const looked = await watched.look();
      if (options.once) {
        sumUp(looked, json, terminal);
        return codeOf(looked);
      }
      if (over.signal.aborted || !(await wait(options.every * 1000, over.signal))) {
        return looked.firing.length > 0 ? isFiring : 0;
      }
    }
  } finally {
    undo();
    lock?.release();
  }
}

const codeOf = ({ firing, unread }: Looked): number =>
  firing.length > 0 ? isFiring : unread.length > 0 ? 1 : 0;

function sumUp(
  { firing, notices, waiting, unread }: Looked,
  json: boolean,
  terminal: Terminal,
): void {
  if (json) {
    terminal.write(`${JSON.stringify({ firing, told: notices.length, waiting, unread })}\n`);
    return;
  }
  if (firing.length === 0) {
    if (unread.length === 0) terminal.write('Nothing is firing.\n');
    return;
  }
  for (const { file, rule, group, since } of firing) {
    const of = group === '' ? '' : ` of ${named(group)}`;
    const from = new Date(since).toISOString();
    terminal.write(`firing since ${from}: ${rule}${of} in ${named(file)}\n`);
  }
}

/** Whether the time went by, rather than that it is over. */
function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
