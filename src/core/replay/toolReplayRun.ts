import type { AuditGit, AuditVersions } from '../audit.ts';
import type { Fields } from '../fields.ts';
import type { SpanRow } from '../traceRows.ts';
import type { ReplayIds, ReplayOrigin } from './replayRun.ts';
import type { ToolCall } from './toolCall.ts';
import type { ToolDefinition, ToolOutcome } from './toolTypes.ts';

/** A tool that was run again, and what came of it. */
export interface ReplayedTool {
  readonly origin: ReplayOrigin;
  readonly call: ToolCall;
  readonly definition: ToolDefinition;
  readonly outcome: ToolOutcome;
  readonly git: AuditGit | undefined;
  readonly versions: AuditVersions;
}

/** The rows of such a replay: a run of its own, and in it the call as the tracer would record it. */
export function toolReplayRows(replayed: ReplayedTool, ids: ReplayIds): readonly SpanRow[] {
  const { origin, outcome } = replayed;
  const { start, duration, error, failure } = outcome;
  const row = {
    type: 'span',
    runId: ids.runId,
    startTime: start / 1000,
    endTime: (start + duration) / 1000,
    status: error ? 'error' : 'ok',
    error: error && (failure ?? error.message),
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    model: '',
  } as const;
  return [
    {
      ...row,
      spanId: ids.runId,
      parentSpanId: undefined,
      name: `replay of ${origin.name}`,
      metadata: JSON.stringify(rootFields(replayed)),
    },
    {
      ...row,
      spanId: ids.spanId,
      parentSpanId: ids.runId,
      name: origin.name,
      metadata: toolMetadata(replayed),
    },
  ];
}

const links = ({ origin }: ReplayedTool): Fields => ({
  replay_of_run: origin.runId,
  replay_of_span: origin.spanId,
  replay_of_file: origin.file,
});

function rootFields(replayed: ReplayedTool): Fields {
  const { definition, git, versions } = replayed;
  const { way, cwd, env, passEnv } = definition;
  return {
    kind: 'chain',
    ...links(replayed),
    replay_edited: [],
    // Values of variables may be secrets, so only their names are kept.
    replay_tool: { ...way, ...(cwd && { cwd }), variables: [...Object.keys(env), ...passEnv] },
    ...(git && { git }),
    versions,
  };
}

/** The input goes into it as the text that was handed over: numbers stay as they are written. */
function toolMetadata(replayed: ReplayedTool): string {
  const { call, outcome } = replayed;
  const fields: Fields = {
    kind: 'tool',
    tool_name: call.tool,
    ...links(replayed),
    ...(outcome.text !== undefined && {
      tool_result: outcome.text,
      result_length: outcome.text.length,
    }),
    ...(outcome.exitCode !== undefined && { exit_code: outcome.exitCode }),
    ...(outcome.log !== '' && { tool_log: outcome.log }),
  };
  return `{"tool_input":${call.input},${JSON.stringify(fields).slice(1)}`;
}
