import type { ToolCall } from '../core/replay/toolCall.ts';
import type { PreparedTool, ToolDefinition, ToolOutcome } from '../core/replay/toolTypes.ts';
import type { ToolWords } from '../core/replay/toolWords.ts';
import { prepareTool, type ReadyTool } from './prepareTool.ts';
import { runTool } from './runTool.ts';

/**
 * Runs tools for an editor, in processes of their own.
 *
 * @param programs the folder of our own programs, dist
 */
export function toolHost(programs: string) {
  // What was looked at is what is run, whatever has become of the files meanwhile.
  const ready = new WeakMap<PreparedTool, ReadyTool>();
  const { env } = process;
  return {
    prepare(definition: ToolDefinition, folder: string, words: ToolWords): PreparedTool {
      const tool = prepareTool(definition, { folder, env, words });
      ready.set(tool, tool);
      return tool;
    },
    async run(
      prepared: PreparedTool,
      call: ToolCall,
      inputs: ReadonlyMap<string, string>,
      { words, signal }: { readonly words: ToolWords; readonly signal: AbortSignal },
    ): Promise<ToolOutcome> {
      const tool = ready.get(prepared);
      if (!tool) throw new TypeError('a tool that was not prepared here');
      const { folder } = prepared;
      return runTool({ tool, call, inputs, signal, folder, env, words, programs });
    },
  };
}
