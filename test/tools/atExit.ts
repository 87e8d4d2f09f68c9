// What is done when this process ends: one listener for all of it, for Node warns of eleven.
const endings = new Set<() => unknown>();

process.once('exit', () => {
  // What was begun last ends first: a program before the folder it writes to.
  for (const ending of [...endings].reverse()) ending();
});

/** Does something when this process ends; what it gives forgets that. */
export function atExit(ending: () => unknown): () => void {
  endings.add(ending);
  return () => {
    endings.delete(ending);
  };
}
