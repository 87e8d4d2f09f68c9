import type { Fields } from '../core/fields.ts';
import { readMetadata } from '../core/metadata.ts';
import type { RunSummary, Span } from '../core/model.ts';
import type { SoughtText } from '../core/query/ast.ts';
import type { RunFacts, SpanFacts } from '../core/query/plan.ts';
import { providerOf, tagsOf } from '../core/query/recordedFields.ts';
import type { Node } from '../core/tree.ts';
import { type RunView, stored } from './runView.ts';
import type { Asked } from './searchPlan.ts';
import { textRow } from './searchTexts.ts';

/** A span as a query asks about it: each part is read when it is first asked for. */
export class SearchedSpan implements SpanFacts {
  readonly node: Node;
  readonly span: Span;
  private readonly view: RunView;
  private readonly asked: Asked;
  private known: Fields | undefined;
  private readonly held = new Map<SoughtText, boolean>();

  constructor(view: RunView, node: Node, asked: Asked) {
    this.view = view;
    this.node = node;
    this.span = node.span;
    this.asked = asked;
  }

  error(): string | undefined {
    return this.span.error && this.view.source.error(this.row);
  }

  provider(): string | undefined {
    return providerOf(this.fields, this.span.model);
  }

  tags(): readonly string[] {
    return tagsOf(this.fields);
  }

  holds(sought: SoughtText): boolean {
    let held = this.held.get(sought);
    if (held === undefined) {
      const row = textRow(this.view.source, this.row);
      held = row !== undefined && this.asked.searchFor(sought).isIn(this.view.source, row);
      this.held.set(sought, held);
    }
    return held;
  }

  get row(): number {
    return stored(this.span).row;
  }

  private get fields(): Fields {
    this.known ??= readMetadata(this.view.source.metadata(this.row)).fields;
    return this.known;
  }
}

/** A run as a query asks about it. */
export async function factsOf(run: RunSummary, view: RunView, asked: Asked): Promise<RunFacts> {
  if (!asked.countsCalls) return { run };
  await view.identifyAll();
  return { run, calls: view.tree.ordered.filter(({ span }) => span.kind === 'llm').length };
}
