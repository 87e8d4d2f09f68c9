import type { SqlJsStatic } from 'sql.js';
import { compareRuns, type RunToCompare } from '../core/compareRuns.ts';
import { TraceError } from '../core/errors.ts';
import type { Clock } from '../core/status.ts';
import { rowAbove, rowsBelow } from '../core/tree.ts';
import type { FileId, ReaderApi, SpanPath, TraceFile, TraceSource } from '../protocol/reader.ts';
import type { FileSet } from './byteSource.ts';
import { costs } from './costs.ts';
import { headerSize } from './dbHeader.ts';
import { spanDetail } from './detail.ts';
import { nextFailure } from './failures.ts';
import { spanImage } from './images.ts';
import { insights } from './insights.ts';
import { figures, fileTotals, pageOf, runPage, runPlace, runRows } from './pages.ts';
import { PathFile } from './pathFile.ts';
import { nextTask } from './pause.ts';
import { recordedSpans } from './recordedSpans.ts';
import { replays } from './replays.ts';
import { summaryAt } from './runIndex.ts';
import type { IndexKeeper } from './savedIndex.ts';
import { search } from './search.ts';
import { findRuns, searched } from './searchRuns.ts';
import { lazyWorks } from './selfTest.ts';
import { Db, loadSqlite } from './sqlite.ts';
import { wholeText } from './texts.ts';
import { OpenFile } from './traceFile.ts';
import { waterfallOf } from './waterfall.ts';
import { checkHeader, wholeContent } from './wholeBytes.ts';

export interface ReaderHost {
  /** `sql-wasm.wasm`; only the host knows where it lies. */
  readonly wasm: () => Promise<Uint8Array>;
  /** The database at a path, and what lies beside it. */
  readonly filesAt?: (source: Extract<TraceSource, { kind: 'path' }>) => FileSet;
  /** Keeps what was read of the file at a path for the next time. */
  readonly keeperOf?: ((path: string) => IndexKeeper) | undefined;
  /** Writes down what went wrong without keeping an answer from being given; thrown where nobody does. */
  readonly log?: ((line: string) => void) | undefined;
}

/** An open file: all that differs between one on the disk and one that came as bytes. */
interface Held {
  look(): Promise<TraceFile>;
  use<T>(work: (open: OpenFile) => Promise<T>): Promise<T>;
  close(): void;
}

// Long enough to be worth a message, short enough for a question not to wait.
const advanceFor = 100;
const maxSlice = 4 * 1024 * 1024;

/** The reader in this process. SQLite begins to load at once, so that the first `open` need not wait for it. */
export function createReader(host: ReaderHost): ReaderApi & { readonly ready: Promise<void> } {
  const sqlite = host.wasm().then(async wasm => {
    const loaded = await loadSqlite(wasm);
    // It runs the code of SQLite for the first time, which is compiled then.
    if (host.filesAt) lazyWorks(loaded);
    return loaded;
  });
  // The first call that needs it says what went wrong; until then nobody listens.
  const ready = sqlite.then(() => undefined);
  ready.catch(() => undefined);
  const files = new Map<FileId, { held: Held; path: string | undefined; prices: string }>();
  const opening = new Map<FileId, Promise<unknown>>();
  let lastText:
    | { file: FileId; open: OpenFile; spanId: string; part: string; text: string | undefined }
    | undefined;

  async function on<T>(file: FileId, work: (open: OpenFile) => Promise<T> | T): Promise<T> {
    const found = files.get(file)?.held;
    if (!found) throw new TraceError('fileNotOpen');
    return found.use(async open => work(open));
  }
  const { log } = host;
  const slip = log && ((thrown: unknown) => log(stackOf(thrown)));
  const close = (file: FileId): void => {
    const known = files.get(file);
    files.delete(file);
    if (lastText?.file === file) lastText = undefined;
    known?.held.close();
  };

  async function openFile(file: FileId, source: TraceSource): Promise<TraceFile> {
    try {
      const path = source.kind === 'path' ? source.path : undefined;
      const prices = JSON.stringify(source.prices ?? []);
      let known = files.get(file);
      if (!known || path === undefined || known.path !== path || known.prices !== prices) {
        const held = hold(host, await sqlite, file, source);
        close(file);
        known = { held, path, prices };
        files.set(file, known);
      }
      return await known.held.look();
    } catch (error) {
      // What is shown is what is on the disk: an older state is no answer to opening it again.
      close(file);
      throw error;
    }
  }

  return {
    ready,
    async open(file, source) {
      // Two readings of one file at a time could end in the wrong order.
      const before = opening.get(file) ?? Promise.resolve();
      const after = before.then(nextTask, nextTask).then(() => openFile(file, source));
      opening.set(file, after);
      try {
        return await after;
      } finally {
        if (opening.get(file) === after) opening.delete(file);
      }
    },
    async close(file) {
      // A file that is being read would be open afterwards.
      await opening.get(file)?.catch(() => undefined);
      close(file);
    },
    advance: file => on(file, open => open.advance(advanceFor)),
    runs: (file, query) => on(file, async open => runPage(await searched(open, query), query)),
    runRows: (file, query) => on(file, async open => runRows(await searched(open, query), query)),
    figures: (file, query) => on(file, async open => figures(await searched(open, query), query)),
    totals: (file, clock) => on(file, async open => fileTotals(await open.index(), clock)),
    run: (file, runId, clock) => on(file, async open => summaryAt(await open.entry(runId), clock)),
    runIndex: (file, runId, filter, clock, text) =>
      on(file, async open =>
        runPlace(await searched(open, { text, clock }), runId, filter, clock, text),
      ),
    children: (file, runId, parent, page) =>
      on(file, async open => {
        const view = await open.view(runId);
        const node = parent === undefined ? view.tree.root : view.tree.nodes.get(parent);
        if (!node) throw new TraceError('spanMissing');
        const below = rowsBelow(view.tree, node);
        const spans = pageOf(below, page, 1000).map(one => view.rowOf(one));
        return { spans, total: below.length };
      }),
    spans: (file, runId, page) =>
      on(file, async open => {
        const view = await open.view(runId);
        const { ordered } = view.tree;
        const spans = pageOf(ordered, page, 10_000).map(node => view.rowOf(node));
        return { spans, total: ordered.length };
      }),
    recordedSpans: (file, runId, offset) =>
      on(file, async open => recordedSpans(await open.view(runId), offset)),
    spanRows: (file, runId, spanIds) =>
      on(file, async open => {
        const view = await open.view(runId);
        return spanIds.slice(0, 100).flatMap(spanId => {
          const node = view.tree.nodes.get(spanId);
          return node ? [view.rowOf(node)] : [];
        });
      }),
    waterfall: (file, runId, clock) =>
      on(file, async open => waterfallOf(await open.view(runId), clock)),
    locate: (file, spanId) =>
      on(file, async open => {
        const { view, node } = await open.find(spanId);
        const path: { spanId: string; index: number }[] = [];
        for (let at = node, above = rowAbove(at); above; at = above, above = rowAbove(at)) {
          path.push({ spanId: at.span.spanId, index: rowsBelow(view.tree, above).indexOf(at) });
        }
        return { runId: view.entry.runId, path: path.reverse() } satisfies SpanPath;
      }),
    span: (file, spanId, clock) =>
      on(file, async open => {
        const { view, node } = await open.find(spanId);
        return spanDetail(view, node, clock);
      }),
    text: (file, spanId, part, from, length) =>
      on(file, async open => {
        if (lastText?.open !== open || lastText.spanId !== spanId || lastText.part !== part) {
          const { view, node } = await open.find(spanId);
          lastText = { file, open, spanId, part, text: wholeText(view, node, part) };
        }
        const { text } = lastText;
        if (text === undefined) return undefined;
        const end = from + Math.min(length, maxSlice);
        return { text: text.slice(from, end), chars: text.length };
      }),
    image: (file, spanId, part, key) =>
      on(file, async open => {
        const { view, node } = await open.find(spanId);
        return spanImage(view, node, part, key);
      }),
    cause: (file, spanId) =>
      on(file, async open => {
        const { view, node } = await open.find(spanId);
        return view.causeOf(node);
      }),
    nextFailure: (file, from, direction) => on(file, open => nextFailure(open, from, direction)),
    search: (file, request) => on(file, open => search(open, request)),
    findRuns: (file, text, clock) => on(file, open => findRuns(open, { text, clock })),
    costs: (file, request) => on(file, open => costs(open, request)),
    insights: (file, request) => on(file, open => insights(open, request, slip)),
    replays: (file, clock) => on(file, open => replays(open, clock)),
    async compareRuns(a, b, clock) {
      const sides =
        a.file === b.file
          ? await on(
              a.file,
              async open =>
                [await sideOf(open, a.runId, clock), await sideOf(open, b.runId, clock)] as const,
            )
          : ([
              await on(a.file, open => sideOf(open, a.runId, clock)),
              await on(b.file, open => sideOf(open, b.runId, clock)),
            ] as const);
      return compareRuns(...sides, clock.now);
    },
  };
}

const stackOf = (thrown: unknown): string =>
  thrown instanceof Error && thrown.stack ? thrown.stack : String(thrown);

/** Nothing of it is read later: its snapshot may be gone by then. */
async function sideOf(open: OpenFile, runId: string, clock: Clock): Promise<RunToCompare> {
  const view = await open.view(runId);
  await view.identifyAll();
  return { run: summaryAt(view.entry, clock), tree: view.tree };
}

function hold(host: ReaderHost, sqlite: SqlJsStatic, file: FileId, source: TraceSource): Held {
  const { name, prices } = source;
  if (source.kind === 'path') {
    if (!host.filesAt) throw new TraceError('unexpected', ['this reader cannot read paths']);
    const about = { file, name, prices };
    return new PathFile(sqlite, host.filesAt(source), about, host.keeperOf?.(source.path));
  }
  const { bytes } = source;
  checkHeader(bytes.subarray(0, headerSize), name);
  const db = new Db(sqlite, wholeContent(bytes), name);
  try {
    const open = new OpenFile(db, {
      file,
      name,
      prices,
      bytes: bytes.length,
      staleness: undefined,
      stamp: undefined,
    });
    return {
      look: async () => open.info,
      use: work => work(open),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
