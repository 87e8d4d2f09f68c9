const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Tells of signals that would end this process, which then does not end by itself. Gives what undoes it. */
export function onInterrupt(told: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, told);
  return () => {
    for (const signal of signals) process.off(signal, told);
  };
}
