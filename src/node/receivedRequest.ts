import {
  MalformedOtlp,
  type OtlpLogs,
  type OtlpTraces,
  TooManyOtlpParts,
} from '../formats/otlp.ts';
import { decodeOtlpJson } from '../formats/otlpJson.ts';
import { spanLog } from '../formats/otlpLog.ts';
import { decodeTraces } from '../formats/otlpProtobuf.ts';
import { decodeLogs } from '../formats/otlpProtobufLogs.ts';
import { rowsOfOtlp, spanProblem } from '../formats/otlpRows.ts';
import type { ReceivedFile } from './receivedFile.ts';
import type { ReceiverJob, ReceiverResult } from './receiverMessages.ts';

/** A request that was read; `write` belongs into a transaction. */
export interface ReadRequest {
  write(file: ReceivedFile): ReceiverResult;
}

/** @throws MalformedOtlp or TooManyOtlpParts */
export function readRequest({ signal, type, bytes }: ReceiverJob): ReadRequest {
  if (bytes.length === 0) return { write: () => new Tally().result() };
  if (type === 'json') {
    const data = decodeOtlpJson(jsonText(bytes));
    return signal === 'traces'
      ? spansRequest(data, data.repairedTexts, data.skipped)
      : logsRequest(data, data.repairedTexts, data.skipped);
  }
  if (signal === 'traces') {
    const { value, repairedTexts } = decodeTraces(bytes, mostParts);
    return spansRequest(value, repairedTexts, []);
  }
  const { value, repairedTexts } = decodeLogs(bytes, mostParts);
  return logsRequest(value, repairedTexts, []);
}

function spansRequest(
  { resourceSpans }: OtlpTraces,
  repaired: number,
  skipped: readonly string[],
): ReadRequest {
  return {
    write(file) {
      const tally = new Tally(repaired, skipped);
      for (const { resource, scopeSpans } of resourceSpans) {
        for (const { scope, spans } of scopeSpans) {
          const around = { resource, scope };
          for (const span of spans) {
            const problem = spanProblem(span);
            if (problem !== undefined) tally.rejected(problem);
            else if (file.span(rowsOfOtlp(span, around))) tally.taken++;
            else tally.rejected('a span is larger than SQLite takes');
          }
        }
      }
      return tally.result();
    },
  };
}

const noSpan = 'a record of the log belongs to no span';

function logsRequest(
  { resourceLogs }: OtlpLogs,
  repaired: number,
  skipped: readonly string[],
): ReadRequest {
  return {
    write(file) {
      const tally = new Tally(repaired, skipped);
      for (const { scopeLogs } of resourceLogs) {
        for (const { logRecords } of scopeLogs) {
          for (const record of logRecords) {
            if (file.log(spanLog(record))) tally.taken++;
            else tally.rejected(noSpan);
          }
        }
      }
      return tally.result();
    },
  };
}

/** What is not taken, by why; nothing of what was sent is in the words. */
class Tally {
  taken = 0;
  readonly #repaired: number;
  readonly #why = new Map<string, number>();

  constructor(repaired = 0, skipped: readonly string[] = []) {
    this.#repaired = repaired;
    for (const why of skipped) this.rejected(why.replace(/\[\d+\]/g, '[]'));
  }

  rejected(why: string): void {
    this.#why.set(why, (this.#why.get(why) ?? 0) + 1);
  }

  result(): ReceiverResult {
    let rejected = 0;
    const words: string[] = [];
    for (const [why, count] of this.#why) {
      rejected += count;
      if (words.length < mostReasons) words.push(count === 1 ? why : `${why} (${count} times)`);
    }
    if (this.#repaired > 0) words.push(`${this.#repaired} texts were no UTF-8 and were repaired`);
    return { kind: 'stored', taken: this.taken, rejected, message: words.join('; ') };
  }
}

const mostReasons = 5;
const decoder = new TextDecoder('utf-8');
/** Of objects and lists, which in memory take many times the bytes that they have in a request. */
const mostParts = 4_000_000;

function jsonText(bytes: Uint8Array): string {
  let parts = 0;
  // Of a smaller one there is no need to look.
  if (bytes.length > mostParts) {
    for (const byte of bytes) if (byte === 0x7b || byte === 0x5b || byte === 0x2c) parts++;
  }
  if (parts > mostParts) throw new TooManyOtlpParts(mostParts);
  return decoder.decode(bytes);
}

export const isMalformed = (error: unknown): error is MalformedOtlp =>
  error instanceof MalformedOtlp;
