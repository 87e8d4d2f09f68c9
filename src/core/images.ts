import { type Fields, fieldsOf, textOf } from './fields.ts';

/** A picture that was recorded within a conversation. */
export interface RecordedImage {
  /** As recorded; what the bytes are is seen when they are decoded. */
  readonly mediaType: string | undefined;
  /** Base64. */
  readonly data: string | undefined;
  /** Undefined where the picture itself was recorded. */
  readonly url: string | undefined;
}

/** Larger pictures are not decoded; their size is said instead. */
export const largestImage = 5 * 1024 * 1024;
/** A small file may hold a picture that takes gigabytes once it is drawn. */
export const mostPixels = 40_000_000;

/** The picture of a content block: the Messages API's, chat completions', the Responses API's, OpenTelemetry's. */
export function imageOf(block: Fields): RecordedImage | undefined {
  const types: readonly unknown[] = ['image', 'image_url', 'input_image', 'blob'];
  if (!types.includes(block.type)) return undefined;
  const modality = textOf(block.modality) ?? textOf(block.mime_type) ?? '';
  if (block.type === 'blob' && !modality.startsWith('image')) return undefined;
  const source = fieldsOf(block.source);
  const link =
    textOf(source.url) ?? textOf(fieldsOf(block.image_url).url) ?? textOf(block.image_url);
  const inline = link === undefined ? null : /^data:([^;,]{0,100})[^,]{0,200},/.exec(link);
  const own = textOf(source.data) ?? (block.type === 'blob' ? textOf(block.content) : undefined);
  return {
    mediaType: textOf(source.media_type) ?? textOf(block.mime_type) ?? (inline?.[1] || undefined),
    data: own ?? (inline && link ? link.slice(inline[0].length) : undefined),
    url: inline ? undefined : link,
  };
}

/** How many bytes a base64 text stands for. */
export function base64Bytes(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor(((data.length - padding) * 3) / 4);
}

/** Names a picture within its span. It looks at some of the text only: 20 MB of it are no reason to wait. */
export function imageKey(data: string): string {
  let hash = 2_166_136_261;
  const add = (at: number): void => {
    hash = Math.imul(hash ^ data.charCodeAt(at), 16_777_619) >>> 0;
  };
  const step = Math.max(1, Math.floor(data.length / 2048));
  for (let at = 0; at < data.length; at += step) add(at);
  for (let at = Math.max(0, data.length - 64); at < data.length; at++) add(at);
  return `${data.length}-${hash.toString(36)}`;
}

/** The picture of a key anywhere in a recorded value. */
export function findImage(value: unknown, key: string): RecordedImage | undefined {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let one = open.pop(); one; one = open.pop()) {
    if (typeof one.value !== 'object' || one.value === null || one.depth > 16) continue;
    const image = imageOf(fieldsOf(one.value));
    if (image?.data !== undefined && imageKey(image.data) === key) return image;
    for (const inner of Object.values(one.value)) open.push({ value: inner, depth: one.depth + 1 });
  }
  return undefined;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Int16Array(128).fill(-1);
for (let i = 0; i < 64; i++) sextets[alphabet.charCodeAt(i)] = i;
// The alphabet for addresses, which some recorders use.
sextets['-'.charCodeAt(0)] = 62;
sextets['_'.charCodeAt(0)] = 63;

/** The bytes of a base64 text, white space and padding aside; undefined for any other text. */
export function decodeBase64(data: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.ceil((data.length * 3) / 4));
  let [length, bits, count] = [0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    const code = data.charCodeAt(at);
    if (code === 61 || code === 10 || code === 13 || code === 32) continue;
    const sextet = sextets[code] ?? -1;
    if (sextet < 0) return undefined;
    bits = ((bits << 6) | sextet) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[length++] = (bits >> count) & 0xff;
    }
  }
  return bytes.slice(0, length);
}
