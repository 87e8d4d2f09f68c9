import fs from 'node:fs';
import { oneLine } from '../core/describe.ts';
import type { Price } from '../core/price.ts';
import { readPriceOverrides } from '../core/priceOverrides.ts';
import { NotFound } from './session.ts';

const mostBytes = 1_000_000;

/** The user's own prices; what is wrong with one of them is said, and the others count. */
export function pricesIn(file: string, say: (problem: string) => void): readonly Price[] {
  const { prices, problems } = readPriceOverrides(contentOf(file));
  for (const problem of problems) say(`${file}: ${oneLine(problem, 200)}; it is left out.`);
  return prices;
}

function contentOf(file: string): unknown {
  try {
    const { size } = fs.statSync(file);
    if (size > mostBytes) throw new RangeError(`it has ${size} bytes, of ${mostBytes} at most`);
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotFound(`The prices in ${file} cannot be read: ${why}.`);
  }
}
