import { nearestRank } from './distribution.ts';

/** So many values are kept as they are; beyond, they are counted in bins. */
export const exactValues = 2000;

// A value is at most half a percent from the middle of its bin.
const step = Math.log(1.01);

/** Percentiles of any number of values in bounded room: by nearest rank, exact up to `exactValues`. */
export class Quantiles {
  private values: number[] | undefined = [];
  private readonly bins = new Map<number, number>();
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  private count = 0;

  /** @param value at least 0 */
  add(value: number): void {
    this.count++;
    this.low = Math.min(this.low, value);
    this.high = Math.max(this.high, value);
    if (!this.values) {
      this.countIn(value);
      return;
    }
    this.values.push(value);
    if (this.values.length > exactValues) this.toBins();
  }

  addAll(other: Quantiles): void {
    if (other.values) {
      for (const value of other.values) this.add(value);
      return;
    }
    this.toBins();
    for (const [bin, count] of other.bins) this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
    this.count += other.count;
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
  }

  /** Undefined where there are no values. */
  at(...percents: readonly number[]): readonly (number | undefined)[] {
    if (this.values) {
      const sorted = Float64Array.from(this.values).sort();
      return percents.map(percent => nearestRank(sorted, percent));
    }
    const bins = [...this.bins].sort(([a], [b]) => a - b);
    return percents.map(percent => {
      let rank = Math.max(1, Math.ceil((percent / 100) * this.count));
      for (const [bin, count] of bins) {
        rank -= count;
        if (rank <= 0) return Math.min(this.high, Math.max(this.low, Math.exp(bin * step)));
      }
      return this.high;
    });
  }

  get most(): number | undefined {
    return this.count === 0 ? undefined : this.high;
  }

  private toBins(): void {
    for (const one of this.values ?? []) this.countIn(one);
    this.values = undefined;
  }

  private countIn(value: number): void {
    // Durations below a nanosecond are none; their logarithms would be bins without end.
    const bin = Math.round(Math.log(Math.max(value, 1e-6)) / step);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
  }
}
