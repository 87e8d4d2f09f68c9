import * as vscode from 'vscode';
import { integer } from '../../core/format.ts';
import type { ReplayEvent, ReplaySummary } from '../../core/replay/replayEvents.ts';

export const startWords = (): string => vscode.l10n.t('no request yet');

/** How far a replay is, after an event; undefined where it says nothing new. */
export function progressWords(event: ReplayEvent, calls: number): string | undefined {
  const t = vscode.l10n.t;
  switch (event.kind) {
    case 'matched':
      return t('answer {0} of {1}', integer(event.call.call), integer(calls));
    case 'live':
      return t('request {0} live', integer(event.request));
    case 'stopped':
      return event.call
        ? t('stopped at call {0} of {1}', integer(event.call.call), integer(calls))
        : t('stopped at request {0}', integer(event.request));
    default:
      return undefined;
  }
}

/** What was answered, and what differed. */
export function summaryWords(name: string, summary: ReplaySummary): string {
  const t = vscode.l10n.t;
  const { asked, calls, answered, live, stopped, differed, requests } = summary;
  const counted = [
    t('{0} as recorded', integer(answered)),
    live > 0 ? t('{0} by the real API', integer(live)) : '',
    stopped > 0 ? t('{0} stopped', integer(stopped)) : '',
  ].filter(Boolean);
  const facts =
    requests === 1
      ? t(
          'Replayed {0} of {1} calls of “{2}”; one request: {3}.',
          asked,
          calls,
          name,
          counted.join(', '),
        )
      : t(
          'Replayed {0} of {1} calls of “{2}”; {3} requests: {4}.',
          asked,
          calls,
          name,
          integer(requests),
          counted.join(', '),
        );
  const differences =
    differed === 0
      ? t('Nothing differed.')
      : differed === 1
        ? t('One request differed.')
        : t('{0} requests differed.', integer(differed));
  return `${facts} ${differences}`;
}
