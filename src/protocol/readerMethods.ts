import type { ReaderApi } from './reader.ts';

/** All that a reader can be asked. */
export const readerMethods = [
  'open',
  'close',
  'advance',
  'runs',
  'runRows',
  'figures',
  'totals',
  'run',
  'runIndex',
  'children',
  'spans',
  'spanRows',
  'waterfall',
  'locate',
  'span',
  'text',
  'image',
  'cause',
  'nextFailure',
  'search',
  'findRuns',
  'costs',
  'insights',
  'compareRuns',
] as const satisfies readonly (keyof ReaderApi)[];
