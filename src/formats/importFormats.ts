import { claudeCode } from './claudeCode.ts';
import type { Head, ImportFormat } from './importFormat.ts';
import { langfuse } from './langfuse.ts';

/** All formats that can be read, in the order in which they are tried. */
export const importFormats: readonly ImportFormat[] = [claudeCode, langfuse];

/** The format of a file by its content; undefined where it is none that is known. */
export const formatOf = (head: Head): ImportFormat | undefined =>
  importFormats.find(format => format.detect(head));
