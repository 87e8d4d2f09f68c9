import { InvalidArgumentError } from 'commander';

export function count(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(text);
}

export function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number of minutes above 0.');
  }
  return value;
}
