import { claudeCode } from './claudeCode.ts';
import { copilotOutfile } from './copilotOutfile.ts';
import type { Head, ImportFormat } from './importFormat.ts';
import { langfuse } from './langfuse.ts';
import { otlpJson } from './otlpJsonFile.ts';
import { otlpProtobuf } from './otlpProtobufFile.ts';

/** All formats that can be read, in the order in which they are tried. */
export const importFormats: readonly ImportFormat[] = [
  otlpJson,
  claudeCode,
  langfuse,
  copilotOutfile,
  otlpProtobuf,
];

/** The format of a file by its content; undefined where it is none that is known. */
export const formatOf = (head: Head): ImportFormat | undefined =>
  importFormats.find(format => format.detect(head));
