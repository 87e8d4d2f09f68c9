import type { Block, Message, ToolResult } from '../../src/core/content.ts';
import { counted } from '../../src/core/counted.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { Words } from '../../src/core/words.ts';

/** A message in one line: what its writer said, or which tools it asked for and what came back. */
export function gist(message: Message, words: Words): string {
  const { blocks, role } = message;
  if (message.answersOnly) {
    return counted(words, 'answers', blocks.length);
  }
  if (role === 'tools') return definitions(blocks, words);
  const said = blocks.find(one => one.type === 'text' && one.text.text.trim() !== '');
  const uses = blocks.filter(one => one.type === 'toolUse');
  if (uses.length > 0) {
    const names = uses.map(one => one.name || words.noToolName).join(', ');
    const told =
      said?.type === 'text' ? said.text.text : uses[0]?.result && resultGist(uses[0].result);
    return oneLine(told ? fillIn(words.asksWithResult, [names, told.trim()]) : names);
  }
  const first = said ?? blocks[0];
  return first ? oneLine(blockGist(first, words)) : words.emptyMessage;
}

function definitions(blocks: readonly Block[], words: Words): string {
  const names = blocks.map(one => (one.type === 'json' ? one.label : words.noToolName));
  const shown = names.slice(0, 4).join(', ');
  const list = names.length > 4 ? fillIn(words.andMore, [shown, names.length - 4]) : shown;
  return oneLine(counted(words, 'definitions', names.length, list));
}

function resultGist(result: ToolResult): string {
  for (const one of result.blocks) {
    if (one.type === 'text' || one.type === 'thinking') return one.text.text;
    if (one.type === 'json') return one.json.text.replace(/\s+/g, ' ');
  }
  return '';
}

function blockGist(block: Block, words: Words): string {
  switch (block.type) {
    case 'text':
    case 'thinking':
      return block.text.text.slice(0, 1000).trim() || words.emptyMessage;
    case 'toolUse':
      return block.name;
    case 'toolResult':
      return resultGist(block).slice(0, 1000) || words.result;
    case 'image':
      return fillIn(words.image, [block.mediaType]);
    case 'json':
      return `${block.label} ${block.json.text.slice(0, 1000).replace(/\s+/g, ' ')}`.trim();
  }
}

/** How much a message holds, in characters; pictures count with their bytes. */
export function sizeOf(blocks: readonly Block[]): number {
  let sum = 0;
  for (const one of blocks) {
    if (one.type === 'text' || one.type === 'thinking') sum += one.text.chars;
    else if (one.type === 'json') sum += one.json.chars;
    else if (one.type === 'image') sum += one.bytes ?? 0;
    else if (one.type === 'toolResult') sum += sizeOf(one.blocks);
    else sum += one.input.chars + (one.result ? sizeOf(one.result.blocks) : 0);
  }
  return sum;
}

/** The size of what a message adds to those before it. */
export const ownSize = (message: Message): number =>
  message.answersOnly ? 0 : sizeOf(message.blocks);

/** Where a prompt's latest part begins: at the last answer of the model, or after system and tools. */
export function latestFrom(messages: readonly Message[]): number {
  const answer = messages
    .map(one => one.role === 'assistant' && !one.answersOnly)
    .lastIndexOf(true);
  if (answer >= 0) return answer;
  const first = messages.findIndex(one => one.role !== 'system' && one.role !== 'tools');
  return first < 0 ? messages.length : Math.max(first, messages.length - 3);
}
