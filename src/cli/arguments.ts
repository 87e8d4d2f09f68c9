import { InvalidArgumentError } from 'commander';

export function count(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(text);
}

/** So many that one would not wait for more. */
const mostTimes = 1000;

export function times(text: string): number {
  const value = count(text);
  if (value > mostTimes) throw new InvalidArgumentError(`It must be ${mostTimes} at most.`);
  return value;
}

/** Timers count to 2 ** 31 - 1 milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 86_400)) {
    throw new InvalidArgumentError('It must be a number of seconds above 0, and at most 86400.');
  }
  return value;
}

export function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number of minutes above 0.');
  }
  return value;
}
