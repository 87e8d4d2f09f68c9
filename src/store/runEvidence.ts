import type { RunEvidence } from '../core/insights/evidence.ts';
import type { SpanFacts } from '../core/insights/facts.ts';
import type { RunSummary } from '../core/model.ts';
import type { Pause } from './pause.ts';
import type { RunView } from './runView.ts';

const none: SpanFacts = { tool: undefined, call: undefined, events: [] };

/** A run with what its spans' metadata says. */
export async function evidenceOf(
  view: RunView,
  run: RunSummary,
  pause: Pause,
): Promise<RunEvidence> {
  await view.identifyAll();
  await pause.ifLong();
  return { run, tree: view.tree, facts: () => none };
}
