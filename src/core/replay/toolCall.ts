import { asText } from '../content.ts';
import { TraceError } from '../errors.ts';
import { type Fields, fieldsOf } from '../fields.ts';
import { jsonField } from '../jsonText.ts';
import { readMetadata } from '../metadata.ts';
import { contentText } from '../transcript.ts';
import { nestsTooDeep } from './nesting.ts';

/** A recorded call of a tool, to be run again. */
export interface ToolCall {
  /** The name that it is registered by. */
  readonly tool: string;
  /** JSON text: numbers and the order of fields are as they were recorded. */
  readonly input: string;
  /** What it gave, or how it failed; undefined where neither was recorded. */
  readonly recorded: RecordedResult | undefined;
}

export interface RecordedResult {
  readonly text: string;
  /** How it failed, and not what it gave. */
  readonly failed: boolean;
  /** Whether it is the answer of an MCP server, whole, rather than what is in it. */
  readonly whole: boolean;
  /** What was taken out of it when it was recorded. */
  readonly cut: string | undefined;
}

/** Of a span. */
export interface RecordedTool {
  /** Of the span, as it is shown. */
  readonly name: string;
  readonly metadata: string | undefined;
  readonly error: string | undefined;
}

/** Larger ones are not handed to a program. */
export const longestToolMetadata = 100_000_000;

/** The name that the tool of a span is registered by. */
export const registeredName = (span: {
  readonly toolName: string | undefined;
  readonly name: string;
}): string => span.toolName ?? span.name;

/**
 * @param tool the name that it is registered by
 * @throws TraceError where the input is not there as it was
 */
export function toolCall(tool: string, { name, metadata, error }: RecordedTool): ToolCall {
  if (nestsTooDeep(metadata ?? '')) throw new TraceError('toolInputTooDeep', [name]);
  const read = readMetadata(metadata);
  const cuts = cutsOf(read.redacted);
  const value = read.toolInput;
  const cut = cutOf(cuts, inputPath);
  if (value === undefined) {
    if (cut !== undefined) throw new TraceError('toolInputCut', [name, cut]);
    throw new TraceError('toolInputUnrecorded', [name]);
  }
  const input = textOfField(metadata ?? '', read.fields, 'tool_input', value);
  const said = cut ?? mark.exec(input)?.[0];
  if (said !== undefined) throw new TraceError('toolInputCut', [name, said]);
  return { tool, input, recorded: recordedOf(read, metadata ?? '', error, cuts) };
}

type Cuts = readonly (readonly [path: string, what: string])[];

const mark = /\[redacted:[a-z-]+\]/;
const inputPath =
  /^(?:tool_input|gen_ai\.tool\.call\.arguments|tool\.parameters|input\.value|ai\.toolCall\.args)(?:$|[.[])/;
const resultPath =
  /^(?:tool_result|gen_ai\.tool\.call\.result|output\.value|ai\.toolCall\.result)(?:$|[.[])/;

function cutsOf(redacted: unknown): Cuts {
  if (typeof redacted === 'string') return [['', redacted]];
  return Object.entries(fieldsOf(redacted)).map(([path, what]) => [
    path,
    typeof what === 'string' ? what : (JSON.stringify(what) ?? ''),
  ]);
}

/** What was cut at a place, or anywhere. */
function cutOf(cuts: Cuts, place: RegExp): string | undefined {
  const own = cuts.filter(([path]) => place.test(path) || path === '' || path === '…');
  const all = own.slice(0, 3).map(([path, what]) => (path === '' ? what : `${path}: ${what}`));
  return all.length === 0 ? undefined : [...all, ...(own.length > 3 ? ['…'] : [])].join(', ');
}

function textOfField(metadata: string, fields: Fields, name: string, value: unknown): string {
  return (fields[name] === value && jsonField(metadata, name)) || JSON.stringify(value);
}

function recordedOf(
  { toolResult, fields }: ReturnType<typeof readMetadata>,
  metadata: string,
  error: string | undefined,
  cuts: Cuts,
): RecordedResult | undefined {
  if (toolResult === undefined) {
    if (error === undefined || error === '') return undefined;
    return { text: error, failed: true, whole: false, cut: mark.exec(error)?.[0] };
  }
  const own = typeof toolResult === 'object' && !isContent(toolResult);
  const text = own
    ? textOfField(metadata, fields, 'tool_result', toolResult)
    : contentText(toolResult);
  const whole = isContent(fieldsOf(toolResult).content);
  const cut = cutOf(cuts, resultPath) ?? mark.exec(text)?.[0];
  return { text, failed: false, whole, cut };
}

/** A list of blocks, as models and MCP servers give results. */
export const isContent = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(one => typeof fieldsOf(one).type === 'string');

/** A result of any form as the text that stands for it: of blocks their texts, JSON of all else. */
export const resultText = (value: unknown): string =>
  isContent(value) ? contentText(value) : asText(value);
