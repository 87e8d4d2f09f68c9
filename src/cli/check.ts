import fs from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type Checked, type CheckLimits, checkRuns } from '../core/alerts/check.ts';
import { durationOf } from '../core/alerts/fields.ts';
import { nameTest } from '../core/alerts/rules.ts';
import { oneLine } from '../core/describe.ts';
import { integer } from '../core/format.ts';
import { markdownText } from '../core/inert.ts';
import type { RunSummary } from '../core/model.ts';
import { createRedactor } from '../core/redaction.ts';
import { count } from './arguments.ts';
import { failure, named } from './cells.ts';
import { jsonMs, jsonUsd, orNull } from './numbers.ts';
import { runJson } from './runs.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { styled, type Terminal } from './terminal.ts';

interface CheckOptions {
  readonly maxErrorRate?: number;
  readonly maxCost?: number;
  readonly maxRunCost?: number;
  readonly maxP99?: number;
  readonly minimumRuns: number;
  readonly name?: string;
  readonly since?: number;
  readonly json?: true;
  readonly staleAfter: number;
  readonly prices?: string;
}

interface Around {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly minutes: (text: string) => number;
  readonly open: (db: string, options: CheckOptions) => Promise<Session>;
  /** Is told the exit code. */
  readonly ended: (code: number) => void;
}

const redactor = createRedactor();
/** What a build prints is kept, and often public. */
const withoutSecrets = <T extends Pick<RunSummary, 'error'>>(run: T): T =>
  run.error === undefined ? run : { ...run, error: redactor.text(run.error.slice(0, 20_000)) };

const overLimit = 3;
const mostListed = 10;

/** Adds the command `check`. */
export function addCheck(program: Command, around: Around): void {
  program
    .command('check <db>')
    .description('fail a build when error rate, cost or latency of the runs pass a limit')
    .option('--max-error-rate <share>', 'failed runs, from 0 to 1', share)
    .option('--max-cost <usd>', 'of all runs together', amount)
    .option('--max-run-cost <usd>', 'of any run', amount)
    .option('--max-p99 <duration>', 'of the durations of runs, such as 90s or 5m', duration)
    .option('--minimum-runs <n>', 'fewer runs that ended fail as well', count, 1)
    .option('--name <name>', 'only runs of this name, with * for anything')
    .option('--since <duration>', 'only runs that began since, such as 2h', duration)
    .option('--json', 'print JSON, for scripts')
    .option(
      '--stale-after <minutes>',
      'a run without activity for longer is not running',
      around.minutes,
      10,
    )
    .option('--prices <file>', 'JSON with prices of your own, as the setting agentTraces.prices')
    .addHelpText('after', '\nExit code: 0 all is within the limits, 3 it is not.')
    .action(async (db: string, options: CheckOptions) => {
      around.ended(await check(await around.open(db, options), options, around));
    });
}

async function check(session: Session, options: CheckOptions, around: Around): Promise<number> {
  const { terminal, env } = around;
  const isMeant = nameTest({ runs: options.name });
  const from = options.since === undefined ? undefined : session.clock.now - options.since;
  const runs = (await session.runs('all')).filter(
    run => isMeant(run.name) && (from === undefined || (run.start ?? 0) >= from),
  );
  const limits: CheckLimits = {
    errorRate: options.maxErrorRate,
    cost: options.maxCost,
    runCost: options.maxRunCost,
    p99: options.maxP99,
    minimumRuns: options.minimumRuns,
  };
  const checked = checkRuns(runs, limits);
  const failed = runs
    .filter(run => run.status === 'error')
    .slice(0, mostListed)
    .map(withoutSecrets);
  terminal.write(options.json ? asJson(checked, failed) : asText(checked, failed, terminal));
  if (env.GITHUB_STEP_SUMMARY) {
    fs.appendFileSync(env.GITHUB_STEP_SUMMARY, asMarkdown(session.name, checked, failed));
  }
  return checked.ok ? 0 : overLimit;
}

function asJson(checked: Checked, failed: readonly RunSummary[]): string {
  const { ok, rows, runs, unfinished, cost, unpricedCalls, p99 } = checked;
  const value = {
    ...{ ok, runs, failed: checked.failed, unfinished },
    ...{ pricedCostUsd: jsonUsd(cost), unpricedCalls, p99Ms: orNull(jsonMs(p99)) },
    checks: rows,
    failedRuns: failed.map(runJson),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function asText(checked: Checked, failed: readonly RunSummary[], terminal: Terminal): string {
  const rows = checked.rows.map(({ what, value, limit, ok }) => [
    { text: ok ? '✓' : '✗', style: ok ? ('green' as const) : ('red' as const) },
    { text: what },
    { text: value },
    { text: limit },
  ]);
  const columns = [
    { title: '' },
    { title: 'CHECK' },
    { title: 'IS', right: true },
    { title: 'LIMIT' },
  ];
  const listed = failed.map(
    run => `  ${named(run.name)} ${oneLine(run.runId)}: ${failure(run.error).text}\n`,
  );
  const head = checked.failed > 0 ? `\n${integer(checked.failed)} failed:\n` : '';
  const end = checked.ok ? 'Within the limits.' : 'Over the limits.';
  const style = checked.ok ? 'green' : 'red';
  return `${table(terminal, columns, rows)}${head}${listed.join('')}\n${styled(terminal, style, end)}\n`;
}

/** What was recorded is shown as text, whatever Markdown it holds. */
function asMarkdown(name: string, checked: Checked, failed: readonly RunSummary[]): string {
  const text = (recorded: string): string => markdownText(oneLine(recorded, 300));
  const lines = [
    `### ${checked.ok ? '✅' : '❌'} Agent runs: ${text(name)}`,
    '',
    '| | Check | Is | Limit |',
    '|---|---|---|---|',
    ...checked.rows.map(
      ({ what, value, limit, ok }) => `| ${ok ? '✅' : '❌'} | ${what} | ${value} | ${limit} |`,
    ),
    '',
    ...failed.map(run => `- ${text(run.name)}: ${text(run.error ?? '') || 'failed'}`),
    ...(checked.failed > failed.length
      ? [`- and ${integer(checked.failed - failed.length)} more`]
      : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be an amount in US dollars.');
  }
  return value;
}

function duration(text: string): number {
  const value = durationOf(text);
  if (value === undefined)
    throw new InvalidArgumentError('It must be a duration such as 90s, 5m or 2h.');
  return value;
}
