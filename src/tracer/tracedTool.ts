import type { CallSite } from '../node/callSite.ts';
import type { AgentTracer } from './agentTracer.ts';
import type { Span } from './span.ts';
import type { Called } from './spanHost.ts';

/** What `tracer.tracedTool` may be told of a tool. */
export interface ToolOptions<Args extends readonly unknown[]> {
  /**
   * The id of the `tool_use` block that a call answers, from its arguments: it leads to the call of the model
   * that asked for it. Where it throws, the tool is called without one.
   *
   * @example
   * tracer.tracedTool('search', (block: ToolUse) => search(block.input), { toolUseId: block => block.id });
   */
  readonly toolUseId?: (...args: Args) => string | undefined;
}

/** @internal */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly toolUseId?: string | undefined;
  readonly source?: CallSite | undefined;
}

const inPackage = /[\\/]node_modules[\\/]/;

/**
 * @internal Where a tool was called from; what a package calls, such as a runner of tools, has the place where
 * it was made.
 */
export function toolSource(
  tracer: AgentTracer,
  called: Called,
  made: CallSite | undefined,
): CallSite | undefined {
  const found = tracer.sourceAbove(called);
  return found && !inPackage.test(found.file) ? found : made;
}

/** @internal Calls a tool inside a span of its own. */
export function runTool<T>(tracer: AgentTracer, call: ToolCall, fn: () => T): T {
  const metadata = {
    tool_name: call.name,
    tool_input: call.input,
    ...(call.toolUseId !== undefined && { tool_use_id: call.toolUseId }),
  };
  const span = tracer.openAt(call.name, { kind: 'tool', metadata }, call.source);
  // The tool may sort, fill or empty what it was given.
  span.keepAsGiven('tool_input');
  return tracer.inside(span, fn, value => keepResult(span, value));
}

function keepResult({ metadata }: Span, result: unknown): void {
  if (typeof result === 'string') metadata.result_length = result.length;
  metadata.tool_result = result;
}
