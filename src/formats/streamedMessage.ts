import { type Fields, fieldsOf, textOf } from '../core/fields.ts';

type Block = Record<string, unknown>;

/** An answer of the Messages API that comes in events. */
export interface StreamedMessage {
  /** Takes an event; the name of what it is. */
  add(event: Fields): string | undefined;
  /** What has come so far, as the API would have sent it whole; undefined before its first event. */
  readonly message: Fields | undefined;
  /** True once its last event came. */
  readonly whole: boolean;
}

/** Puts a streamed answer together, also one that breaks off. */
export function streamedMessage(): StreamedMessage {
  let message: Record<string, unknown> | undefined;
  let whole = false;
  const blocks: Block[] = [];
  /** The arguments of tools come as pieces of JSON. */
  const pieces = new Map<number, string>();

  const add = (event: Fields): void => {
    const index = typeof event.index === 'number' ? event.index : -1;
    const block = blocks[index];
    switch (event.type) {
      case 'message_start':
        message = { ...fieldsOf(event.message) };
        break;
      case 'content_block_start':
        if (index >= 0 && index <= blocks.length)
          blocks[index] = { ...fieldsOf(event.content_block) };
        break;
      case 'content_block_delta':
        if (block) addDelta(block, fieldsOf(event.delta), index, pieces);
        break;
      case 'content_block_stop':
        if (block) endBlock(block, index, pieces);
        break;
      case 'message_delta':
        if (message) addToMessage(message, event);
        break;
      case 'message_stop':
        whole = true;
    }
  };
  return {
    add(event) {
      add(event);
      return textOf(event.type);
    },
    get message() {
      return (
        message && { ...message, content: blocks.map((block, at) => soFar(block, pieces.get(at))) }
      );
    },
    get whole() {
      return whole;
    },
  };
}

function addDelta(block: Block, delta: Fields, index: number, pieces: Map<number, string>): void {
  const append = (key: string, text: unknown): void => {
    block[key] = `${block[key] ?? ''}${text ?? ''}`;
  };
  switch (delta.type) {
    case 'text_delta':
      append('text', delta.text);
      return;
    case 'thinking_delta':
      append('thinking', delta.thinking);
      return;
    case 'signature_delta':
      block.signature = delta.signature;
      return;
    case 'citations_delta':
      block.citations = [
        ...(Array.isArray(block.citations) ? block.citations : []),
        delta.citation,
      ];
      return;
    case 'input_json_delta':
      pieces.set(index, `${pieces.get(index) ?? ''}${delta.partial_json ?? ''}`);
      return;
    case 'compaction_delta':
      for (const [key, value] of Object.entries(delta)) if (key !== 'type') block[key] = value;
  }
}

function endBlock(block: Block, index: number, pieces: Map<number, string>): void {
  const text = pieces.get(index);
  if (text === undefined) return;
  try {
    block.input = text === '' ? {} : JSON.parse(text);
    pieces.delete(index);
  } catch {
    // The model may be cut in the middle of it; the text is kept beside the empty arguments.
  }
}

/** A block whose arguments did not become whole keeps what there is of them. */
const soFar = (block: Block, text: string | undefined): Block =>
  text === undefined ? block : { ...block, partial_json: text };

/** Counts are totals of the whole message; one that is absent or null stays as it was. */
function addToMessage(message: Record<string, unknown>, event: Fields): void {
  for (const [key, value] of Object.entries(fieldsOf(event.delta))) {
    if (value !== undefined && (value !== null || !(key in message) || message[key] === null)) {
      message[key] = value;
    }
  }
  for (const key of ['context_management', 'input_transformations']) {
    if (event[key]) message[key] = event[key];
  }
  const usage = { ...fieldsOf(message.usage) };
  for (const [key, value] of Object.entries(fieldsOf(event.usage))) {
    if (value !== null && value !== undefined) usage[key] = value;
  }
  message.usage = usage;
}
