import { imageHeader } from '../core/imageHeader.ts';
import { base64Bytes, decodeBase64, findImage, largestImage, mostPixels } from '../core/images.ts';
import { readMetadata } from '../core/metadata.ts';
import type { Node } from '../core/tree.ts';
import type { ImagePart, SpanImage } from '../protocol/reader.ts';
import { type RunView, stored } from './runView.ts';

/** One picture of a span, decoded, or why it is not shown. */
export function spanImage(view: RunView, node: Node, part: ImagePart, key: string): SpanImage {
  const metadata = readMetadata(view.source.metadata(stored(node.span).row));
  const parts: Readonly<Record<ImagePart, unknown>> = {
    prompt: metadata.request ?? metadata.input,
    response: metadata.response ?? metadata.output,
    toolResult: metadata.toolResult,
  };
  const data = findImage(parts[part], key)?.data;
  if (data === undefined) return { problem: 'missing' };
  if (base64Bytes(data) > largestImage) return { problem: 'too-large' };
  const bytes = decodeBase64(data);
  const header = bytes && imageHeader(bytes);
  if (!bytes || !header) return { problem: 'no-image' };
  const { type, width, height } = header;
  if (width * height > mostPixels) return { problem: 'too-many-pixels' };
  return { type, bytes, width, height };
}
