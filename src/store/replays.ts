import { type Fields, fieldsOf, textOf } from '../core/fields.ts';
import type { Clock } from '../core/status.ts';
import type { ReplaySummary } from '../protocol/replay.ts';
import { summaryAt } from './runIndex.ts';
import { wholeText } from './texts.ts';
import type { OpenFile } from './traceFile.ts';

/** More than a person looks through; the newest are given. */
const mostReplays = 1000;

/** The runs of a file that are replays, newest first; none in a file that is not one of replays. */
export async function replays(open: OpenFile, clock: Clock): Promise<readonly ReplaySummary[]> {
  const found: ReplaySummary[] = [];
  for (const entry of (await open.index()).entries) {
    if (found.length === mostReplays) break;
    const view = await open.view(entry.runId);
    const { root } = view.tree;
    const fields = parsed(wholeText(view, root, 'metadata'));
    const [ofRun, ofSpan] = [textOf(fields.replay_of_run), textOf(fields.replay_of_span)];
    if (ofRun === undefined || ofSpan === undefined) continue;
    const served = fields.replay_served === undefined ? undefined : fieldsOf(fields.replay_served);
    const call = served ? undefined : root.children[0]?.span;
    const times = fieldsOf(fields.replay_times);
    const edited = Array.isArray(fields.replay_edited) ? fields.replay_edited : [];
    found.push({
      run: summaryAt(entry, clock),
      callId: call?.spanId ?? root.span.spanId,
      calls: served && (typeof served.requests === 'number' ? served.requests : 0),
      ofRun,
      ofSpan,
      ofFile: textOf(fields.replay_of_file),
      model: call?.model,
      edited: edited.filter(one => typeof one === 'string'),
      times: timesOf(times),
    });
  }
  return found;
}

function timesOf({ id, index, of }: Fields): ReplaySummary['times'] {
  return typeof id === 'string' && typeof index === 'number' && typeof of === 'number'
    ? { id, index, of }
    : undefined;
}

function parsed(metadata: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(metadata ?? '{}'));
  } catch {
    // Not what was written there: it is no replay.
    return {};
  }
}
