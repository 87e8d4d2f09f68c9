// The research agent of the article this project grew from, in TypeScript and on the real SDK.
import type Anthropic from '@anthropic-ai/sdk';
import type { AgentTracer } from '../../../src/tracer/main.ts';
import { type ReadInput, readPage, type SearchInput, search, toolDefinitions } from './library.ts';

const model = 'claude-haiku-4-5';
const system =
  'You are a research assistant. Search the library, read what fits, and answer briefly.';
const mostTurns = 8;

type ToolUse = Anthropic.ToolUseBlock;

/** Answers a question with the library. Each run is recorded, with its calls and tools. */
export function researcher(
  client: Anthropic,
  tracer: AgentTracer,
): (question: string) => Promise<string> {
  const toolUseId = ({ id }: ToolUse): string => id;
  const tools: Record<string, (use: ToolUse) => string> = {
    search: tracer.tracedTool('search', use => search(use.input as SearchInput), { toolUseId }),
    read_page: tracer.tracedTool('read_page', use => readPage(use.input as ReadInput), {
      toolUseId,
    }),
  };
  const answerTo = (use: ToolUse): Anthropic.ToolResultBlockParam => {
    const tool = tools[use.name];
    if (!tool) throw new Error(`there is no tool ${use.name}`);
    return { type: 'tool_result', tool_use_id: use.id, content: tool(use) };
  };
  return question =>
    tracer.run('research_agent', { question }, async () => {
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: question }];
      for (let turn = 0; turn < mostTurns; turn++) {
        const stream = client.messages.stream({
          model,
          max_tokens: 1024,
          system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
          tools: toolDefinitions,
          messages,
        });
        const answer = await stream.finalMessage();
        messages.push({ role: 'assistant', content: answer.content });
        // A paused turn is only sent again; one that ends for any other reason has no tools to run.
        if (answer.stop_reason === 'pause_turn') continue;
        if (answer.stop_reason !== 'tool_use') {
          if (answer.stop_reason !== 'end_turn')
            tracer.event('stopped', { reason: answer.stop_reason });
          return answer.content.map(block => (block.type === 'text' ? block.text : '')).join('');
        }
        const uses = answer.content.filter(block => block.type === 'tool_use');
        messages.push({ role: 'user', content: uses.map(answerTo) });
      }
      throw new Error(`no answer after ${mostTurns} turns`);
    });
}
