import fs from 'node:fs';
import { TraceError, type TraceErrorCode } from '../core/errors.ts';
import { formatBytes, formatDuration } from '../core/format.ts';
import { mcpFailed, mcpText } from '../core/replay/mcpResult.ts';
import type { ToolCall } from '../core/replay/toolCall.ts';
import type { ToolDefinition, ToolOutcome } from '../core/replay/toolTypes.ts';
import type { ToolReport } from './toolChild.ts';
import type { ProcessEnd } from './toolProcess.ts';

/** What it means for a tool how its process ended. */
export function outcomeOf(
  { name, way, timeout, mostBytes }: ToolDefinition,
  call: ToolCall,
  end: ProcessEnd,
  { program, cwd }: { readonly program: string; readonly cwd: string },
): ToolOutcome {
  const { start, duration, code: exitCode, errors: log } = end;
  const none = { text: undefined, failure: undefined, log, exitCode, start, duration };
  const fail = (code: TraceErrorCode, ...args: string[]): ToolOutcome => ({
    ...none,
    error: new TraceError(code, args),
  });
  const lines = end.report.split('\n').filter(Boolean);
  switch (end.how) {
    case 'notStarted':
      return { ...none, error: notStarted(name, program, cwd, end.problem) };
    case 'cancelled':
      return fail('cancelled');
    case 'timeout': {
      const took = formatDuration(timeout);
      const silent = way.kind === 'mcp' && lines.length === 0;
      return silent ? fail('toolMcpSilent', way.server, took) : fail('toolTimedOut', name, took);
    }
    case 'tooMuch':
      return fail('toolTooMuch', name, formatBytes(mostBytes));
    case 'killed':
      return fail('toolKilled', name, end.signalName ?? '', said(log));
    case 'exited':
      break;
  }
  if (way.kind === 'command') {
    const text = end.out.replace(/\r?\n$/, '');
    if (exitCode === 0) return { ...none, text, error: undefined };
    const error = new TraceError('toolExited', [name, String(exitCode), said(log || text)]);
    const failure = log.trim() || text.trim() || undefined;
    return { ...none, text: text === '' ? undefined : text, error, failure };
  }
  const own = { ...none, log: `${end.out.slice(-20_000)}${log}` };
  const report = reportIn(lines.at(-1));
  if (!report || 'stage' in report) {
    const ended =
      way.kind === 'mcp'
        ? new TraceError('toolMcpEnded', [way.server, said(log)])
        : new TraceError('toolNoResult', [name, String(exitCode), said(log)]);
    return { ...own, error: ended };
  }
  if (report.ms !== undefined) Object.assign(own, { duration: report.ms });
  if ('error' in report) {
    const { code, args } = report.error;
    // How a program ended that it started itself, only its error output says.
    const withLog = args.map((arg, at) => (arg === '' && at === args.length - 1 ? said(log) : arg));
    return { ...own, error: new TraceError(code, withLog), failure: report.failure };
  }
  if (way.kind === 'module') {
    const { value } = report;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { ...own, text, error: undefined };
  }
  const text = mcpText(report.value, call.recorded?.whole ?? false);
  if (!mcpFailed(report.value)) return { ...own, text, error: undefined };
  const error = new TraceError('toolSaidFailed', [name, said(text)]);
  return { ...own, text, error, failure: text };
}

function reportIn(line: string | undefined): ToolReport | undefined {
  try {
    return line === undefined ? undefined : (JSON.parse(line) as ToolReport);
  } catch {
    // A module may write to that stream as well; whoever does so has given no result.
    return undefined;
  }
}

function notStarted(
  name: string,
  program: string,
  cwd: string,
  problem: NodeJS.ErrnoException | undefined,
): TraceError {
  // The system says the same of a folder that is missing as of a program.
  if (!fs.existsSync(cwd)) return new TraceError('toolCwdMissing', [cwd], problem);
  if (problem?.code === 'ENOENT') return new TraceError('toolProgramMissing', [program], problem);
  if (problem?.code === 'EACCES') return new TraceError('toolProgramRefused', [program], problem);
  return new TraceError('toolNotStarted', [name, problem?.message ?? ''], problem);
}

const mostSaid = 300;

/** The end of what a program said, as a part of a sentence. */
function said(log: string): string {
  const text = log.replace(/\s+/g, ' ').trim();
  if (text === '') return 'it said nothing.';
  return text.length > mostSaid ? `“…${text.slice(-mostSaid)}”.` : `“${text}”.`;
}
