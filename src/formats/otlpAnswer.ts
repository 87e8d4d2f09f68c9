import { fieldsOf, textOf } from '../core/fields.ts';
import { MalformedOtlp } from './otlp.ts';
import { type ReadField, WireReader } from './wireReader.ts';
import { WireWriter } from './wireWriter.ts';

/** What a receiver says of a request that it took: how much of it it did not take, and why. */
export interface OtlpAnswer {
  /** 0 where all was taken. */
  readonly rejected: number;
  /** Also where all was taken: a warning. */
  readonly message: string;
}

/** What a receiver says of a request that it did not take: `google.rpc.Status`. */
export interface OtlpRefusal {
  readonly code: number;
  readonly message: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * `ExportTraceServiceResponse`, which for logs has the same form.
 *
 * @throws MalformedOtlp
 */
export function decodeAnswer(bytes: Uint8Array): OtlpAnswer {
  return new WireReader(bytes).fields({ rejected: 0, message: '' }, readAnswer);
}

const readAnswer: ReadField<Mutable<OtlpAnswer>> = (reader, tag, into) => {
  if (tag >>> 3 === 1) reader.message(tag, into, readPartial);
  else reader.skip(tag);
};

const readPartial: ReadField<Mutable<OtlpAnswer>> = (reader, tag, into) => {
  if (tag >>> 3 === 1) into.rejected = Number(reader.int64(tag));
  else if (tag >>> 3 === 2) into.message = reader.text(tag);
  else reader.skip(tag);
};

export function encodeAnswer({ rejected, message }: OtlpAnswer): Uint8Array {
  const to = new WireWriter();
  if (rejected !== 0 || message !== '') {
    const from = to.begin(1);
    if (rejected !== 0) to.int64(1, BigInt(rejected));
    if (message !== '') to.text(2, message);
    to.end(from);
  }
  return to.take();
}

/** @throws MalformedOtlp */
export function decodeAnswerJson(text: string): OtlpAnswer {
  const answer = fieldsOf(parsed(text));
  const partial = fieldsOf(answer.partialSuccess ?? answer.partial_success);
  const rejected = Number(
    partial.rejectedSpans ?? partial.rejected_spans ?? partial.rejectedLogRecords ?? 0,
  );
  return {
    rejected: Number.isSafeInteger(rejected) ? rejected : 0,
    message: textOf(partial.errorMessage ?? partial.error_message) ?? '',
  };
}

export function encodeAnswerJson(
  { rejected, message }: OtlpAnswer,
  counted: 'rejectedSpans' | 'rejectedLogRecords' = 'rejectedSpans',
): string {
  if (rejected === 0 && message === '') return '{}';
  const partialSuccess = {
    ...(rejected !== 0 && { [counted]: String(rejected) }),
    ...(message !== '' && { errorMessage: message }),
  };
  return JSON.stringify({ partialSuccess });
}

/** @throws MalformedOtlp */
export function decodeRefusal(bytes: Uint8Array): OtlpRefusal {
  return new WireReader(bytes).fields<Mutable<OtlpRefusal>>(
    { code: 0, message: '' },
    (reader, tag, into) => {
      if (tag >>> 3 === 1) into.code = reader.int32(tag);
      else if (tag >>> 3 === 2) into.message = reader.text(tag);
      else reader.skip(tag);
    },
  );
}

export function encodeRefusal({ code, message }: OtlpRefusal): Uint8Array {
  const to = new WireWriter();
  if (code !== 0) to.count(1, code);
  if (message !== '') to.text(2, message);
  return to.take();
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedOtlp('no JSON');
  }
}
