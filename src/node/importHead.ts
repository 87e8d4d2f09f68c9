import fs from 'node:fs';
import type { Head } from '../formats/importFormat.ts';

/** Enough for the first lines of what is exported, prompts and all. */
const headBytes = 1_000_000;
const mostLines = 50;

export interface FileHead extends Head {
  /** `lines`: one value a line; `values`: however they stand; `none`: it is no text. */
  readonly shape: 'lines' | 'values' | 'none';
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
}

/** Looks at the beginning of a file. */
export function readHead(file: string): FileHead {
  const bytes = Buffer.alloc(headBytes);
  const opened = fs.openSync(file, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < headBytes; length += read) {
      read = fs.readSync(opened, bytes, length, headBytes - length, length);
    }
    return headOf(bytes.subarray(0, length));
  } finally {
    fs.closeSync(opened);
  }
}

export function headOf(bytes: Buffer): FileHead {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) {
    return { bytes, values: [], keys: new Set(), shape: 'none', encoding };
  }
  const whole = bytes.length < headBytes;
  const lines = text.split('\n').slice(0, mostLines + 1);
  // The last one may go on beyond what was read.
  const complete = lines.length > mostLines || !whole ? lines.slice(0, -1) : lines;
  const filled = complete.filter(line => line.trim() !== '');
  const values = filled.flatMap(line => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      // Cut off, or a line of a value that goes over several.
      return [];
    }
  });
  const objects = values.filter(value => typeof value === 'object' && value !== null);
  const isLines = objects.length > 0 && objects.length * 2 >= filled.length;
  return {
    bytes,
    values: isLines ? values : [],
    keys: topKeys(text),
    shape: isLines ? 'lines' : 'values',
    encoding,
  };
}

function encodingOf(bytes: Buffer): FileHead['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

// A text that is cut off ends where all ends: else each quotation mark in it would be tried as its beginning.
const token = /"((?:[^"\\]|\\.)*)(?:"(\s*:)?)?|[{}[\]]/gs;

/**
 * The keys of the first object of a text that may be cut off, those of objects in it as `key.inner`. Of a
 * list, those of its first element.
 */
export function topKeys(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const path: string[] = [];
  let key = '';
  let base = -1;
  for (const [all, string = '', colon] of text.matchAll(token)) {
    if (all === '{' || all === '[') {
      if (all === '{' && base < 0) base = path.length;
      path.push(key);
    } else if (all === '}' || all === ']') {
      path.pop();
      if (base >= 0 && path.length <= base) break;
    } else if (colon !== undefined) {
      key = string;
      const depth = path.length - base;
      if (depth === 1) found.add(key);
      else if (depth === 2) found.add(`${path[path.length - 1]}.${key}`);
    }
  }
  return found;
}
