import process from 'node:process';

/** Why the program ends: a signal's name or the exit code. */
export type End = NodeJS.Signals | number;
/** @param error what nobody caught, where that ends the program */
type Listener = (end: End, error?: { readonly thrown: unknown }) => void;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// One for all copies of this library in a program: two of them would each take the other for the program's own.
const key = Symbol.for('agent-trace-inspector.programEnd');

interface Registry {
  /** Each with whether it wants to know of signals. */
  readonly listeners: Map<Listener, boolean>;
  readonly atRest: Set<() => void>;
  signals: boolean;
}

/**
 * Calls back, synchronously, before the program ends by itself, by an error or, if asked to, by a signal. A
 * signal that the program does not handle ends it as it would have without us; one that it handles is left
 * to it.
 */
export function onProgramEnd(listener: Listener, withSignals: boolean): () => void {
  const found = registry();
  found.listeners.set(listener, withSignals);
  if (withSignals && !found.signals) listenToSignals(found);
  return () => found.listeners.delete(listener);
}

/** Calls back, once, when the program has nothing left to do: what is begun then still comes to its end. */
export function onProgramAtRest(listener: () => void): () => void {
  const { atRest } = registry();
  atRest.add(listener);
  return () => atRest.delete(listener);
}

/** Keeps the program from ending while somebody waits for this. */
export async function heldOpen<T>(work: Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, 2 ** 30);
  try {
    return await work;
  } finally {
    clearInterval(hold);
  }
}

function registry(): Registry {
  const holder = globalThis as { [key]?: Registry };
  const made = holder[key];
  if (made) return made;
  const found: Registry = { listeners: new Map(), atRest: new Set(), signals: false };
  holder[key] = found;
  let error: { readonly thrown: unknown } | undefined;
  process.on('uncaughtExceptionMonitor', thrown => {
    error = { thrown };
    // A program that handles it and goes on does not end by it; nor is it held up.
    setImmediate(() => {
      error = undefined;
    }).unref();
  });
  // Once: what is begun there brings it about again, and where nobody answers it would never end.
  process.once('beforeExit', () => {
    for (const listener of [...found.atRest]) listener();
  });
  process.on('exit', code => {
    for (const listener of [...found.listeners.keys()]) listener(code, error);
  });
  return found;
}

function listenToSignals(found: Registry): void {
  found.signals = true;
  for (const signal of signals) {
    const handle = (): void => {
      // First in line, so a handler of the program that is called once still counts.
      if (process.listenerCount(signal) > 1) return;
      for (const [listener, wanted] of [...found.listeners]) if (wanted) listener(signal);
      process.removeListener(signal, handle);
      process.kill(process.pid, signal);
    };
    process.prependListener(signal, handle);
  }
}
