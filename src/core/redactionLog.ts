import { type Fields, fieldsOf } from './fields.ts';

const mostEntries = 100;

/** What was cut from a span: by the path of the field, in words. */
export interface RedactionLog {
  cut(path: string, what: string): void;
  readonly size: number;
  /** For the field `redacted`, after what that held before. */
  fields(before: unknown): Fields;
}

export function redactionLog(): RedactionLog {
  const found = new Map<string, Map<string, number>>();
  let left = 0;
  let size = 0;
  return {
    cut(path, what) {
      size++;
      const entry = found.get(path);
      if (!entry && found.size >= mostEntries) left++;
      else found.set(path, (entry ?? new Map()).set(what, (entry?.get(what) ?? 0) + 1));
    },
    get size() {
      return size;
    },
    fields(before) {
      const entries = new Map<string, unknown>(
        typeof before === 'string' ? [['before', before]] : Object.entries(fieldsOf(before)),
      );
      for (const [path, kinds] of found) {
        const words = [...kinds].map(([what, count]) => (count > 1 ? `${what} ×${count}` : what));
        const old = entries.get(path);
        entries.set(
          path,
          typeof old === 'string' ? `${old}, ${words.join(', ')}` : words.join(', '),
        );
      }
      if (left > 0) entries.set('…', `and ${left} more`);
      return Object.fromEntries(entries);
    },
  };
}
