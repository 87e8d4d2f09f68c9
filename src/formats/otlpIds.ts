import type { Redactor } from '../core/redaction.ts';

const trace = /^[0-9a-f]{32}$/;
const span = /^[0-9a-f]{16}$/;
const zeros = /^0+$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id of a trace for a run: its own where it has the form, a UUID without its dashes, else one made of it. */
export function traceIdOf(runId: string): string {
  if (trace.test(runId) && !zeros.test(runId)) return runId;
  if (uuid.test(runId)) return runId.replaceAll('-', '');
  return digest(runId, 0) + digest(runId, 1);
}

/** The id of a span, the same each time for the same one of the same run. */
export function spanIdOf(runId: string, spanId: string): string {
  if (span.test(spanId) && !zeros.test(spanId)) return spanId;
  return digest(`${runId}\u0000${spanId}`, 2);
}

/**
 * An id as it may leave. Ids of chance look like the number of a card now and then: one of a known form stays, and of
 * two others what was taken out leaves two.
 */
export function leavingId(id: string, redactor: Pick<Redactor, 'text'> | undefined): string {
  if (!redactor || trace.test(id) || uuid.test(id)) return id;
  const text = redactor.text(id);
  return text === id ? id : `${text}-${digest(id, 3)}`;
}

const prime = 0x100000001b3n;
const basis = 0xcbf29ce484222325n;

/**
 * 64 bits of a text as 16 digits, never all zero: FNV-1a twice, the second time mixed (MurmurHash3's finalizer).
 * It only keeps ids apart, and must be the same in every host, which have no common hash without waiting.
 */
function digest(text: string, seed: number): string {
  let hash = basis ^ BigInt(seed);
  for (let at = 0; at < text.length; at++) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * prime) & 0xffffffffffffffffn;
  }
  hash ^= hash >> 33n;
  hash = (hash * 0xff51afd7ed558ccdn) & 0xffffffffffffffffn;
  hash ^= hash >> 33n;
  hash = (hash * 0xc4ceb9fe1a85ec53n) & 0xffffffffffffffffn;
  hash ^= hash >> 33n;
  return (hash === 0n ? 1n : hash).toString(16).padStart(16, '0');
}
