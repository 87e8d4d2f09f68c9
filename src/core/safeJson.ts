/**
 * A value as JSON; undefined for what JSON has no word for. Never throws: a cycle, a getter that fails or
 * an object too deep must not end the agent that records it.
 */
export function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, plain);
  } catch {
    // Cycles are rare and looking for them is slow, so they are looked for only after the first try.
    return withoutCycles(value);
  }
}

/** What JSON would refuse, or show as `{}`. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Error) {
      return Object.assign({ name: value.name, message: value.message }, value);
    }
    if (value instanceof Map) return Object.fromEntries(value);
    if (value instanceof Set) return [...value];
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    return value;
  }
  return typeof value === 'bigint' ? String(value) : value;
}

function withoutCycles(value: unknown): string {
  const above: unknown[] = [];
  try {
    return (
      JSON.stringify(value, function (this: unknown, key, item) {
        // `this` holds the item: what is not above it any more was left.
        while (above.length > 0 && above.at(-1) !== this) above.pop();
        if (above.includes(item)) return '[circular]';
        const made = plain(key, item);
        if (typeof made === 'object' && made !== null) {
          if (above.length > 100) return '[too deep]';
          above.push(made);
        }
        return made;
      }) ?? 'null'
    );
  } catch (error) {
    return JSON.stringify(
      `[cannot be recorded: ${error instanceof Error ? error.message : error}]`,
    );
  }
}
