interface Inner {
  readonly spanId: string;
  readonly start: number;
}

/** Calls in one generation; there are two, of which the older is forgotten when the younger is full. */
const mostCalls = 20_000;

/** The calls that came last, and which of them lie within the span of another. */
export class RecentCalls {
  #calls = new Set<string>();
  #inner = new Map<string, Inner[]>();
  #olderCalls = new Set<string>();
  #olderInner = new Map<string, Inner[]>();

  /** @param start any count that orders those within one span */
  add(spanId: string, parentId: string | undefined, start: number): void {
    if (this.#calls.size >= mostCalls) {
      this.#olderCalls = this.#calls;
      this.#olderInner = this.#inner;
      this.#calls = new Set();
      this.#inner = new Map();
    }
    this.#calls.add(spanId);
    if (parentId === undefined) return;
    const known = this.#inner.get(parentId);
    if (!known) this.#inner.set(parentId, [{ spanId, start }]);
    else if (!known.some(one => one.spanId === spanId)) known.push({ spanId, start });
  }

  has(spanId: string): boolean {
    return this.#calls.has(spanId) || this.#olderCalls.has(spanId);
  }

  /** Those within a span, the first one first. */
  within(spanId: string): string[] {
    const all = [...(this.#olderInner.get(spanId) ?? []), ...(this.#inner.get(spanId) ?? [])].sort(
      (a, b) => a.start - b.start,
    );
    return [...new Set(all.map(one => one.spanId))];
  }
}
