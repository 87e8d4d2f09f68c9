import { type Cause, causeOf, failingSpan } from '../core/causality.ts';
import { decideKind, type KindHints, toolNameOf } from '../core/kind.ts';
import type { Span, SpanId } from '../core/model.ts';
import { failureOrigins, recoveredSpans } from '../core/status.ts';
import { type Node, type RunTree, rowsBelow } from '../core/tree.ts';
import { totalTokens } from '../core/usage.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { answeringSpan, recordedToolUseId } from './answers.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import type { Pause } from './pause.ts';
import { joined, type RunEntry } from './runIndex.ts';
import { type Identity, StoredSpan } from './storedSpan.ts';

// Up to here, the kinds of a run are read all at once; beyond, only of the spans that are looked at, unless
// those are many: a row at a time, each costs some 0.1 ms.
const smallRun = 2000;
const fewSpans = 300;

/** A run's tree and what follows from it, each part worked out when it is first asked for. */
export class RunView {
  readonly entry: RunEntry;
  readonly tree: RunTree;
  readonly source: SpanSource;
  /** Every long work on the run takes one: after each pause, the file is looked at. */
  readonly newPause: () => Pause;
  private hints: Map<RowId, KindHints> | undefined;
  private hintsRead = 0;
  private recoveredNodes: ReadonlySet<Node> | undefined;
  private failureNodes: readonly Node[] | undefined;
  private failingNode: Node | undefined;
  private calls: readonly Node[] | undefined;
  private byStart: readonly Node[] | undefined;
  private llmOrder: ReadonlyMap<Node, number> | undefined;
  private readonly causes = new Map<Node, Cause | undefined>();

  constructor(source: SpanSource, entry: RunEntry, tree: RunTree, newPause: () => Pause) {
    this.newPause = newPause;
    this.source = source;
    this.entry = entry;
    this.tree = tree;
    const identify = (span: StoredSpan): Identity => this.identityOf(span);
    for (const { span } of tree.ordered) stored(span).identify = identify;
  }

  get recovered(): ReadonlySet<Node> {
    this.recoveredNodes ??= recoveredSpans(this.tree);
    return this.recoveredNodes;
  }

  /** Where failures began, in tree order. */
  get failures(): readonly Node[] {
    this.failureNodes ??= this.entry.failures === 0 ? [] : failureOrigins(this.tree);
    return this.failureNodes;
  }

  /** The span at which the run failed; undefined for a run that did not. */
  get failing(): Node | undefined {
    if (this.entry.settled.status !== 'error') return undefined;
    this.failingNode ??= failingSpan(this.tree);
    return this.failingNode;
  }

  /** The LLM spans by end, those without one last. In a large run only those that their columns tell. */
  get callsByEnd(): readonly Node[] {
    this.calls ??= this.tree.ordered
      .filter(node => this.isCall(node))
      .sort((a, b) => endOf(a) - endOf(b) || a.order - b.order);
    return this.calls;
  }

  causeOf(node: Node): Cause | undefined {
    if (!this.causes.has(node)) {
      const useId = recordedToolUseId(this.source, stored(node.span).row);
      const answeredBy = useId === undefined ? undefined : answeringSpan(this, node, useId);
      this.causes.set(node, causeOf(node, answeredBy));
    }
    return this.causes.get(node);
  }

  rowOf(node: Node): SpanRow {
    const { span } = node;
    const { failing } = this;
    return {
      spanId: span.spanId,
      runId: span.runId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: span.kind,
      toolName: span.toolName,
      start: span.start,
      end: span.end,
      status: span.status,
      recordedStatus: span.recordedStatus,
      interrupted: span.interrupted,
      model: span.model,
      usage: span.usage,
      cost: span.cost,
      costSource: span.costSource,
      error: span.error,
      children: rowsBelow(this.tree, node).length,
      depth: node.depth,
      flaw: node.flaw,
      recovered: this.recovered.has(node),
      isCause: failing !== undefined && this.causeOf(failing)?.spanId === span.spanId,
    };
  }

  /**
   * The place of an LLM span among the run's, by start, counted from 0; and how many there are. Undefined
   * in a large run whose kinds are not known: a number is not worth reading the metadata of every span.
   */
  callOf(node: Node): { index: number; count: number } | undefined {
    if (!this.hints && this.tree.ordered.length > smallRun) return undefined;
    this.llmOrder ??= new Map(
      this.tree.ordered
        .filter(one => one.span.kind === 'llm')
        .sort((a, b) => startOf(a) - startOf(b))
        .map((one, index) => [one, index]),
    );
    const index = this.llmOrder.get(node);
    return index === undefined ? undefined : { index, count: this.llmOrder.size };
  }

  /** The LLM spans before and after a span of any kind, by start. */
  callsAround(node: Node): { previous: SpanId | undefined; next: SpanId | undefined } {
    this.byStart ??= [...this.callsByEnd].sort(
      (a, b) => startOf(a) - startOf(b) || a.order - b.order,
    );
    const own = this.byStart.indexOf(node);
    const after =
      own >= 0
        ? own + 1
        : this.byStart.findIndex(
            one =>
              startOf(one) > startOf(node) ||
              (startOf(one) === startOf(node) && one.order > node.order),
          );
    const next = after < 0 ? undefined : this.byStart[after];
    const previous = own >= 0 ? own - 1 : (after < 0 ? this.byStart.length : after) - 1;
    return { previous: this.byStart[previous]?.span.spanId, next: next?.span.spanId };
  }

  private isCall({ span }: Node): boolean {
    if (this.tree.ordered.length <= smallRun) return span.kind === 'llm';
    const one = stored(span);
    return this.identityFrom(one, one.hints ?? {}).kind === 'llm';
  }

  /** Reads what the kinds of all spans depend on in one pass: asked for one by one, each is a query. */
  async identifyAll(): Promise<void> {
    if (!this.hints) await identifyTogether([this], this.newPause());
  }

  /** Takes what kinds depend on from whoever has read it of all spans. */
  identifyWith(hints: Map<RowId, KindHints>): void {
    this.hints ??= hints;
  }

  private identityOf(span: StoredSpan): Identity {
    return this.identityFrom(span, this.hintsOf(span.row));
  }

  private identityFrom(span: StoredSpan, hints: KindHints): Identity {
    const node = this.tree.nodes.get(span.spanId);
    const kind = decideKind({
      hints,
      name: span.name,
      model: span.model,
      hasTokens: (totalTokens(span.usage) ?? 0) > 0,
      isRoot: node === this.tree.root,
      hasChildren: (node?.children.length ?? 0) > 0,
    });
    return { kind, toolName: toolNameOf(hints) };
  }

  private hintsOf(row: RowId): KindHints {
    if (!this.hints && this.tree.ordered.length > smallRun && this.hintsRead++ < fewSpans) {
      for (const [, hints] of this.source.hints({ first: row, last: row })) return hints;
      return {};
    }
    if (!this.hints) {
      this.hints = new Map();
      for (const range of this.entry.ranges) {
        for (const [at, hints] of this.source.hints(range)) this.hints.set(at, hints);
      }
    }
    return this.hints.get(row) ?? {};
  }
}

/** Where the rows of some runs lie, in the order of the file. */
export const placesOf = (views: readonly RunView[]): readonly RowRange[] =>
  views.flatMap(view => view.entry.ranges).sort((a, b) => a.first - b.first);

/** Reads what the kinds of all spans of some runs depend on: those that lie beside one another, in one query. */
export async function identifyTogether(views: readonly RunView[], pause: Pause): Promise<void> {
  const [first] = views;
  if (!first) return;
  const hints = new Map<RowId, KindHints>();
  let rows = 0;
  for (const range of joined(placesOf(views))) {
    for (const [row, one] of first.source.hints(range)) {
      hints.set(row, one);
      if (++rows % 200 === 0) await pause.ifLong();
    }
  }
  for (const view of views) view.identifyWith(hints);
}

const endOf = (node: Node): number => node.span.end ?? Number.MAX_VALUE;

const startOf = ({ span }: Node): number => span.start ?? Number.MAX_VALUE;
/** The spans of this room's trees know their rows. */
export function stored(span: Span): StoredSpan {
  if (span instanceof StoredSpan) return span;
  throw new RangeError(`the span ${span.spanId} does not come from a file`);
}
