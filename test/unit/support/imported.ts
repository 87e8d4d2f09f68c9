import fs from 'node:fs';
import path from 'node:path';
import { callCost, sumCost } from '../../../src/core/cost.ts';
import { fieldsOf } from '../../../src/core/fields.ts';
import type { Usage } from '../../../src/core/model.ts';
import type { UnpackedEvent, UnpackedSpan } from '../../../src/core/rowPacker.ts';
import { addUsage, nativeUsage } from '../../../src/core/usage.ts';
import type { ImportFormat, ImportSink, SourceReader } from '../../../src/formats/importFormat.ts';

export const fixtures = path.resolve(import.meta.dirname, '../../../../shared/fixtures');

/** What a format made of files, by value. */
export class Imported implements ImportSink {
  readonly spans = new Map<string, UnpackedSpan>();
  readonly events: UnpackedEvent[] = [];
  readonly problems: string[] = [];
  readonly reader: SourceReader;

  constructor(format: ImportFormat, seen = new Set<string>()) {
    this.reader = format.open(this, seen);
  }

  span(span: UnpackedSpan): boolean {
    this.spans.set(span.spanId, span);
    return true;
  }

  event(event: UnpackedEvent): void {
    this.events.push(event);
  }

  log({ name }: { readonly name: string }, line: number): void {
    this.problems.push(`log ${name} ${line}`);
  }

  skipped(why: string, line: number): void {
    this.problems.push(`${why} ${line}`);
  }

  /** Reads lines, or a whole text. */
  feed(name: string, ...records: readonly unknown[]): this {
    const file = this.reader.file(name);
    records.forEach((one, index) => {
      file.record?.(typeof one === 'string' ? one : JSON.stringify(one), index + 1);
    });
    file.end();
    return this;
  }

  feedLines(name: string, file: string): this {
    return this.feed(name, ...fs.readFileSync(file, 'utf8').split('\n').filter(Boolean));
  }

  end(): this {
    this.reader.end();
    return this;
  }

  /** `name kind status` of a span and of those below it, in the order in which they began. */
  tree(parent?: string, depth = 0): readonly string[] {
    return [...this.spans.values()]
      .filter(span => span.parentSpanId === parent)
      .sort((a, b) => a.startTime - b.startTime)
      .flatMap(span => [
        `${'  '.repeat(depth)}${span.name} ${span.metadata.kind ?? '-'} ${span.status}`,
        ...this.tree(span.spanId, depth + 1),
      ]);
  }

  one(name: string): UnpackedSpan {
    const found = [...this.spans.values()].filter(span => span.name === name);
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} spans are named ${name}`);
    return found[0];
  }

  /** As the reader of trace files counts it. */
  usage(of: (span: UnpackedSpan) => boolean = () => true): Usage {
    return addUsage(this.#calls(of).map(usageOf));
  }

  cost(): number | undefined {
    const priced = this.#calls(() => true).map(span => ({
      ...callCost(span.costUsd, usageOf(span), span.model || undefined, span.startTime * 1000),
    }));
    return sumCost(priced as Parameters<typeof sumCost>[0]).cost;
  }

  #calls(of: (span: UnpackedSpan) => boolean): readonly UnpackedSpan[] {
    return [...this.spans.values()].filter(span => of(span));
  }
}

const usageOf = (span: UnpackedSpan): Usage =>
  nativeUsage(span.inputTokens, span.outputTokens, fieldsOf(span.metadata).usage);
