import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FromUntil, fromUntilChoices, onDifferenceChoices } from '../core/replay/decision.ts';
import { type ReplayCommand, serveReplay } from './serveReplay.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

interface ReplayOptions extends Pick<ReplayCommand, 'until' | 'onDifference' | 'ignore'> {
  readonly then: FromUntil;
  readonly timing?: true;
  readonly json?: true;
  readonly out?: string;
  readonly record: boolean;
  readonly staleAfter: number;
}

interface Around {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads what is given after `--stale-after`. */
  readonly minutes: (text: string) => number;
  readonly open: (db: string, options: { readonly staleAfter: number }) => Promise<Session>;
  /** Is told the exit code. */
  readonly ended: (code: number) => void;
}

/** Adds the command `serve-replay`. */
export function addServeReplay(program: Command, around: Around): void {
  program
    .command('serve-replay <db> <run> [command...]')
    .usage('[options] <db> <run> [-- command ...]')
    .description('answer a program as the Messages API did in a recorded run')
    .option('--until <span>', 'answer the calls before this span only')
    .addOption(choice('--then <what>', 'what follows from that span on', fromUntilChoices))
    .addOption(
      choice('--on-difference <what>', 'where a request is not as recorded', onDifferenceChoices),
    )
    .option(
      '--ignore <field>',
      'fields of a request that are not compared, such as system',
      fields,
      [],
    )
    .option('--timing', 'take as long as the API did')
    .option('--out <file>', 'keep the replay in this file; by default in one for all of them')
    .option('--no-record', 'keep nothing')
    .option('--json', 'print JSON, one event a line')
    .option(
      '--stale-after <minutes>',
      'a run without activity for longer is not running',
      around.minutes,
      10,
    )
    .action(async (db: string, run: string, command: string[], options: ReplayOptions) => {
      const session = await around.open(db, options);
      const {
        then: fromUntil,
        onDifference,
        ignore,
        until,
        timing = false,
        json = false,
        out,
        record,
      } = options;
      const asked = {
        run,
        program: command,
        fromUntil,
        onDifference,
        ignore,
        until,
        timing,
        json,
        out,
        record,
      };
      around.ended(await serveReplay(session, asked, around.terminal, around.env));
    });
}

function fields(text: string, before: readonly string[]): readonly string[] {
  if (text === 'messages' || !/^[a-z_]+$/.test(text)) {
    throw new InvalidArgumentError('It must be a field of a request other than messages.');
  }
  return [...before, text];
}

const choice = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).choices(choices).default('stop');
