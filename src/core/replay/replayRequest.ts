import { fillIn, TraceError } from '../errors.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { indentJson, jsonField } from '../jsonText.ts';
import type { CallWords } from './callWords.ts';
import { nestsTooDeep } from './nesting.ts';

/** The request of a recorded call, to be looked at, edited and sent. */
export interface ReplayRequest {
  /** The body as it was recorded, indented: numbers and the order of fields are as they were. */
  readonly text: string;
  readonly model: string | undefined;
  /** The values of the header `anthropic-beta` that were recorded. */
  readonly betas: readonly string[];
  /** What is not as it was sent, or may be gone, in words. */
  readonly notes: readonly string[];
  /** The body as values. */
  readonly request: Fields;
  /** All metadata of the call. */
  readonly metadata: Fields;
}

/**
 * The request to send, from the whole metadata of a call.
 *
 * @param name of the span, for the error
 * @throws TraceError where there is none that the Messages API takes
 */
export function replayRequest(
  metadata: string | undefined,
  name: string,
  words: CallWords,
): ReplayRequest {
  const fields = parsed(metadata);
  const own = fields.request === undefined ? undefined : jsonField(metadata ?? '', 'request');
  const cuts = cutsOf(fields.redacted);
  if (own === undefined || fields.request === null) {
    const gone = cuts.find(([path]) => path === 'request')?.[1];
    if (gone !== undefined) throw new TraceError('replayCutAway', [name, gone]);
    const onlyNew = fields.only_new_messages === true;
    throw new TraceError(onlyNew ? 'replayOnlyNew' : 'replayUnrecorded', [name]);
  }
  if (nestsTooDeep(metadata ?? '')) throw new TraceError('replayForeign', [name]);
  const request = fieldsOf(fields.request);
  if (!Array.isArray(request.messages)) throw new TraceError('replayForeign', [name]);
  const betas = Array.isArray(fields.betas) ? fields.betas.filter(isToken) : [];
  return {
    text: indentJson(own),
    request,
    metadata: fields,
    model: textOf(request.model),
    betas,
    notes: [
      ...cutNotes(own, cuts, words),
      ...goneNotes(request, words),
      ...betaNotes(betas, words),
      ...answerNotes(fields, cuts, words),
    ],
  };
}

function parsed(metadata: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(metadata ?? '{}'));
  } catch {
    // Metadata that is no JSON holds no request.
    return {};
  }
}

/** Anything else in a header would not be sent, or begin another one. */
const isToken = (beta: unknown): beta is string =>
  typeof beta === 'string' && /^[\w.-]{1,100}$/.test(beta);

type Cut = readonly [path: string, what: string];

function cutsOf(redacted: unknown): readonly Cut[] {
  if (typeof redacted === 'string') return [['', redacted]];
  return Object.entries(fieldsOf(redacted)).map(([path, what]) => [
    path,
    typeof what === 'string' ? what : (JSON.stringify(what) ?? ''),
  ]);
}

const mostNotes = 20;
const mark = /…?\[redacted:[a-z-]+\]/g;

function cutNotes(text: string, cuts: readonly Cut[], words: CallWords): string[] {
  const own = cuts.filter(([path]) => /^request(?:$|[.[])/.test(path));
  const notes = own
    .slice(0, mostNotes)
    .map(([path, what]) => fillIn(words.noteCut, [path.replace(/^request\.?/, '') || path, what]));
  if (own.length > mostNotes) notes.push(fillIn(words.docMore, [own.length - mostNotes]));
  const whole = cuts.filter(([path]) => path === '' || path === '…' || path === 'before');
  if (whole.length > 0) {
    notes.push(fillIn(words.noteCutWhole, [whole.map(([, what]) => what).join(', ')]));
  }
  if (notes.length > 0) return notes;
  const marks = text.match(mark);
  return marks ? [fillIn(words.noteMarks, [marks.length, marks[0] ?? ''])] : [];
}

/** What a request only names, and the API keeps for a time. */
function goneNotes(request: Fields, words: CallWords): string[] {
  const notes: string[] = [];
  const files = countFiles(request.messages);
  if (files > 0) notes.push(fillIn(words.noteFiles, [files]));
  if (request.container !== undefined && request.container !== null) {
    notes.push(words.noteContainer);
  }
  const billed = listOf(request.tools).flatMap(tool => {
    const { type, name } = fieldsOf(tool);
    return typeof type === 'string' && /^(?:web_search|code_execution)_/.test(type)
      ? [textOf(name) ?? type]
      : [];
  });
  if (billed.length > 0) notes.push(fillIn(words.noteServerTools, [billed.join(', ')]));
  return notes;
}

const betaNotes = (betas: readonly string[], words: CallWords): string[] =>
  betas.length > 0 ? [fillIn(words.noteBetas, [betas.join(', ')])] : [];

/** What is compared with is not what the API gave. */
function answerNotes(metadata: Fields, cuts: readonly Cut[], words: CallWords): string[] {
  const own = cuts.filter(([path]) => /^response(?:$|[.[])/.test(path)).map(([, what]) => what);
  const notes = own.length > 0 ? [fillIn(words.noteAnswerCut, [[...new Set(own)].join(', ')])] : [];
  return metadata.incomplete === true ? [...notes, words.noteAnswerBroken] : notes;
}

function countFiles(messages: unknown): number {
  let files = 0;
  const blocks = listOf(messages).flatMap(message => listOf(fieldsOf(message).content));
  for (const block of [...blocks, ...blocks.flatMap(one => listOf(fieldsOf(one).content))]) {
    const { type, source } = fieldsOf(block);
    if (fieldsOf(source).type === 'file' || type === 'container_upload') files++;
  }
  return files;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
