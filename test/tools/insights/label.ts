import type { InsightType } from '../../../src/core/insights/insight.ts';
import { Recording } from './recording.ts';

/** What is right to say about a run, decided by what it does and not by what is found in it. */
export interface Label {
  readonly name: string;
  /** What must be found, and at which marked span; with `''` anywhere in the run. */
  readonly has?: Readonly<Partial<Record<InsightType, string>>> | undefined;
  /** What this run could be taken for, and is not. */
  readonly not?: InsightType | undefined;
  /** What may be said as well or not. All other types are wrong. */
  readonly may?: readonly InsightType[] | undefined;
  readonly tell: (file: Recording) => void;
}

/** A run that must have an insight, at a marked span. */
export const yes = (
  type: InsightType,
  name: string,
  mark: string,
  tell: Label['tell'],
  more: { readonly has?: Label['has']; readonly may?: Label['may'] } = {},
): Label => ({
  name: `${type}: ${name}`,
  tell,
  may: more.may ?? [],
  has: { ...more.has, [type]: mark },
});

/** A run that must not have it. */
export const no = (
  type: InsightType,
  name: string,
  tell: Label['tell'],
  more: { readonly has?: Label['has']; readonly may?: Label['may'] } = {},
): Label => ({ name: `${type}, not: ${name}`, tell, not: type, ...more });

/** Equal on every machine: its seed is its name. */
export function record(label: Label): Recording {
  let seed = 7;
  for (const char of label.name) seed = (seed * 31 + char.charCodeAt(0)) >>> 0;
  const file = new Recording(seed);
  label.tell(file);
  return file;
}
