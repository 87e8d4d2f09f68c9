import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FileFormat, fileFormats } from '../formats/exportFormats.ts';
import { destinations } from '../net/destinations/all.ts';
import { minutes } from './arguments.ts';
import type { Opening } from './replayCallCommand.ts';

/** What is asked for. */
export interface ExportAsked {
  readonly runs: readonly string[];
  /** The id of a destination, an address or a file; `-` is the terminal's output. */
  readonly to: string;
  readonly format: FileFormat | undefined;
  readonly encoding: 'protobuf' | 'json' | undefined;
  readonly url: string | undefined;
  readonly service: string | undefined;
  readonly content: boolean;
  readonly redaction: boolean;
  readonly exact: boolean;
  readonly force: boolean;
  readonly again: boolean;
  readonly skipUnsure: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface Options extends Opening {
  readonly to: string;
  readonly format?: FileFormat;
  readonly encoding?: 'protobuf' | 'json';
  readonly url?: string;
  readonly service?: string;
  readonly content?: true;
  readonly redaction: boolean;
  readonly exact?: true;
  readonly force?: true;
  readonly again?: true;
  readonly skipUnsure?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

const names = destinations.map(({ id }) => id).join(', ');
const help = `
--to is one of ${names}; or the address that OTLP over HTTP goes to; or a file, whose
ending says what it becomes: .html, .md, .csv, .json or .jsonl (OTLP). A file that
is there stays, unless --force is given; - is the output. Keys are read from the environment:
${destinations
  .filter(({ variables }) => variables.length > 0)
  .map(
    ({ id, variables }) =>
      `  ${id}: ${variables.map(({ name, required }) => (required ? name : `[${name}]`)).join(' ')}`,
  )
  .join('\n')}
  any address: [OTEL_EXPORTER_OTLP_HEADERS]

Prompts, answers, inputs and results of tools stay here unless --content is given; then secrets and personal data
are taken out of them unless --no-redaction is given. What has arrived is not sent again.`;

export function addExport(
  program: Command,
  act: (db: string, opening: Opening, asked: ExportAsked) => Promise<void>,
): void {
  program
    .command('export <db> [runs...]')
    .description('send runs to an engine that speaks OpenTelemetry, or write them into a file')
    .requiredOption('--to <where>', 'a destination by name, an address or a file', where)
    .addOption(new Option('--format <format>', 'what the file becomes').choices(fileFormats))
    .addOption(
      new Option('--encoding <encoding>', 'how OTLP is sent').choices(['protobuf', 'json']),
    )
    .option('--url <url>', 'the whole address, in place of the one that is known')
    .option('--service <name>', 'the name of the service; by default what the run recorded')
    .option('--content', 'with prompts, answers, inputs and results of tools')
    .option('--no-redaction', 'with secrets and personal data, as recorded')
    .option('--exact', 'with each row as it is, for a receiver of ours')
    .option('--force', 'replace a file that is there')
    .option('--again', 'also what has arrived before')
    .option('--skip-unsure', 'without what was sent before and whose answer was lost')
    .option('--dry-run', 'send nothing: say what would be sent, with one span of it')
    .option('--json', 'print JSON, for scripts')
    .option(
      '--stale-after <minutes>',
      'a run without activity for longer is not running',
      minutes,
      10,
    )
    .option('--prices <file>', 'JSON with prices of your own, as the setting agentTraces.prices')
    .addHelpText('after', help)
    .action(async (db: string, runs: string[], options: Options) => {
      const { to, format, encoding, url, service, redaction } = options;
      const { content = false, exact = false, again = false, skipUnsure = false } = options;
      const { force = false, dryRun = false, json = false } = options;
      const asked = {
        runs,
        to,
        format,
        encoding,
        url,
        service,
        content,
        redaction,
        exact,
        force,
        again,
        skipUnsure,
        dryRun,
        json,
      };
      await act(db, options, asked);
    });
}

function where(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}
