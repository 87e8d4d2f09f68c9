import { type Fields, fieldsOf, textOf } from './fields.ts';
import { imageHeader } from './imageHeader.ts';
import { decodeBase64, imageOf } from './images.ts';
import { writeJson } from './jsonPieces.ts';
import type { Metadata } from './metadata.ts';
import { charsPerToken } from './tokens.ts';
import { unwrapped } from './unwrapped.ts';

/** How large a tool's result is; undefined where that was not recorded. */
export interface ResultSize {
  /** UTF-16 units of its text, without its pictures. */
  readonly chars: number | undefined;
  readonly tokens: number | undefined;
}

/** The size of a result as recorded: of its text, or of its JSON; else the length that was recorded in its place. */
export function resultSize({ toolResult, resultLength, fields }: Metadata): ResultSize {
  const tokens = tokenCount(fields.result_tokens);
  if (toolResult === undefined) return { chars: resultLength, tokens };
  const images: Fields[] = [];
  const content = unwrapped(withoutImages(unwrapped(toolResult), images));
  let chars = 0;
  if (typeof content === 'string') chars = content.length;
  else {
    writeJson(content, { sorted: false }, piece => {
      chars += piece.length;
    });
  }
  if (tokens !== undefined || images.length === 0) return { chars, tokens };
  const drawn = images.reduce((sum, image) => sum + imageTokens(image), 0);
  return { chars, tokens: drawn + chars / charsPerToken };
}

export const tokenCount = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;

// Pictures lie in the blocks of a result, not in what a result says of the world.
const deepest = 12;

/** What holds no picture stays the same value: a result may be megabytes. */
function withoutImages(value: unknown, images: Fields[], depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (imageOf(fieldsOf(value))) {
    images.push(fieldsOf(value));
    return null;
  }
  const before = images.length;
  if (Array.isArray(value)) {
    const kept = value.flatMap(one => {
      const found = images.length;
      const other = withoutImages(one, images, depth + 1);
      return other === null && images.length > found ? [] : [other];
    });
    return images.length === before ? value : kept;
  }
  const entries = Object.entries(value).map(
    ([name, one]) => [name, withoutImages(one, images, depth + 1)] as const,
  );
  return images.length === before ? value : Object.fromEntries(entries);
}

// https://platform.claude.com/docs/en/build-with-claude/vision: a larger picture is made smaller before it is read.
const pixelsPerToken = 750;
const mostImageTokens = 1600;
// What comes before the size in a JPEG file is rarely longer.
const headerChars = 400_000;

/** What a picture costs goes by its pixels, however long its base64 is; 0 where its size is not known. */
function imageTokens(block: Fields): number {
  const data = imageOf(block)?.data ?? textOf(block.data);
  const bytes = data === undefined ? undefined : decodeBase64(data.slice(0, headerChars));
  const header = bytes && imageHeader(bytes);
  if (!header) return 0;
  return Math.min(mostImageTokens, Math.ceil((header.width * header.height) / pixelsPerToken));
}
