import { fieldsOf, textOf } from '../core/fields.ts';
import type { CallSite } from '../node/callSite.ts';
import type { AgentTracer } from './agentTracer.ts';
import { runTool, toolSource } from './tracedTool.ts';

type Run = (input: unknown, context?: unknown) => unknown;

/**
 * The arguments of `toolRunner` with tools that record their calls. The agent's own tools are left as they
 * are: another runner, or none, may use them too.
 *
 * @param made where they were given to the runner, for what itself calls them
 */
export function tracedRunnableTools(
  args: unknown[],
  tracer: AgentTracer,
  made: CallSite | undefined,
): unknown[] {
  const [params, ...others] = args;
  const { tools } = fieldsOf(params);
  if (!Array.isArray(tools)) return args;
  return [
    { ...fieldsOf(params), tools: tools.map(tool => tracedRunnable(tool, tracer, made)) },
    ...others,
  ];
}

function tracedRunnable(tool: unknown, tracer: AgentTracer, made: CallSite | undefined): unknown {
  const { run, name } = fieldsOf(tool);
  if (typeof run !== 'function' || typeof name !== 'string') return tool;
  // What is private to an instance of a class would not come along.
  if (Object.getPrototypeOf(tool) !== Object.prototype) return tool;
  const copy = Object.create(
    Object.prototype,
    Object.getOwnPropertyDescriptors(tool as object),
  ) as object;
  const traced: Run = (input, context) => {
    const toolUseId = textOf(fieldsOf(fieldsOf(context).toolUse).id);
    const source = toolSource(tracer, traced, made);
    return runTool(tracer, { name, input, toolUseId, source }, () =>
      (run as Run).call(tool, input, context),
    );
  };
  Object.defineProperty(copy, 'run', {
    value: traced,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}
