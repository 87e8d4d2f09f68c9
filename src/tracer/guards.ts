import { keysOf, readField } from '../core/plainCopy.ts';
import { errorText } from './errorText.ts';
import type { Log } from './options.ts';

// What comes from the agent may throw when it is looked at; nothing of that may reach the agent.

/** Undefined where it throws. */
export function guarded<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    // It is the agent's own function, asked for something beside its work.
    return undefined;
  }
}

/** The fields of an object; what stands in the place of one that cannot be read says so. */
export function copied(fields: object | undefined): Record<string, unknown> {
  try {
    return { ...fields };
  } catch {
    const from = fields ?? {};
    return Object.fromEntries(keysOf(from).map(key => [key, readField(from, key)]));
  }
}

/** A name; agents without types give anything. */
export const nameOf = (name: unknown): string =>
  typeof name === 'string' ? name : errorText(name);

/** A log whose failures are nobody's. */
export function safeLog(log: Log): Log {
  return {
    error: message => void guarded(() => log.error(message)),
    info: message => void guarded(() => log.info(message)),
  };
}
