import type { AgentTracer } from './agentTracer.ts';
import type { Called, Span } from './span.ts';

export interface ToolOptions<Args extends readonly unknown[]> {
  /** The id of the `tool_use` block that a call answers, from its arguments. */
  readonly toolUseId?: (...args: Args) => string | undefined;
}

export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly toolUseId?: string | undefined;
}

/**
 * Calls a tool inside a span of its own.
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
