/** Takes texts one after another; the same texts joined give the same value. */
export interface Hasher {
  add(text: string): void;
  /** 53 bits, decimal. Tells texts apart that differ by chance, not those that were made to collide. */
  value(): string;
}

/** Two 32-bit FNV-1a lanes of different primes. */
export function hasher(): Hasher {
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  return {
    add(text) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        high = Math.imul(high ^ code, 0x01000193);
        low = Math.imul(low ^ code, 0x85ebca6b);
        // Without it, the highest bit of a factor would touch only the highest bit of the product.
        low ^= low >>> 15;
      }
    },
    value: () => String((high >>> 0) * 0x20_0000 + (low >>> 11)),
  };
}

export function hashOf(text: string): string {
  const hash = hasher();
  hash.add(text);
  return hash.value();
}
