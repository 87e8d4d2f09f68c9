import { compareRuns } from '../core/compareRuns.ts';
import { TraceError } from '../core/errors.ts';
import { rowAbove, rowsBelow } from '../core/tree.ts';
import type { FileId, ReaderApi, SpanPath, Staleness, TraceSource } from '../protocol/reader.ts';
import { spanDetail } from './detail.ts';
import { nextFailure } from './failures.ts';
import { spanImage } from './images.ts';
import { figures, fileTotals, pageOf, runPage, runPlace, runRows } from './pages.ts';
import { nextTask } from './pause.ts';
import { summaryAt } from './runIndex.ts';
import { search } from './search.ts';
import { findRuns, searched } from './searchRuns.ts';
import { Db, isWal, loadSqlite } from './sqlite.ts';
import { wholeText } from './texts.ts';
import { OpenFile } from './traceFile.ts';
import { waterfallOf } from './waterfall.ts';

/** A file's bytes as a host read them. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly staleness: Staleness | undefined;
  /** Equal as long as the file is unchanged. */
  readonly identity: string;
}

export interface ReaderHost {
  /** `sql-wasm.wasm`; only the host knows where it lies. */
  readonly wasm: () => Promise<Uint8Array>;
  /** Reads a path; resolves to undefined where the file still has the identity that is known. */
  readonly readPath?: (
    source: Extract<TraceSource, { kind: 'path' }>,
    known: string | undefined,
  ) => Promise<FileBytes | undefined>;
}

const maxSlice = 4 * 1024 * 1024;

/** The reader in this process. SQLite begins to load at once, so that the first `open` need not wait for it. */
export function createReader(host: ReaderHost): ReaderApi & { readonly ready: Promise<void> } {
  const sqlite = host.wasm().then(loadSqlite);
  // The first call that needs it says what went wrong; until then nobody listens.
  const ready = sqlite.then(() => undefined);
  ready.catch(() => undefined);
  const files = new Map<FileId, { open: OpenFile; identity: string | undefined }>();
  const opening = new Map<FileId, Promise<unknown>>();
  let lastText:
    | { open: OpenFile; spanId: string; part: string; text: string | undefined }
    | undefined;

  const fileOf = (file: FileId): OpenFile => {
    const found = files.get(file)?.open;
    if (!found) throw new TraceError('fileNotOpen');
    return found;
  };
  const close = (file: FileId): void => {
    const known = files.get(file);
    files.delete(file);
    if (lastText?.open === known?.open) lastText = undefined;
    known?.open.close();
  };

  async function openFile(file: FileId, source: TraceSource): Promise<OpenFile> {
    const known = files.get(file);
    try {
      const read = await readSource(host, source, known?.identity);
      if (read === undefined && known) return known.open;
      if (read === undefined) throw new TraceError('fileNotOpen');
      const owned = source.kind === 'path';
      const { bytes, staleness, identity } = read;
      const empty = bytes.length === 0 && staleness === 'wal';
      if (empty) throw new TraceError('walOnly', [source.name]);
      const db = new Db(await sqlite, bytes, owned, source.name);
      const opened = new OpenFile(db, file, source.name, bytes.length, isWal(bytes), staleness);
      close(file);
      files.set(file, { open: opened, identity });
      return opened;
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
        return (await after).info;
      } finally {
        if (opening.get(file) === after) opening.delete(file);
      }
    },
    async close(file) {
      // A file that is being read would be open afterwards.
      await opening.get(file)?.catch(() => undefined);
      close(file);
    },
    runs: async (file, query) => runPage(await searched(fileOf(file), query), query),
    runRows: async (file, query) => runRows(await searched(fileOf(file), query), query),
    figures: async (file, query) => figures(await searched(fileOf(file), query), query),
    totals: async (file, clock) => fileTotals(await fileOf(file).index(), clock),
    run: async (file, runId, clock) => summaryAt(await fileOf(file).entry(runId), clock),
    async runIndex(file, runId, filter, clock, text) {
      return runPlace(await searched(fileOf(file), { text, clock }), runId, filter, clock, text);
    },
    async children(file, runId, parent, page) {
      const view = await fileOf(file).view(runId);
      const node = parent === undefined ? view.tree.root : view.tree.nodes.get(parent);
      if (!node) throw new TraceError('spanMissing');
      const below = rowsBelow(view.tree, node);
      return { spans: pageOf(below, page, 1000).map(one => view.rowOf(one)), total: below.length };
    },
    async spans(file, runId, page) {
      const view = await fileOf(file).view(runId);
      const { ordered } = view.tree;
      const spans = pageOf(ordered, page, 10_000).map(node => view.rowOf(node));
      return { spans, total: ordered.length };
    },
    async waterfall(file, runId, clock) {
      return waterfallOf(await fileOf(file).view(runId), clock);
    },
    async locate(file, spanId) {
      const { view, node } = await fileOf(file).find(spanId);
      const path: { spanId: string; index: number }[] = [];
      for (let at = node, above = rowAbove(at); above; at = above, above = rowAbove(at)) {
        path.push({ spanId: at.span.spanId, index: rowsBelow(view.tree, above).indexOf(at) });
      }
      return { runId: view.entry.runId, path: path.reverse() } satisfies SpanPath;
    },
    async span(file, spanId, clock) {
      const { view, node } = await fileOf(file).find(spanId);
      return spanDetail(view, node, clock);
    },
    async text(file, spanId, part, from, length) {
      const open = fileOf(file);
      if (lastText?.open !== open || lastText.spanId !== spanId || lastText.part !== part) {
        const { view, node } = await open.find(spanId);
        lastText = { open, spanId, part, text: wholeText(view, node, part) };
      }
      const { text } = lastText;
      if (text === undefined) return undefined;
      const end = from + Math.min(length, maxSlice);
      return { text: text.slice(from, end), chars: text.length };
    },
    async image(file, spanId, part, key) {
      const { view, node } = await fileOf(file).find(spanId);
      return spanImage(view, node, part, key);
    },
    async cause(file, spanId) {
      const { view, node } = await fileOf(file).find(spanId);
      return view.causeOf(node);
    },
    nextFailure: async (file, from, direction) => nextFailure(fileOf(file), from, direction),
    search: async (file, request) => search(fileOf(file), request),
    findRuns: async (file, text, clock) => findRuns(fileOf(file), { text, clock }),
    async compareRuns(a, b, clock) {
      const sideOf = async ({ file, runId }: typeof a) => {
        const view = await fileOf(file).view(runId);
        await view.identifyAll();
        return { run: summaryAt(view.entry, clock), tree: view.tree };
      };
      return compareRuns(await sideOf(a), await sideOf(b), clock.now);
    },
  };
}

async function readSource(
  host: ReaderHost,
  source: TraceSource,
  known: string | undefined,
): Promise<(Omit<FileBytes, 'identity'> & { identity: string | undefined }) | undefined> {
  if (source.kind === 'bytes') {
    return { bytes: source.bytes, staleness: undefined, identity: undefined };
  }
  if (!host.readPath) throw new TraceError('unexpected', ['this reader cannot read paths']);
  return host.readPath(source, known);
}
