import { fieldsOf } from '../fields.ts';
import { resultText } from './toolCall.ts';

/**
 * The result of an MCP tool as the text that agents record: what its blocks say, else its structured content.
 *
 * @param whole as the server's whole answer, since that is what was recorded
 */
export function mcpText(result: unknown, whole: boolean): string {
  const { content, structuredContent, _meta, ...others } = fieldsOf(result);
  const structured = structuredContent === undefined ? {} : { structuredContent };
  if (whole) return JSON.stringify({ content, ...structured, ...others });
  const isEmpty = !Array.isArray(content) || content.length === 0;
  if (isEmpty && structuredContent !== undefined) return JSON.stringify(structuredContent);
  return isEmpty ? '' : resultText(content);
}

export const mcpFailed = (result: unknown): boolean => fieldsOf(result).isError === true;
