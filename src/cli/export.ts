import { TraceError } from '../core/errors.ts';
import { integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { formatOfName } from '../formats/exportFormats.ts';
import { encodeTracesJson } from '../formats/otlpJsonWriter.ts';
import type { ScopedSpan } from '../formats/otlpOfSpan.ts';
import { exportedSpans, type Noticed, otlpSpans, redactorOf } from '../formats/runSpans.ts';
import { destinations } from '../net/destinations/all.ts';
import { custom } from '../net/destinations/custom.ts';
import type { Destination, Values } from '../net/destinations/destination.ts';
import { sendTraces, targetOf, tracesOf } from '../net/sendTraces.ts';
import { type SentCounts, sentCounts } from '../net/sentCounts.ts';
import { garbageCollector } from '../node/garbage.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { ownSentLog } from '../node/sentLog.ts';
import type { ExportAsked } from './exportCommand.ts';
import { writeExport } from './exportFile.ts';
import { knownWords, many, runsAndSpans, sentWords } from './exportWords.ts';
import { NotFound, type Session } from './session.ts';
import { complain, type Terminal } from './terminal.ts';

const sayEvery = 200;
/** A page of spans takes some of these, and a copy in another form again; V8 would let hundreds of them lie. */
const worthFreeing = 16_000_000;

/** Sends runs, or writes them into a file. @returns the exit code */
export async function exportRuns(
  session: Session,
  asked: ExportAsked,
  around: { readonly terminal: Terminal; readonly env: Values; readonly version: string },
): Promise<number> {
  const { terminal } = around;
  const runs = await runsOf(session, asked);
  const ending = new AbortController();
  const undo = onInterrupt(() => ending.abort());
  const progress = progressOf(terminal, runs);
  try {
    const destination = destinationOf(asked);
    if (!destination) {
      return await writeExport(session, runs, asked, {
        ...around,
        signal: ending.signal,
        progress,
      });
    }
    return await send(session, runs, {
      asked,
      destination,
      progress,
      signal: ending.signal,
      ...around,
    });
  } finally {
    undo();
  }
}

async function runsOf(session: Session, { runs }: ExportAsked): Promise<readonly RunSummary[]> {
  if (runs.length === 0) {
    const all = await session.runs('all');
    if (all.length === 0) throw new NotFound('The file has no run to export.');
    // The oldest first, as they happened.
    return [...all].reverse();
  }
  const found: RunSummary[] = [];
  for (const id of new Set(runs)) found.push(await session.findRun(id));
  return found;
}

/** Undefined: it is a file. */
function destinationOf({ to, url, encoding }: ExportAsked): Destination | undefined {
  const known = destinations.find(({ id }) => id === to);
  if (known) return known;
  if (/^https?:\/\//i.test(to)) {
    if (!URL.canParse(to)) throw new TraceError('exportBadAddress', [to]);
    return custom(to, encoding);
  }
  // `localhost:4318`: a file is not called so.
  if (/^[a-z\d.-]+:\d+(?:\/|$)/i.test(to)) {
    const whole = to.replace(/^([^/]*)\/?$/, '$1/v1/traces');
    throw new NotFound(`The address "${to}" has no http:// before it. Give http://${whole}.`);
  }
  if (url !== undefined || (formatOfName(to) === undefined && /^[a-z-]+$/.test(to))) {
    // A name that is no file's: most likely that of a destination, misspelt.
    if (to !== '-') {
      const ids = destinations.map(({ id }) => id).join(', ');
      throw new NotFound(
        `There is no destination "${to}". There are ${ids}; or give an address or a file.`,
      );
    }
  }
  return undefined;
}

interface Way {
  readonly asked: ExportAsked;
  readonly destination: Destination;
  readonly terminal: Terminal;
  readonly env: Values;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function send(session: Session, runs: readonly RunSummary[], way: Way): Promise<number> {
  const { asked, destination, terminal, env: values, version, signal, progress } = way;
  const target = targetOf({ destination, values, url: asked.url });
  const noticed: Noticed = { open: 0, leftOut: 0 };
  const redactor = redactorOf({ content: asked.content, redaction: asked.redaction && undefined });
  async function* spans(): AsyncGenerator<ScopedSpan> {
    for (const run of runs) {
      const own = exportedSpans(
        offset => session.reader.recordedSpans(session.file, run.runId, offset),
        redactor,
        noticed,
      );
      const attributes =
        destination.attributes &&
        ((one: Parameters<NonNullable<Destination['attributes']>>[0]) =>
          destination.attributes?.(one) ?? []);
      yield* otlpSpans(run, own, { attributes, exact: asked.exact }, noticed);
    }
  }
  const { service } = asked;
  if (target.unencrypted) {
    complain(
      terminal,
      `${target.url.host} is reached without encryption: what is sent can be read on the way.`,
    );
  }
  if (asked.dryRun) {
    const first = await firstTaken(spans(), destination);
    const sample = first && tracesOf([first], { destination, values, service, version });
    const asJson = destination.json ?? encodeTracesJson;
    const counts = sentCounts(runs, redactor, ownSentLog(target));
    terminal.write(dryWords(way, target, { runs, counts, sample: sample && asJson(sample).text }));
    return 0;
  }
  const log = ownSentLog(target);
  const sent = await sendTraces(spans(), {
    destination,
    values,
    url: asked.url,
    encoding: asked.encoding,
    service,
    version,
    signal,
    log: asked.again ? { ...log, sent: () => new Set() } : log,
    skipUnsure: asked.skipUnsure,
    progress: progress.more,
  });
  progress.done();
  const facts = {
    ...sent,
    error: sent.error?.message ?? null,
    open: noticed.open,
    timeless: noticed.timeless ?? 0,
    leftOut: noticed.leftOut,
    eventsLeftOut: noticed.events ?? 0,
  };
  terminal.write(
    asked.json ? `${JSON.stringify(facts, undefined, 2)}\n` : sentWords(sent, noticed, target.url),
  );
  if (sent.error) complain(terminal, sent.error.message);
  if (sent.error?.code === 'exportKeyRefused') complain(terminal, keyWords(destination));
  if (sent.error?.code === 'exportBrokeOff') {
    complain(terminal, 'If they did arrive, export again with --skip-unsure.');
  }
  return sent.error || sent.rejected > 0 ? 1 : 0;
}

function keyWords({ id, variables }: Destination): string {
  const names = variables.filter(({ secret }) => secret).map(({ name }) => name);
  if (names.length === 0)
    return 'No key is sent there: give its whole address, and headers with it.';
  const form = id === 'custom' ? ', as name=value, such as authorization=Bearer%20…' : '';
  return `It is read from the environment: ${names.join(' or ')}${form}.`;
}

async function firstTaken(
  spans: AsyncIterable<ScopedSpan>,
  { takes }: Destination,
): Promise<ScopedSpan | undefined> {
  for await (const one of spans) if (takes?.(one.span) !== false) return one;
  return undefined;
}

function dryWords(
  { asked, destination }: Way,
  { url, headers }: ReturnType<typeof targetOf>,
  {
    runs,
    counts,
    sample,
  }: {
    readonly runs: readonly RunSummary[];
    readonly counts: SentCounts;
    readonly sample: string | undefined;
  },
): string {
  const spans = runs.reduce((sum, run) => sum + run.spans, 0);
  const content = asked.content
    ? `with content${asked.redaction ? ', secrets and personal data taken out' : ', as recorded'}`
    : 'without prompts, answers, inputs and results of tools';
  const names = Object.keys(headers);
  const fewer = destination.takes ? ' It takes only some kinds of spans.' : '';
  return [
    `Would send ${runsAndSpans(runs.length, spans)} to ${destination.label}, ${content}.${fewer}`,
    ...knownWords(asked, counts),
    `Address: ${url.href}`,
    `Encoding: ${asked.encoding ?? destination.encoding}`,
    `Headers: ${names.length === 0 ? 'none' : names.join(', ')}`,
    ...(sample === undefined
      ? []
      : ['The first span:', JSON.stringify(JSON.parse(sample), undefined, 2)]),
    '',
  ].join('\n');
}

export interface Progress {
  more(spans: number): void;
  done(): void;
}

function progressOf(terminal: Terminal, runs: readonly RunSummary[]): Progress {
  const total = runs.reduce((sum, run) => sum + run.spans, 0);
  let spans = 0;
  let saidAt = 0;
  const free = garbageCollector(worthFreeing);
  return {
    more(count) {
      // Looking whether it is worth it takes some microseconds.
      if (Math.floor((spans + count) / 100) > Math.floor(spans / 100)) free();
      spans += count;
      const now = performance.now();
      if (terminal.ask === undefined || now - saidAt < sayEvery) return;
      saidAt = now;
      terminal.error(`\r${integer(spans)} of ${many(total, 'span')} `);
    },
    done() {
      if (saidAt > 0) terminal.error('\r\u001b[K');
    },
  };
}
