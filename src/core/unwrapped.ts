import { fieldsOf } from './fields.ts';

/** What stands in the envelopes in use: the Messages API's and MCP's blocks, messages of a tool. */
export function unwrapped(recorded: unknown): unknown {
  let content = recorded;
  for (let depth = 0; depth < 4; depth++) {
    if (Array.isArray(content)) {
      const texts = content.map(textOfBlock);
      if (content.length === 0 || texts.includes(undefined)) return content;
      return texts.join('\n');
    }
    const it = fieldsOf(content);
    const text = textOfBlock(content);
    if (text !== undefined) return text;
    const isEnvelope =
      it.type === 'tool_result' ||
      it.type === 'tool' ||
      it.role === 'tool' ||
      it.isError !== undefined ||
      it.is_error !== undefined ||
      (Array.isArray(it.content) &&
        it.content.every(one => typeof fieldsOf(one).type === 'string'));
    if (!isEnvelope || it.content === undefined) return content;
    content = it.content;
  }
  return content;
}

function textOfBlock(block: unknown): string | undefined {
  const it = fieldsOf(block);
  return it.type === 'text' && typeof it.text === 'string' ? it.text : undefined;
}
