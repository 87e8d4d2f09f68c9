import { type Fields, fieldsOf, textOf } from '../fields.ts';

/** A piece of an answer as it comes; `begin` starts another block. */
export interface LivePiece {
  readonly kind: 'text' | 'thinking' | 'tool';
  readonly begin: boolean;
  /** Of a tool that is asked for. */
  readonly name?: string;
  readonly text: string;
}

export interface LiveAnswer {
  /** Takes an event of a streamed answer. */
  add(event: Fields): void;
  /** What came since it was last asked for; what is long is cut at its beginning. */
  take(): readonly LivePiece[];
}

/** More than a page shows while it comes. */
const mostTaken = 20_000;

/**
 * The pieces of an answer for somebody who watches it come. A server that repeats what it was sent must not
 * bring the secret before their eyes, not even cut in two by the pieces: an end that may be the beginning of
 * the secret waits for what follows.
 */
export function liveAnswer(secret: string): LiveAnswer {
  let pieces: LivePiece[] = [];
  let held = '';
  let kind: LivePiece['kind'] = 'text';
  const push = (text: string, begin = false, name?: string): void => {
    const last = pieces.at(-1);
    if (last && !begin) pieces[pieces.length - 1] = { ...last, text: tail(last.text + text) };
    else pieces.push({ kind, begin, text: tail(text), ...(name !== undefined && { name }) });
  };
  const said = (text: string): void => {
    const all = without(held + text, secret);
    const waits = beginning(all, secret);
    held = all.slice(all.length - waits);
    if (all.length > waits) push(all.slice(0, all.length - waits));
  };
  /** The next block is another text, in which no secret goes on. */
  const end = (): void => {
    if (held !== '') push(held);
    held = '';
  };
  return {
    add(event) {
      const block = fieldsOf(event.content_block);
      const { type, text, thinking, partial_json: json } = fieldsOf(event.delta);
      if (event.type === 'content_block_start') {
        end();
        kind =
          block.type === 'thinking'
            ? 'thinking'
            : textOf(block.name) === undefined
              ? 'text'
              : 'tool';
        push('', true, kind === 'tool' ? without(textOf(block.name) ?? '', secret) : undefined);
        said(textOf(block.text) ?? '');
      } else if (type === 'text_delta') said(textOf(text) ?? '');
      else if (type === 'thinking_delta') said(textOf(thinking) ?? '');
      else if (type === 'input_json_delta') said(textOf(json) ?? '');
      else if (event.type === 'message_stop') end();
    },
    take() {
      const taken = pieces;
      pieces = [];
      return taken;
    },
  };
}

const tail = (text: string): string => (text.length > mostTaken ? text.slice(-mostTaken) : text);

const without = (text: string, secret: string): string =>
  secret === '' ? text : text.replaceAll(secret, '[API key]');

/** How many characters at the end of a text are the beginning of the secret. */
function beginning(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}

const mostBlocks = 20;

/** Pieces put together; of what is long, the end. */
export function joinedPieces(
  before: readonly LivePiece[],
  more: readonly LivePiece[],
): readonly LivePiece[] {
  const all = [...before];
  for (const piece of more) {
    const last = all.at(-1);
    if (!last || piece.begin) all.push(piece);
    else all[all.length - 1] = { ...last, text: tail(last.text + piece.text) };
  }
  return all.slice(-mostBlocks);
}
