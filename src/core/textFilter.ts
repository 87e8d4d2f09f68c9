import type { RunSummary } from './model.ts';

/** Whether all words of a text stand in a run's name, error or id, in any case. */
export function textFilter(text: string | undefined): (run: RunSummary) => boolean {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return ({ name, error, runId }) => {
    // A word must stand in one of the three, not where two of them meet.
    const searched = `${name}\n${error ?? ''}\n${runId}`.toLowerCase();
    return words.every(word => searched.includes(word));
  };
}
