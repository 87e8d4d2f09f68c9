import { fillIn } from '../core/errors.ts';
import { formatDuration, integer } from '../core/format.ts';
import type { RunSummary } from '../core/model.ts';
import { clock } from './settings.ts';
import { words } from './words.ts';

/** How the status of an unfinished run was judged. */
export function judgementWords(run: RunSummary): string {
  const said = words();
  const limit = formatDuration(clock().staleAfter);
  switch (run.judgement) {
    case 'unrecovered-failure':
      return said.judgedFailure;
    case 'recent-activity':
      return fillIn(said.judgedRunning, [limit]);
    case 'open-descendant':
      return fillIn(said.judgedStale, [limit]);
    case 'all-ended':
      return fillIn(said.judgedOk, [integer(run.spans)]);
    case 'interrupted':
      return said.judgedInterrupted;
    case undefined:
      return '';
  }
}
