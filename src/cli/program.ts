import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { type CostKey, costKeys } from '../core/costBy.ts';
import { fillIn, TraceError, type TraceErrorCode } from '../core/errors.ts';
import { englishWords } from '../core/words.ts';
import { keepYoungSmall } from '../node/garbage.ts';
import type { ReaderApi } from '../protocol/reader.ts';
import { BadAlerts } from './alertsFile.ts';
import { count, minutes } from './arguments.ts';
import { listCause, showCause } from './cause.ts';
import { addCheck } from './check.ts';
import { listCosts, showCosts } from './cost.ts';
import { DemoError, demoWords, writeDemo } from './demo.ts';
import { exportRuns } from './export.ts';
import { addExport } from './exportCommand.ts';
import { listFailed, showFailed } from './failed.ts';
import { addImport } from './import.ts';
import { listInsights, showInsights, usualRuns } from './insights.ts';
import { addMonitor } from './monitorCommand.ts';
import { pricesIn } from './pricesFile.ts';
import { addReceive } from './receive.ts';
import { replayCall } from './replay.ts';
import { addReplayCall } from './replayCallCommand.ts';
import { addServeReplay } from './replayCommand.ts';
import { replayTool } from './replayTool.ts';
import { listRuns, showRuns } from './runs.ts';
import { checkQuery, listHits, showHits } from './search.ts';
import { NotFound, Session } from './session.ts';
import { listSpans, showSpans } from './show.ts';
import { complain, type Terminal } from './terminal.ts';

export interface Surroundings {
  readonly terminal: Terminal;
  readonly now: () => number;
  readonly reader: () => ReaderApi;
  readonly version: string;
  /** The path of the sample trace file, which lies beside our programs. */
  readonly sample: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Options {
  readonly json?: true;
  readonly limit?: number;
  readonly runs?: number;
  readonly by?: CostKey;
  readonly staleAfter: number;
  readonly prices?: string;
}

interface Verb {
  readonly list: (session: Session, options: Options, terminal: Terminal) => Promise<unknown>;
  readonly show: (session: Session, options: Options, terminal: Terminal) => Promise<string>;
}

const failedToRead = 1;
const badUsage = 2;

/**
 * Runs one command line.
 *
 * @param args without the program's own name
 * @returns the exit code: 0, 1 for what cannot be read or is not there, 2 for bad usage, or that of the
 *   program that was run
 */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const { terminal } = around;
  try {
    let code = 0;
    const ended = (of: number): void => {
      code = of;
    };
    await programOf(around, ended).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code !== 'commander.help')
        complain(terminal, error.message.replace(/^error: /, ''));
      return badUsage;
    }
    if (error instanceof BadAlerts) {
      for (const line of error.message.split('\n')) complain(terminal, line);
      return badUsage;
    }
    const ownWords = error instanceof NotFound || error instanceof DemoError;
    complain(terminal, ownWords ? error.message : wordsOf(TraceError.from(error)));
    return failedToRead;
  }
}

/** Next steps that a terminal has: nothing is refreshed there, and no log is kept. */
const ownWords: Partial<Record<TraceErrorCode, string>> = {
  fileMissing: '{0} does not exist.',
  fileUnreadable: '{0} could not be read: {1}.',
  fileEmpty: '{0} is empty (zero bytes). Run the agent once with the tracer on.',
  walOnly:
    '{0} has no tables yet; its data is still in {0}-wal. Let the agent finish or close its connection.',
  fileBusy: '{0} is being written to faster than it can be read. Try again in a moment.',
  importTraceFile:
    '{0} is a SQLite database, which needs no import. Read it as it is: agent-traces runs {0}',
  exportExists:
    '{0} is there already, and is left as it is. Choose a name that is not there yet, or replace it with --force.',
  unexpected: 'Something went wrong: {0}.',
};

const wordsOf = (error: TraceError): string =>
  fillIn(ownWords[error.code] ?? error.message, error.args);

function programOf(around: Surroundings, ended: (code: number) => void): Command {
  const { terminal } = around;
  const program = new Command('agent-traces')
    .description(
      'Reads the runs of agents out of trace files, which stay as they are: only receive writes into the one that it is given.',
    )
    .version(around.version)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: terminal.write,
      // Help that follows a missing command; errors themselves are said by `run`.
      writeErr: terminal.error,
      outputError: () => undefined,
    });
  const add = (usage: string, description: string, verbOf: (id: string) => Verb): Command =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print JSON, for scripts')
      .option(
        '--stale-after <minutes>',
        'a run without activity for longer is not running',
        minutes,
        10,
      )
      .option('--prices <file>', 'JSON with prices of your own, as the setting agentTraces.prices')
      .action(async (db: string, ...rest: readonly unknown[]) => {
        const id = typeof rest[0] === 'string' ? rest[0] : '';
        const options = rest.find(one => typeof one === 'object') as Options;
        await execute(around, db, verbOf(id), options);
      });
  add('runs <db>', 'list the runs, newest first', () => ({
    list: (session, { limit }) => listRuns(session, limit),
    show: (session, { limit }, to) => showRuns(session, limit, to),
  })).option('--limit <n>', 'at most so many', count);
  add('failed <db>', 'list the failed runs, where each failed and which call asked for it', () => ({
    list: (session, { limit }) => listFailed(session, limit),
    show: (session, { limit }, to) => showFailed(session, limit, to),
  })).option('--limit <n>', 'at most so many', count);
  add('show <db> <run>', 'show the spans of a run as a tree', id => ({
    list: session => listSpans(session, id),
    show: (session, _, to) => showSpans(session, id, to),
  }));
  add('cause <db> <span>', 'show which LLM call asked for a span', id => ({
    list: session => listCause(session, id),
    show: (session, _, to) => showCause(session, id, to),
  }));
  add('search <db> <query>', 'find spans, newest run first; README.md has the language', text => {
    checkQuery(text);
    return {
      list: (session, { limit }) => listHits(session, text, limit),
      show: (session, { limit }, to) => showHits(session, text, limit, to),
    };
  })
    .option('--limit <n>', 'at most so many', count)
    .addHelpText('after', '\nA query that begins with “-” follows “--”.');
  add('cost <db>', 'sum what was paid', () => ({
    list: (session, { by = 'tool', limit }, to) => listCosts(session, by, limit, to),
    show: (session, { by = 'tool', limit }, to) => showCosts(session, by, limit, to),
  }))
    .addOption(new Option('--by <key>', 'by what').choices(costKeys).default('tool'))
    .option('--limit <n>', 'at most so many rows', count);
  add('insights <db> [run]', 'say what stands out in the newest runs, or in one', id => ({
    list: (session, { runs }, to) => listInsights(session, id, runs, to),
    show: (session, { runs }, to) => showInsights(session, id, runs, to),
  })).option('--runs <n>', 'look at so many of the newest runs', count, usualRuns);
  program
    .command('demo [file]')
    .description('write a sample trace file to try the other commands on')
    .option('--json', 'print JSON, for scripts')
    .action((to: string | undefined, { json }: { readonly json?: true }) => {
      const file = writeDemo(around.sample, to);
      terminal.write(json ? `${JSON.stringify({ file }, undefined, 2)}\n` : demoWords(file));
    });
  addImport(program, terminal);
  const { env } = around;
  addReceive(program, { terminal, env, ended });
  addExport(program, async (db, opening, asked) => {
    keepYoungSmall();
    const session = await open(around, db, opening);
    ended(await exportRuns(session, asked, { terminal, env, version: around.version }));
  });
  addServeReplay(program, {
    terminal,
    env,
    minutes,
    ended,
    open: (db, options) => open(around, db, options),
  });
  addReplayCall(program, async (db, opening, asked, tools) => {
    const session = await open(around, db, opening);
    const programs = path.dirname(around.sample);
    ended(
      tools === undefined
        ? await replayCall(session, asked, terminal, env)
        : await replayTool(session, { tools, asked, env, programs }, terminal),
    );
  });
  addMonitor(program, { ...around, wordsOf, ended });
  addCheck(program, {
    terminal,
    env,
    minutes,
    ended,
    open: (db, options) => open(around, db, options),
  });
  return program;
}

async function execute(
  around: Surroundings,
  db: string,
  verb: Verb,
  options: Options,
): Promise<void> {
  const { terminal } = around;
  const session = await open(around, db, options);
  terminal.write(
    options.json
      ? `${JSON.stringify(await verb.list(session, options, terminal), undefined, 2)}\n`
      : await verb.show(session, options, terminal),
  );
}

async function open(
  { terminal, now, reader }: Surroundings,
  db: string,
  options: Pick<Options, 'staleAfter' | 'prices'>,
): Promise<Session> {
  const clock = { now: now(), staleAfter: options.staleAfter * 60_000 };
  const prices =
    options.prices === undefined
      ? undefined
      : pricesIn(options.prices, problem => terminal.error(`agent-traces: ${problem}\n`));
  const session = await Session.open(reader(), db, clock, prices);
  if (session.staleness) {
    const { beside, why } = session.staleness;
    const words = beside === 'wal' ? englishWords.staleWal : englishWords.staleJournal;
    terminal.error(`agent-traces: ${fillIn(words, [session.name, why])}\n`);
  }
  return session;
}
