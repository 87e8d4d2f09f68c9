import { integer } from '../format.ts';

/** So many times: exact to a tenth below ten. */
export const formatTimes = (times: number): string =>
  times < 9.95 ? String(Math.round(times * 10) / 10) : integer(times);
