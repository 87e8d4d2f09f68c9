export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

export interface ImageHeader {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
}

/**
 * What a picture is by its own first bytes, whatever was said of it. Only formats that hold nothing but
 * pixels: an SVG is a document, and may hold links and scripts.
 */
export function imageHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 16) return undefined;
  if (starts(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return { type: 'image/png', width: big(bytes, 16, 4), height: big(bytes, 20, 4) };
  }
  if (starts(bytes, 0, [0x47, 0x49, 0x46, 0x38])) {
    return { type: 'image/gif', width: little(bytes, 6, 2), height: little(bytes, 8, 2) };
  }
  if (starts(bytes, 0, [0xff, 0xd8, 0xff])) return jpeg(bytes);
  if (starts(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && starts(bytes, 8, [0x57, 0x45, 0x42, 0x50])) {
    return webp(bytes);
  }
  return undefined;
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;
const starts = (bytes: Uint8Array, from: number, what: readonly number[]): boolean =>
  what.every((byte, index) => bytes[from + index] === byte);

function big(bytes: Uint8Array, from: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + at(bytes, from + i);
  return value;
}

function little(bytes: Uint8Array, from: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + at(bytes, from + i);
  return value;
}

/** The size stands in the first frame header (ITU T.81, B.2.2); segments before it are stepped over. */
function jpeg(bytes: Uint8Array): ImageHeader | undefined {
  for (let from = 2; from + 9 < bytes.length && at(bytes, from) === 0xff; ) {
    const marker = at(bytes, from + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return {
        type: 'image/jpeg',
        width: big(bytes, from + 7, 2),
        height: big(bytes, from + 5, 2),
      };
    }
    // Fill bytes may stand before a marker.
    from += marker === 0xff ? 1 : 2 + big(bytes, from + 2, 2);
  }
  return undefined;
}

/** The three forms of WebP (RFC 9649, 2.5 to 2.7). */
function webp(bytes: Uint8Array): ImageHeader | undefined {
  const type = 'image/webp';
  switch (String.fromCharCode(...bytes.subarray(12, 16))) {
    case 'VP8 ':
      return { type, width: little(bytes, 26, 2) & 0x3fff, height: little(bytes, 28, 2) & 0x3fff };
    case 'VP8L': {
      const bits = little(bytes, 21, 4);
      return { type, width: (bits % 0x4000) + 1, height: (Math.floor(bits / 0x4000) % 0x4000) + 1 };
    }
    case 'VP8X':
      return { type, width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1 };
  }
  return undefined;
}
