export interface Writing {
  /** Names of fields in alphabetic order: what a program writes as the same object may come in any. */
  readonly sorted: boolean;
  /** Fields that are left out. */
  readonly without?: (key: string, depth: number) => boolean;
  /** Texts, as they are to be written. */
  readonly text?: (text: string) => string;
}

// Nested deeper, values are taken to be alike: a recorder may nest until a recursion ends.
const deepest = 60;

/** Writes a value as JSON in pieces, so that a request of megabytes is never one text. */
export function writeJson(
  value: unknown,
  how: Writing,
  write: (piece: string) => void,
  depth = 0,
): void {
  if (typeof value === 'string') {
    write(JSON.stringify(how.text ? how.text(value) : value));
  } else if (typeof value !== 'object' || value === null) {
    write(typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null');
  } else if (depth > deepest) {
    write('"…"');
  } else if (Array.isArray(value)) {
    write('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) write(',');
      writeJson(value[i], how, write, depth + 1);
    }
    write(']');
  } else {
    const names = Object.keys(value);
    if (how.sorted) names.sort();
    let separator = '{';
    for (const name of names) {
      if (how.without?.(name, depth)) continue;
      write(`${separator}${JSON.stringify(name)}:`);
      writeJson((value as Readonly<Record<string, unknown>>)[name], how, write, depth + 1);
      separator = ',';
    }
    write(separator === '{' ? '{}' : '}');
  }
}
