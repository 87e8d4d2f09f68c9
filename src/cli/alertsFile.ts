import fs from 'node:fs';
import path from 'node:path';
import { usualMailer } from '../core/alerts/channels.ts';
import { type AlertsConfig, parseAlerts, usualAlerts } from '../core/alerts/config.ts';
import { oneLine } from '../core/describe.ts';
import { asArgument } from '../core/shellWord.ts';
import { NotFound } from './session.ts';

/** Where VS Code keeps it, seen from the folder of a project. */
export const usualAlertsFile = path.join('.vscode', 'agent-traces.alerts.json');
const mostBytes = 1_000_000;

/** The alerts file is wrong. */
export class BadAlerts extends Error {}

/** What is watched: by a given file, by that of the folder one is in, or the article's failure rate and loops. */
export function alertsIn(given: string | undefined): {
  readonly config: AlertsConfig;
  /** Undefined where none was found. */
  readonly file: string | undefined;
} {
  const file = given ?? (fs.existsSync(usualAlertsFile) ? usualAlertsFile : undefined);
  if (file === undefined) return { config: usualAlerts, file };
  const { config, problems } = parseAlerts(contentOf(file));
  if (problems.length > 0) {
    const lines = problems.map(
      ({ line, column, message }) => `${file}:${line}:${column}: ${message}`,
    );
    throw new BadAlerts(lines.join('\n'));
  }
  if (config.rules.length === 0) throw new BadAlerts(`${file}: There are no rules in it.`);
  if (given === undefined) refuseProgram(config, file);
  return { config, file };
}

/** The folder one is in may be somebody else's: nobody who watches a file there has agreed to run what it brings. */
function refuseProgram({ channels }: AlertsConfig, file: string): void {
  for (const channel of channels) {
    if (channel.type !== 'email' || channel.command === usualMailer) continue;
    throw new BadAlerts(
      `${file}: The channel ${channel.id} would run ${oneLine(channel.command, 300)}. A file that is only found here may not; if it is to, name it: --config ${asArgument(file)}`,
    );
  }
}

function contentOf(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > mostBytes) throw new RangeError(`it has ${size} bytes, of ${mostBytes} at most`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotFound(`The alerts in ${file} cannot be read: ${why}.`);
  }
}
