import { safeLog } from './guards.ts';
import type { Log, TracerOptions } from './options.ts';

const toConsole: Log = {
  error: message => console.error(`agent-traces: ${message}`),
  info: message => console.info(`agent-traces: ${message}`),
};
const silent: Log = { error: () => undefined, info: () => undefined };

/** Where a tracer says what it has to say; one that is off says nothing. */
export const logOf = ({ enabled = true, log = toConsole }: TracerOptions): Log =>
  enabled ? safeLog(log) : silent;
