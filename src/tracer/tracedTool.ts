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
}

/**
 * @internal Calls a tool inside a span of its own.
 *
 * @param called whose caller the span has as its place
 */
export function runTool<T>(
  tracer: Pick<AgentTracer, 'spanKeeping'>,
  call: ToolCall,
  fn: () => T,
  called?: Called,
): T {
  const metadata = {
    tool_name: call.name,
    tool_input: call.input,
    ...(call.toolUseId !== undefined && { tool_use_id: call.toolUseId }),
  };
  return tracer.spanKeeping(call.name, { kind: 'tool', metadata }, fn, keepResult, called);
}

function keepResult({ metadata }: Span, result: unknown): void {
  if (typeof result === 'string') metadata.result_length = result.length;
  metadata.tool_result = result;
}
