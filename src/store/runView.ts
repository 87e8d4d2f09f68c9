import { type Cause, causeOf, failingSpan } from '../core/causality.ts';
import { decideKind, type KindHints, toolNameOf } from '../core/kind.ts';
import type { Span } from '../core/model.ts';
import { failureOrigins, recoveredSpans } from '../core/status.ts';
import type { Node, RunTree } from '../core/tree.ts';
import { totalTokens } from '../core/usage.ts';
import type { SpanRow } from '../protocol/reader.ts';
import { answeringSpan, recordedToolUseId } from './answers.ts';
import type { RowId, RowRange, SpanSource } from './dialect.ts';
import { Pause } from './pause.ts';
import type { RunEntry } from './runIndex.ts';
import { type Identity, StoredSpan } from './storedSpan.ts';

// Up to here, the kinds of a run are read all at once; beyond, only of the spans that are looked at.
const smallRun = 2000;

/** A run's tree and what follows from it, each part worked out when it is first asked for. */
export class RunView {
  readonly entry: RunEntry;
  readonly tree: RunTree;
  readonly source: SpanSource;
  private hints: Map<RowId, KindHints> | undefined;
  private recoveredNodes: ReadonlySet<Node> | undefined;
  private failureNodes: readonly Node[] | undefined;
  private llmOrder: ReadonlyMap<Node, number> | undefined;
  private allIdentified = false;
  private readonly causes = new Map<Node, Cause | undefined>();

  constructor(source: SpanSource, entry: RunEntry, tree: RunTree) {
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
    return this.entry.settled.status === 'error' ? failingSpan(this.tree) : undefined;
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
      children: node.children.length,
      depth: node.depth,
      flaw: node.flaw,
      recovered: this.recovered.has(node),
      isCause: failing !== undefined && this.causeOf(failing)?.spanId === span.spanId,
    };
  }

  /** The place of an LLM span among the run's, by start, counted from 0; and how many there are. */
  callOf(node: Node): { index: number; count: number } | undefined {
    if (!this.llmOrder) {
      const calls = this.tree.ordered.filter(one => this.isCall(one));
      const start = (one: Node): number => one.span.start ?? Number.MAX_VALUE;
      calls.sort((a, b) => start(a) - start(b));
      this.llmOrder = new Map(calls.map((one, index) => [one, index]));
    }
    const index = this.llmOrder.get(node);
    return index === undefined ? undefined : { index, count: this.llmOrder.size };
  }

  /** In a large run by columns alone: a number is not worth reading the metadata of every span. */
  private isCall({ span }: Node): boolean {
    if (this.tree.ordered.length <= smallRun) return span.kind === 'llm';
    return this.identityFrom(stored(span), {}).kind === 'llm';
  }

  /** Reads what the kinds of all spans depend on in one pass: asked for one by one, each is a query. */
  async identifyAll(): Promise<void> {
    const { ordered } = this.tree;
    if (ordered.length <= smallRun || this.allIdentified) return;
    const pause = new Pause();
    const byRow = new Map(ordered.map(({ span }) => [stored(span).row, stored(span)]));
    for (const range of joined(this.entry.ranges)) {
      for (const [row, hints] of this.source.hints(range)) {
        const span = byRow.get(row);
        span?.know(this.identityFrom(span, hints));
        if (row % 500 === 0) await pause.ifLong();
      }
    }
    this.allIdentified = true;
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
    if (this.tree.ordered.length > smallRun) {
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

// Reading over so many rows of other runs costs less than another query.
const worthReadingOver = 50;

/** Ranges with little between them as one. */
function joined(ranges: readonly RowRange[]): readonly RowRange[] {
  const found: { first: RowId; last: RowId }[] = [];
  for (const { first, last } of ranges) {
    const before = found.at(-1);
    if (before && first - before.last <= worthReadingOver) before.last = last;
    else found.push({ first, last });
  }
  return found;
}

/** The spans of this room's trees know their rows. */
export function stored(span: Span): StoredSpan {
  if (span instanceof StoredSpan) return span;
  throw new RangeError(`the span ${span.spanId} does not come from a file`);
}
