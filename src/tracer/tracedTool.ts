import type { AgentTracer } from './agentTracer.ts';
import type { Span } from './span.ts';

export interface ToolOptions<Args extends readonly unknown[]> {
  /** The id of the `tool_use` block that a call answers, from its arguments. */
  readonly toolUseId?: (...args: Args) => string | undefined;
}

export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly toolUseId?: string | undefined;
}

/** Calls a tool inside a span of its own. */
export function runTool<T>(tracer: Pick<AgentTracer, 'span'>, call: ToolCall, fn: () => T): T {
  const metadata = {
    tool_name: call.name,
    tool_input: call.input,
    ...(call.toolUseId !== undefined && { tool_use_id: call.toolUseId }),
  };
  return tracer.span(call.name, { kind: 'tool', metadata }, span => {
    const result = fn();
    if (result instanceof Promise) return result.then(value => keepResult(span, value)) as T;
    return keepResult(span, result);
  });
}

function keepResult<T>(span: Span, result: T): T {
  if (typeof result === 'string') span.metadata.result_length = result.length;
  // A generator is still to give its result.
  const tag = Object.prototype.toString.call(result);
  if (!tag.endsWith('Generator]')) span.metadata.tool_result = result;
  return result;
}
