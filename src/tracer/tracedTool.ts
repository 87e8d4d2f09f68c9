import type { CallSite } from '../node/callSite.ts';
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
  readonly source?: CallSite | undefined;
}

const inPackage = /[\\/]node_modules[\\/]/;

/** Where a tool was called from; what a package calls, such as a runner of tools, has the place where it was made. */
export function toolSource(
  tracer: AgentTracer,
  called: Called,
  made: CallSite | undefined,
): CallSite | undefined {
  const found = tracer.sourceAbove(called);
  return found && !inPackage.test(found.file) ? found : made;
}

/** Calls a tool inside a span of its own. */
export function runTool<T>(tracer: AgentTracer, call: ToolCall, fn: () => T): T {
  const metadata = {
    tool_name: call.name,
    tool_input: call.input,
    ...(call.toolUseId !== undefined && { tool_use_id: call.toolUseId }),
  };
  const opened = tracer.openAt(call.name, { kind: 'tool', metadata }, call.source);
  // The tool may sort, fill or empty what it was given.
  opened.keepAsGiven('tool_input');
  return tracer.inside(opened, span => {
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
