import type { FileReader, ImportFormat, ImportSink } from './importFormat.ts';
import { decodes, importOtlp } from './otlpImport.ts';
import { decodeTraces } from './otlpProtobuf.ts';
import { decodeLogs } from './otlpProtobufLogs.ts';

/** Of one piece, which is held while it is read. */
const mostBytes = 64_000_000;

/** The tag of the one field of a request, which all signals have in common. */
const fieldOne = 0x0a;

/** Requests one after another; each after its length, in four bytes as the collector writes it or as a varint. */
type Framing = 'plain' | 'four-bytes' | 'varint';

/** OTLP as protobuf: what is sent to a collector, or what its file exporter writes. */
export const otlpProtobuf: ImportFormat = {
  id: 'otlp-protobuf',
  label: 'OTLP as protobuf',
  takes: 'bytes',
  detect: ({ bytes }) => framingOf(bytes) !== undefined,
  open: sink => ({
    file: () => new ProtobufFile(sink),
    settle: () => undefined,
    end: () => undefined,
  }),
};

class ProtobufFile implements FileReader {
  readonly #sink: ImportSink;
  #framing: Framing | undefined;
  #waiting = new Uint8Array(0);
  /** Of a piece that is too long. */
  #toSkip = 0;

  constructor(sink: ImportSink) {
    this.#sink = sink;
  }

  bytes(chunk: Uint8Array): void {
    const all = new Uint8Array(this.#waiting.length + chunk.length);
    all.set(this.#waiting);
    all.set(chunk, this.#waiting.length);
    this.#framing ??= framingOf(all);
    let at = 0;
    for (;;) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, all.length - at);
        this.#toSkip -= skipped;
        at += skipped;
      }
      const piece = pieceAt(all, at, this.#framing ?? 'plain');
      if (!piece) break;
      if (piece === 'broken') {
        this.#sink.skipped('damaged', 0);
        // Where the next piece begins is not to be known.
        this.#toSkip = Number.POSITIVE_INFINITY;
        at = all.length;
        break;
      }
      if (piece.to - piece.from > mostBytes) {
        this.#sink.skipped('tooLong', 0);
        this.#toSkip = piece.to - at;
        continue;
      }
      if (piece.to > all.length) break;
      this.#take(all.subarray(piece.from, piece.to));
      at = piece.to;
    }
    this.#waiting = all.slice(at);
  }

  end(): void {
    if (this.#waiting.length > 0) this.#sink.skipped('damaged', 0);
  }

  #take(message: Uint8Array): void {
    decodes(this.#sink, 0, () => {
      if (signalOf(message) === 'logs') importOtlp(decodeLogs(message).value, this.#sink, 0);
      else importOtlp(decodeTraces(message).value, this.#sink, 0);
    });
  }
}

function framingOf(bytes: Uint8Array): Framing | undefined {
  if (bytes[0] === fieldOne && signalOf(bytes) !== undefined) return 'plain';
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length > 8 && size.getUint32(0) > 4 && bytes[4] === fieldOne) {
    if (signalOf(bytes.subarray(4)) !== undefined) return 'four-bytes';
  }
  const length = varint(bytes, 0);
  if (length && length.value > 4 && signalOf(bytes.subarray(length.end)) !== undefined) {
    return 'varint';
  }
  return undefined;
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** Of a request without a frame, each of its parts is a request of its own. Undefined where more has to come. */
function pieceAt(bytes: Uint8Array, at: number, framing: Framing): Piece | 'broken' | undefined {
  if (framing === 'four-bytes') {
    if (bytes.length < at + 4) return undefined;
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    return { from: at + 4, to: at + 4 + size };
  }
  const isPlain = framing === 'plain';
  if (at >= bytes.length) return undefined;
  if (isPlain && bytes[at] !== fieldOne) return 'broken';
  const length = varint(bytes, isPlain ? at + 1 : at);
  if (!length) return bytes.length - at > 12 ? 'broken' : undefined;
  return { from: isPlain ? at : length.end, to: length.end + length.value };
}

/**
 * What a request holds, by the first field of the first thing in it: of a span that is its trace id, of a record
 * its time. Undefined where it is no request.
 */
function signalOf(bytes: Uint8Array): 'traces' | 'logs' | undefined {
  const resource = lengthed(bytes, 0, 1);
  if (!resource) return undefined;
  for (let at = resource.from; at < resource.to; ) {
    const scope = lengthed(bytes, at, 2);
    if (!scope) {
      const other = lengthed(bytes, at);
      if (!other) return undefined;
      at = other.to;
      continue;
    }
    for (let inner = scope.from; inner < scope.to; ) {
      const item = lengthed(bytes, inner, 2);
      if (item) {
        const first = bytes[item.from];
        if (first === fieldOne) return bytes[item.from + 1] === 16 ? 'traces' : undefined;
        return first === 0x09 || first === 0x59 ? 'logs' : undefined;
      }
      const other = lengthed(bytes, inner);
      if (!other) return undefined;
      inner = other.to;
    }
    at = scope.to;
  }
  return undefined;
}

/** A field of bytes; any, or the one of a number. */
function lengthed(bytes: Uint8Array, at: number, field?: number): Piece | undefined {
  const tag = bytes[at];
  if (tag === undefined || (tag & 7) !== 2 || tag > 0x7f) return undefined;
  if (field !== undefined && tag >> 3 !== field) return undefined;
  const length = varint(bytes, at + 1);
  return length && { from: length.end, to: length.end + length.value };
}

/** Undefined where it is cut off, or longer than a length may be. */
function varint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return undefined;
}
