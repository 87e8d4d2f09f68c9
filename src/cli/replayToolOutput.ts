import { oneLine } from '../core/describe.ts';
import { formatDuration } from '../core/format.ts';
import { commandText } from '../core/replay/toolTypes.ts';
import { jsonMs, orNull } from './numbers.ts';
import type { ReplayCall } from './replay.ts';
import type { ReplayedToolCall, ToolPlan } from './replayTool.ts';
import { complain, styled, type Terminal } from './terminal.ts';

/** What will be run, before it is. */
export function showTool(plan: ToolPlan, asked: ReplayCall, terminal: Terminal): void {
  const { tool, call, origin } = plan;
  if (asked.json) {
    if (!asked.dryRun) return;
    terminal.write(`${JSON.stringify(planJson(plan), undefined, 2)}\n`);
    return;
  }
  const { way } = tool.definition;
  const what = way.kind === 'mcp' ? `the tool ${way.tool} of the MCP server ${way.server}` : '';
  const own = way.kind === 'module' ? `the function ${way.export} of a module` : what;
  const say = (words: string): void => terminal.write(`${oneLine(words, 1000)}\n`);
  say(`${styled(terminal, 'bold', origin.name)}${own === '' ? '' : `: ${own}`}`);
  say(`  runs: ${commandText(tool.runs)}`);
  if (tool.cwd !== undefined) say(`  in: ${tool.cwd}`);
  say(`  environment: ${tool.variables.join(', ') || 'none'}`);
  say(`  input: ${JSON.stringify(JSON.parse(call.input))}`);
}

/** What came, beside what was recorded. Scripts depend on the names of `--json` and their order. */
export function showToolReplay(
  plan: ToolPlan,
  replayed: ReplayedToolCall,
  asked: ReplayCall,
  terminal: Terminal,
): void {
  const { outcome, comparison, ids } = replayed;
  if (asked.json) {
    const json = { ...planJson(plan), ...replayJson(plan, replayed) };
    terminal.write(`${JSON.stringify(json, undefined, 2)}\n`);
    return;
  }
  terminal.write('\n');
  if (outcome.error) complain(terminal, outcome.error.message);
  else terminal.write(`It took ${formatDuration(outcome.duration)}.\n`);
  const { recorded } = plan.call;
  if (recorded?.cut !== undefined) {
    terminal.write(`Of what was recorded something was taken out: ${oneLine(recorded.cut, 300)}\n`);
  }
  if (comparison) {
    const at = comparison.at === undefined ? '' : `, first at ${oneLine(comparison.at, 200)}`;
    terminal.write(comparison.same ? 'It is as recorded.\n' : `It is not as recorded${at}.\n`);
    if (comparison.lostJson) {
      terminal.write(
        'What was recorded is JSON, and this is none. See that the tool prints its result alone; all else belongs on its error output.\n',
      );
    }
    if (!comparison.same) {
      terminal.write(`\nrecorded${recorded?.failed ? ' (it failed)' : ''}\n`);
      terminal.write(`${visible(comparison.recorded)}\n\nreplayed\n`);
      terminal.write(`${visible(comparison.replayed)}\n`);
    }
  } else if (outcome.text !== undefined) {
    if (!recorded) terminal.write('No result was recorded to compare with.\n');
    terminal.write(`\n${visible(outcome.text)}\n`);
  }
  if (ids && plan.file !== undefined) terminal.write(`\nKept in ${plan.file}: ${ids.runId}\n`);
}

const mostLines = 200;

/** Line by line: what a tool printed must not move the cursor. */
function visible(text: string): string {
  const lines = text.split('\n');
  const shown = lines.slice(0, mostLines).map(line => oneLine(line, 2000));
  const more = lines.length - mostLines;
  return [...shown, ...(more > 0 ? [`… and ${more} more lines; --json has all`] : [])].join('\n');
}

const planJson = ({ origin, call, tool }: ToolPlan): object => ({
  runId: origin.runId,
  spanId: origin.spanId,
  tool: call.tool,
  kind: tool.definition.way.kind,
  runs: tool.runs,
  cwd: orNull(tool.cwd),
  variables: tool.variables,
  input: JSON.parse(call.input) as unknown,
});

function replayJson({ call, file }: ToolPlan, replayed: ReplayedToolCall): object {
  const { outcome, comparison, ids } = replayed;
  const { error } = outcome;
  return {
    recorded: call.recorded ? { text: call.recorded.text, failed: call.recorded.failed } : null,
    replay: {
      runId: orNull(ids?.runId),
      spanId: orNull(ids?.spanId),
      text: orNull(outcome.text),
      error: error ? { code: error.code, message: error.message } : null,
      failure: orNull(outcome.failure),
      log: outcome.log,
      exitCode: orNull(outcome.exitCode),
      durationMs: jsonMs(outcome.duration),
    },
    same: orNull(comparison?.same),
    differsAt: orNull(comparison?.at),
    file: orNull(file),
  };
}
