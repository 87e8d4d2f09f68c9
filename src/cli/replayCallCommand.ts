import type { Command } from 'commander';
import { minutes, seconds, times } from './arguments.ts';
import type { ReplayCall } from './replay.ts';

interface Options {
  readonly edit?: string;
  readonly tools?: string;
  readonly model?: string;
  readonly times: number;
  readonly timeout: number;
  readonly baseUrl?: string;
  readonly out?: string;
  readonly record: boolean;
  readonly dryRun?: true;
  readonly json?: true;
  readonly yes?: true;
  readonly staleAfter: number;
  readonly prices?: string;
}

/** How a trace file is opened. */
export type Opening = Pick<Options, 'staleAfter' | 'prices'>;

const help = `
The key is read from ANTHROPIC_API_KEY, the address from --base-url or ANTHROPIC_BASE_URL. With --dry-run the
document that would be sent is printed, so that it can be edited and given with --edit.

A tool call is run again where --tools names a file with its registration.`;

export function addReplayCall(
  program: Command,
  act: (
    db: string,
    opening: Opening,
    asked: ReplayCall,
    tools: string | undefined,
  ) => Promise<void>,
): void {
  program
    .command('replay <db> <span>')
    .description('send a recorded model call again, or run a tool, and compare the answers')
    .option('--tools <file>', 'JSON with tools that may be run again, as agentTraces.replay.tools')
    .option('--edit <file>', 'send this document in place of the recorded request')
    .option('--model <id>', 'ask another model')
    .option('--times <n>', 'send it so many times, and say how far the answers agree', times, 1)
    .option('--base-url <url>', 'another server that speaks the Messages API')
    .option('--timeout <seconds>', 'wait so long for the next word of an answer', seconds, 600)
    .option('--out <file>', 'keep the replays in this file; by default in one for all of them')
    .option('--no-record', 'keep nothing')
    .option('--dry-run', 'send nothing: say what would be sent, and print the document')
    .option('--yes', 'do not ask before sending')
    .option('--json', 'print JSON, for scripts')
    .option(
      '--stale-after <minutes>',
      'a run without activity for longer is not running',
      minutes,
      10,
    )
    .option('--prices <file>', 'JSON with prices of your own, as the setting agentTraces.prices')
    .addHelpText('after', help)
    .action(async (db: string, span: string, options: Options) => {
      const { edit, model, times: of, timeout, baseUrl, out, record } = options;
      const { dryRun = false, json = false, yes = false } = options;
      const asked = {
        span,
        edit,
        model,
        times: of,
        silenceMs: timeout * 1000,
        baseUrl,
        out,
        record,
        dryRun,
        json,
        yes,
      };
      await act(db, options, asked, options.tools);
    });
}
