import path from 'node:path';
import { CommanderError } from 'commander';
import { TraceError } from '../core/errors.ts';
import { isToolCall } from '../core/kind.ts';
import { compareResults, type ResultComparison } from '../core/replay/compareResults.ts';
import type { ReplayIds, ReplayOrigin } from '../core/replay/replayRun.ts';
import { registeredName, type ToolCall, toolCall } from '../core/replay/toolCall.ts';
import type { PreparedTool, ToolOutcome } from '../core/replay/toolTypes.ts';
import { toolWords } from '../core/replay/toolWords.ts';
import { gitState } from '../node/gitState.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { prepareTool, type ReadyTool } from '../node/prepareTool.ts';
import { programVersions } from '../node/programFacts.ts';
import { keepToolReplay, openReplayFile } from '../node/replayFile.ts';
import { defaultReplayFile } from '../node/replayPath.ts';
import { runTool } from '../node/runTool.ts';
import { named } from './cells.ts';
import type { ReplayCall } from './replay.ts';
import { showTool, showToolReplay } from './replayToolOutput.ts';
import { NotFound, type Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { toolIn } from './toolsFile.ts';

export interface ToolReplay {
  /** A file with registrations. */
  readonly tools: string;
  readonly asked: ReplayCall;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of our own programs. */
  readonly programs: string;
}

/** All that is known before a tool is run. */
export interface ToolPlan {
  readonly origin: ReplayOrigin;
  readonly call: ToolCall;
  readonly tool: PreparedTool;
  /** Undefined: the replay is not kept. */
  readonly file: string | undefined;
}

/** What came of it. */
export interface ReplayedToolCall {
  readonly outcome: ToolOutcome;
  /** Undefined where one side has nothing. */
  readonly comparison: ResultComparison | undefined;
  /** Undefined where it is not kept. */
  readonly ids: ReplayIds | undefined;
}

const failedToRun = 1;

/** Runs the tool of a recorded call again. @returns the exit code */
export async function replayTool(
  session: Session,
  replay: ToolReplay,
  terminal: Terminal,
): Promise<number> {
  const { asked, env, programs } = replay;
  const { origin, call } = await recordedCall(session, asked);
  const place = { folder: process.cwd(), env, words: toolWords };
  const tool = prepareTool(toolIn(replay.tools, call.tool), place);
  const inputs = inputsOf(tool, env);
  const file = asked.record && !asked.dryRun ? (asked.out ?? defaultReplayFile()) : undefined;
  const plan: ToolPlan = { origin, call, tool, file: file && path.resolve(file) };
  showTool(plan, asked, terminal);
  if (asked.dryRun) return 0;
  if (plan.file !== undefined) await openReplayFile(plan.file);
  if (!asked.yes) {
    if (!terminal.ask) throw usage('A tool may change things: to run it unasked, give --yes.');
    if (!(await terminal.ask('Run it?'))) return failedToRun;
  }
  // From here on there may be a writer, and it may be of the file that was read.
  await session.reader.close(session.file);
  const git = await gitState(place.folder);
  const controller = new AbortController();
  const undo = onInterrupt(() => controller.abort());
  try {
    const { signal } = controller;
    const outcome = await runTool({ ...place, tool, call, inputs, signal, programs });
    const replayed = { origin, call, definition: tool.definition, outcome, git };
    const ids =
      plan.file === undefined || outcome.duration === 0
        ? undefined
        : await keepToolReplay(plan.file, { ...replayed, versions: programVersions });
    showToolReplay(
      plan,
      { outcome, ids, comparison: comparisonOf(call, outcome) },
      asked,
      terminal,
    );
    return outcome.error ? failedToRun : 0;
  } finally {
    undo();
  }
}

/** A failure is compared with a recorded one, a result with a result. */
function comparisonOf(call: ToolCall, outcome: ToolOutcome): ResultComparison | undefined {
  const { recorded } = call;
  const came = outcome.error ? outcome.failure : outcome.text;
  return recorded && came !== undefined ? compareResults(recorded.text, came) : undefined;
}

async function recordedCall(
  session: Session,
  asked: ReplayCall,
): Promise<{ readonly origin: ReplayOrigin; readonly call: ToolCall }> {
  const { reader, file, clock } = session;
  if (asked.edit !== undefined || asked.model !== undefined || asked.times > 1 || asked.baseUrl) {
    throw usage('--edit, --model, --times and --base-url are for model calls, not for tools.');
  }
  const spanId = await session.findSpan(asked.span);
  const { span } = await reader.span(file, spanId, clock);
  const name = named(span.name);
  if (!isToolCall(span)) {
    throw new NotFound(`"${name}" is no call of a tool. To replay a model call, omit --tools.`);
  }
  const metadata = await session.text(spanId, 'metadata');
  const error = await session.text(spanId, 'error');
  const call = toolCall(registeredName(span), { name, metadata, error });
  return { origin: { runId: span.runId, spanId, file, name }, call };
}

/** What VS Code would ask for is read from the environment: a terminal shows what is typed. */
function inputsOf(
  { inputs, definition }: ReadyTool,
  env: ToolReplay['env'],
): ReadonlyMap<string, string> {
  const server = definition.way.kind === 'mcp' ? definition.way.server : '';
  return new Map(
    inputs.map(({ id, default: usual }) => {
      const variable = `AGENT_TRACES_INPUT_${id.toUpperCase().replace(/\W/g, '_')}`;
      const value = env[variable] ?? usual;
      if (value === undefined) throw new TraceError('toolNoInput', [server, id, variable]);
      return [id, value];
    }),
  );
}

const usage = (words: string): CommanderError =>
  new CommanderError(2, 'agent-traces.replay', words);
