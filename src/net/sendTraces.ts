import { TraceError } from '../core/errors.ts';
import { formatDuration } from '../core/format.ts';
import type { Ms } from '../core/model.ts';
import { schemaUrl } from '../formats/genAiAttributes.ts';
import type { OtlpResource, OtlpScope, OtlpSpan, OtlpTraces } from '../formats/otlp.ts';
import { batches } from '../formats/otlpBatches.ts';
import { encodeTracesJson } from '../formats/otlpJsonWriter.ts';
import type { ScopedSpan } from '../formats/otlpOfSpan.ts';
import { encodeTraces } from '../formats/otlpProtobufWriter.ts';
import { isUnencrypted } from './apiAddress.ts';
import type { Destination, Values } from './destinations/destination.ts';
import { type PostOutcome, postOtlp } from './otlpPost.ts';

/** What arrived at a destination before, by ids of traces; kept from one export to the next. */
export interface SentLog {
  /** Is told first; also reads what others sent meanwhile. @throws where another export goes to the same place */
  begin?(host: string): void;
  /** Is told last, also where `begin` has thrown. */
  end?(): void;
  sent(traceId: string): ReadonlySet<string>;
  /** Is told of spans once they have arrived. */
  add(spans: readonly SpanIds[]): Promise<void> | void;
  /** What was sent without an answer, by ids of traces: it may have arrived, or not. */
  unsure?(traceId: string): ReadonlySet<string>;
  /** Is told of spans before they are sent: a program that is killed then can tell nobody. */
  doubt?(spans: readonly SpanIds[]): Promise<void> | void;
  /** Is told of spans that were in doubt and did not arrive. */
  settle?(spans: readonly SpanIds[]): Promise<void> | void;
}

type SpanIds = Pick<OtlpSpan, 'traceId' | 'spanId'>;

export interface Sending {
  readonly destination: Destination;
  readonly values: Values;
  /** In place of the destination's own. */
  readonly url?: string | undefined;
  readonly encoding?: 'protobuf' | 'json' | undefined;
  /** `service.name` of the resource; undefined: as the run recorded it. */
  readonly service: string | undefined;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Undefined: nothing is remembered. */
  readonly log: SentLog | undefined;
  /** Leaves out what may have arrived before; else it is sent again, under the same ids. */
  readonly skipUnsure?: boolean | undefined;
  readonly progress?: ((spans: number) => void) | undefined;
  /** Waits between tries; a test does not. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What came of an export, also of one that ended early. */
export interface Sent {
  readonly spans: number;
  /** Had arrived before. */
  readonly already: number;
  /** Sent again, since nobody knows whether they arrived before. */
  readonly again: number;
  /** Left out, since they may have arrived before. */
  readonly unsure: number;
  /** Left out, since the destination has no place for them. */
  readonly misfit: number;
  /** Sent, and not taken by the destination. */
  readonly rejected: number;
  /** Not sent: too large, each by itself. */
  readonly tooLarge: number;
  readonly requests: number;
  readonly retries: number;
  readonly bytes: number;
  /** Texts that held half a character. */
  readonly repairedTexts: number;
  /** What the destination said of what it took. */
  readonly messages: readonly string[];
  /** Why it ended before all was sent. */
  readonly error: TraceError | undefined;
}

const mostTries = 6;
const mostTooLarge = 100;
const mostWaitMs = 300_000;
const timeoutMs = 60_000;

/** Where spans go, and what goes with them. */
export interface Target {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource that say where in it, such as the project. */
  readonly place: Readonly<Record<string, string>>;
  /** What is sent goes over the network for everybody to read. */
  readonly unencrypted: boolean;
}

/** Checked before anything is read. @throws TraceError */
export function targetOf(sending: Pick<Sending, 'destination' | 'values' | 'url'>): Target {
  const { destination } = sending;
  const values = trimmed(sending.values);
  for (const { name, required } of destination.variables) {
    if (required && !values[name]) {
      throw new TraceError('exportNoKey', [destination.label, name]);
    }
  }
  const text = sending.url ?? destination.url(values);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new TraceError('exportBadAddress', [url ? `${url.protocol}//${url.host}` : text]);
  }
  const headers = destination.headers(values);
  for (const [name, value] of Object.entries(headers)) {
    // In an error of fetch it would be in a message.
    if (!/^[\x20-\x7e]*$/.test(value) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw new TraceError('exportBadKey', [name]);
    }
  }
  return {
    url,
    headers,
    place: destination.resource?.(values) ?? {},
    unencrypted: isUnencrypted(url),
  };
}

/** Keys are copied with a line end behind them. */
const trimmed = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value?.trim()]));

/** Sends spans in batches, one after another: memory holds one. Rejects only where the signal says so. */
export async function sendTraces(
  spans: AsyncIterable<ScopedSpan>,
  sending: Sending,
): Promise<Sent> {
  const { url, headers } = targetOf(sending);
  const sender = new Sender(sending, url, headers);
  try {
    sending.log?.begin?.(url.host);
    for await (const batch of batches(wanted(spans, sending, sender.facts))) {
      await sender.send(batch);
    }
    sender.facts.error = sender.tooLarge;
  } catch (error) {
    if (sending.signal.aborted) sender.facts.error = new TraceError('cancelled');
    else sender.facts.error = TraceError.from(error);
  } finally {
    sending.log?.end?.();
  }
  return sender.facts;
}

/** Without what is there already, and what the destination has no place for. */
async function* wanted(
  spans: AsyncIterable<ScopedSpan>,
  { destination, log, signal, skipUnsure }: Sending,
  facts: Sender['facts'],
): AsyncGenerator<ScopedSpan> {
  for await (const one of spans) {
    signal.throwIfAborted();
    if (destination.takes?.(one.span) === false) facts.misfit++;
    else if (log?.sent(one.span.traceId).has(one.span.spanId)) facts.already++;
    else if (skipUnsure && isUnsure(log, one)) facts.unsure++;
    else yield one;
  }
}

const isUnsure = (log: SentLog | undefined, { span }: ScopedSpan): boolean =>
  log?.unsure?.(span.traceId).has(span.spanId) ?? false;

class Sender {
  readonly facts: { -readonly [K in keyof Sent]: Sent[K] } & { messages: string[] } = {
    spans: 0,
    already: 0,
    again: 0,
    unsure: 0,
    misfit: 0,
    rejected: 0,
    tooLarge: 0,
    requests: 0,
    retries: 0,
    bytes: 0,
    repairedTexts: 0,
    messages: [],
    error: undefined,
  };
  /** Said once the others were sent. */
  tooLarge: TraceError | undefined;
  readonly #sending: Sending;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  #underWay = false;

  constructor(sending: Sending, url: URL, headers: Readonly<Record<string, string>>) {
    this.#sending = sending;
    this.#url = url;
    this.#headers = headers;
  }

  /** @throws TraceError where it was not taken */
  async send(batch: readonly ScopedSpan[]): Promise<void> {
    const { destination, log, progress } = this.#sending;
    const encoding = this.#sending.encoding ?? destination.encoding;
    const { body, repairedTexts } = encoded(tracesOf(batch, this.#sending), encoding, destination);
    const fresh = batch.filter(one => !isUnsure(log, one)).map(({ span }) => span);
    await log?.doubt?.(fresh);
    const outcome = await this.#tried(body, encoding).catch(async (error: unknown) => {
      // Cancelled between two tries, none of it has arrived; while a request was under way, nobody knows.
      if (!this.#underWay) await log?.settle?.(fresh);
      throw error;
    });
    // What an earlier export left in doubt stays so: this answer is not about that one.
    if (outcome.kind !== 'taken' && outcome.kind !== 'unknown') await log?.settle?.(fresh);
    switch (outcome.kind) {
      case 'taken': {
        const { rejected, message } = outcome;
        this.facts.spans += batch.length;
        this.facts.again += batch.length - fresh.length;
        this.facts.rejected += Math.min(rejected, batch.length);
        this.facts.repairedTexts += repairedTexts;
        if (message !== '' && !this.facts.messages.includes(message)) {
          if (this.facts.messages.length < 5) this.facts.messages.push(message);
        }
        // What was rejected would be rejected again.
        await log?.add(batch.map(({ span }) => span));
        progress?.(batch.length);
        return;
      }
      case 'too-large': {
        if (batch.length === 1) {
          this.tooLarge ??= this.#error('exportTooLarge', outcome.words);
          // It is not those behind it that are too large; a server that takes nothing is not asked for each.
          if (++this.facts.tooLarge >= mostTooLarge) throw this.tooLarge;
          return;
        }
        const half = Math.ceil(batch.length / 2);
        await this.send(batch.slice(0, half));
        await this.send(batch.slice(half));
        return;
      }
      case 'refused':
        throw outcome.error;
      case 'later':
        if (isTooLong(outcome.waitMs)) {
          const wait = formatDuration(outcome.waitMs);
          throw this.#error('exportAsksToWait', outcome.words, wait);
        }
        throw this.#error('exportBusy', outcome.words);
      case 'unreached':
        throw outcome.error ?? this.#error('exportNoConnection', outcome.words);
      case 'unknown':
        throw this.#error('exportBrokeOff', outcome.words, String(batch.length));
    }
  }

  #error(
    code:
      | 'exportBusy'
      | 'exportAsksToWait'
      | 'exportNoConnection'
      | 'exportBrokeOff'
      | 'exportTooLarge',
    ...words: string[]
  ): TraceError {
    return new TraceError(code, [this.#url.host, ...words]);
  }

  /** Again only where nothing can have been stored: what may have arrived is not sent twice. */
  async #tried(body: Uint8Array, encoding: 'protobuf' | 'json'): Promise<PostOutcome> {
    const { destination, signal, wait = waited } = this.#sending;
    for (let tries = 1; ; tries++) {
      this.facts.requests++;
      this.facts.bytes += body.length;
      this.#underWay = true;
      const outcome = await postOtlp({
        url: this.#url,
        headers: this.#headers,
        body,
        encoding,
        gzip: destination.gzip,
        signal,
        timeoutMs,
      });
      this.#underWay = false;
      const again =
        outcome.kind === 'later' || (outcome.kind === 'unreached' && outcome.error === undefined);
      if (!again || tries >= mostTries) return outcome;
      const asked = outcome.kind === 'later' ? outcome.waitMs : undefined;
      if (isTooLong(asked)) return outcome;
      this.facts.retries++;
      // With a part of chance: many that wait for the same server must not come back at the same moment.
      const own = Math.min(30_000, 500 * 2 ** tries) * (0.75 + Math.random() / 2);
      await wait(Math.max(asked ?? 0, own), signal);
    }
  }
}

const isTooLong = (ms: Ms | undefined): ms is Ms => ms !== undefined && ms > mostWaitMs;

/** What stands around spans. */
export interface Around extends Pick<Sending, 'service' | 'version'> {
  readonly destination?: Destination;
  readonly values?: Values;
}

function resourceOf({ destination, values = {} }: Around, service: string): OtlpResource {
  const all = { 'service.name': service, ...destination?.resource?.(trimmed(values)) };
  const attributes = Object.entries(all).map(([key, value]) => ({ key, value }));
  return { attributes, droppedAttributesCount: 0 };
}

/** One request's worth: spans under the program and the library that recorded them. */
export function tracesOf(batch: readonly ScopedSpan[], around: Around): OtlpTraces {
  const own: OtlpScope = {
    name: 'agent-trace-inspector',
    version: around.version,
    attributes: [],
    droppedAttributesCount: 0,
  };
  const services = groups(batch, ({ service }) => around.service ?? service ?? 'agent');
  const resourceSpans = [...services].map(([service, all]) => ({
    resource: resourceOf(around, service),
    scopeSpans: [...groups(all, one => scopeKey(one.scope ?? own)).values()].map(part => ({
      scope: part[0]?.scope ?? own,
      spans: part.map(({ span }) => span),
      schemaUrl,
    })),
    schemaUrl,
  }));
  return { resourceSpans };
}

/** Two of one name that differ in their attributes are two. */
const scopeKey = ({ name, version, attributes }: OtlpScope): string =>
  JSON.stringify([name, version, attributes], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );

function groups<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const group = found.get(keyOf(one));
    if (group) group.push(one);
    else found.set(keyOf(one), [one]);
  }
  return found;
}

export function encoded(
  traces: OtlpTraces,
  encoding: 'protobuf' | 'json',
  { json = encodeTracesJson }: Pick<Destination, 'json'> = {},
): { readonly body: Uint8Array; readonly repairedTexts: number } {
  if (encoding === 'protobuf') {
    const { bytes, repairedTexts } = encodeTraces(traces);
    return { body: bytes, repairedTexts };
  }
  const { text, repairedTexts } = json(traces);
  return { body: new TextEncoder().encode(text), repairedTexts };
}

/** @param unheld a program that has nothing else to do need not wait for this */
export async function waited(ms: number, signal: AbortSignal, unheld = false): Promise<void> {
  // Cancelled while an answer was read to its end, nobody would be told any more.
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(done, ms);
    // Browsers have numbers for timers.
    if (unheld && typeof timer === 'object') timer.unref();
    signal.addEventListener('abort', aborted, { once: true });
    function done(): void {
      signal.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}
