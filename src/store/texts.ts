import { asText } from '../core/content.ts';
import { indentJson, jsonField } from '../core/jsonText.ts';
import { spanMarkdown } from '../core/markdown.ts';
import { type Metadata, readMetadata } from '../core/metadata.ts';
import { keepRecorded } from '../core/recordedJson.ts';
import {
  contentText,
  requestMessages,
  requestText,
  responseMessages,
  responseText,
} from '../core/transcript.ts';
import type { Node } from '../core/tree.ts';
import { englishWords } from '../core/words.ts';
import { namedMessage, type TextPart } from '../protocol/reader.ts';
import { type RunView, stored } from './runView.ts';

/** One part of a span as a whole text; undefined where it was not recorded. */
export function wholeText(view: RunView, node: Node, part: TextPart): string | undefined {
  const { row } = stored(node.span);
  if (part === 'error') return view.source.error(row) || undefined;
  const recorded = view.source.metadata(row);
  const metadata = readMetadata(recorded);
  keepRecorded(metadata.fields, recorded);
  const message = namedMessage(part);
  if (message) return messageText(metadata, message);
  switch (part) {
    case 'metadata':
      return recorded === undefined ? undefined : indentJson(recorded);
    case 'prompt':
      return requestText(metadata.request ?? metadata.input);
    case 'response':
      return responseText(metadata.response ?? metadata.output);
    case 'toolInput':
      return fieldText(recorded, metadata, 'tool_input', metadata.toolInput);
    case 'toolResult':
      return metadata.toolResult === undefined ? undefined : contentText(metadata.toolResult);
    case 'request':
      return fieldText(recorded, metadata, 'request', metadata.request);
    case 'json':
      return spanJson(view, node, recorded, metadata);
    case 'markdown': {
      const error = view.source.error(row) || undefined;
      return spanMarkdown(node.span, metadata, error, englishWords);
    }
  }
  return undefined;
}

function messageText(
  { request, input, response, output }: Metadata,
  { side, index }: { readonly side: 'prompt' | 'response'; readonly index: number },
): string | undefined {
  const texts =
    side === 'prompt' ? requestMessages(request ?? input) : responseMessages(response ?? output);
  return texts[index];
}

/** A field of the metadata from its own text, so that numbers stay as recorded. */
export function fieldText(
  recorded: string | undefined,
  metadata: Metadata,
  name: string,
  value: unknown,
): string | undefined {
  if (value === undefined) return undefined;
  const own = metadata.fields[name];
  // Other conventions hold JSON inside a string, which was read already.
  if (typeof own !== 'object' || own === null || recorded === undefined) return asText(value);
  const text = jsonField(recorded, name);
  return text === undefined ? asText(value) : indentJson(text);
}

/** All columns of a span, its metadata as JSON within. */
function spanJson(
  view: RunView,
  node: Node,
  recorded: string | undefined,
  metadata: Metadata,
): string {
  const columns = view.source.values(stored(node.span).row);
  const fields = columns.map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  if (recorded !== undefined) {
    const isJson = metadata.problem !== 'not-json' && recorded.trim() !== '';
    fields.push(`"metadata":${isJson ? recorded : JSON.stringify(recorded)}`);
  }
  return indentJson(`{${fields.join(',')}}`);
}
