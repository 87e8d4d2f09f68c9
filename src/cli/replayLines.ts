import { oneLine } from '../core/describe.ts';
import type { CallRef } from '../core/replay/decision.ts';
import { callWords } from '../core/replay/describeReplay.ts';
import { requestText } from '../core/replay/normalRequest.ts';
import type { ReplayEvent, ReplaySummary } from '../core/replay/replayEvents.ts';
import { replayWords } from '../core/replay/replayWords.ts';
import { orNull } from './numbers.ts';
import { styled, type Terminal } from './terminal.ts';

/** An event as a line that a person reads; undefined for those that only say what another did. */
export function eventLine(event: ReplayEvent, terminal: Terminal): string | undefined {
  const words = (text: string): string => oneLine(text, 1000);
  const call = (ref: CallRef | undefined): string =>
    ref ? words(callWords(ref, replayWords)) : 'no recorded call';
  switch (event.kind) {
    case 'matched': {
      const how = { content: '', again: ' again', position: ' by position' };
      const looks = { ...how, nearest: ' as the nearest', edited: ', edited' };
      const attempt = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return `${event.request}  ${call(event.call)}${looks[event.how]}${attempt}`;
    }
    case 'differed':
      return event.follows === 'stop'
        ? undefined
        : styled(terminal, 'yellow', `${event.request}  ${words(event.words)}`);
    case 'live':
      return styled(terminal, 'blue', `${event.request}  ${call(event.call)}, from the real API`);
    case 'stopped':
      return styled(terminal, 'red', `${event.request}  ${words(event.words)}`);
    case 'refused':
      return styled(terminal, 'red', `refused: ${words(event.words)}`);
    case 'ended':
      if (event.ending !== 'broken' && event.ending !== 'failed') return undefined;
      return styled(
        terminal,
        'dim',
        `${event.request}  failed${event.live ? '' : ', as recorded'}`,
      );
  }
}

/** Of a prompt that is longer, only the place of the difference is printed. */
const longestText = 4_000_000;

/** An event as `--json` prints it, one a line. Scripts depend on these names. */
export function eventJson(event: ReplayEvent): unknown {
  const ref = (call: CallRef | undefined) =>
    call ? { call: call.call, spanId: call.spanId, name: call.name } : { call: null };
  switch (event.kind) {
    case 'matched': {
      const { request, how, attempt, call } = event;
      return { event: 'matched', request, ...ref(call), how, attempt };
    }
    case 'differed': {
      const { request, mismatch, words, follows } = event;
      const from = mismatch.kind === 'more' ? undefined : mismatch.from;
      const said = {
        event: 'differed',
        request,
        ...ref(from),
        mismatch: mismatch.kind,
        follows,
        words,
      };
      if (mismatch.kind !== 'differs') return said;
      const { path, tool, recorded, now } = mismatch.difference;
      const texts = [requestText(mismatch.recorded), requestText(mismatch.now)];
      const short = texts.every(text => text.length <= longestText);
      return {
        ...said,
        path,
        tool: orNull(tool),
        recorded: orNull(recorded),
        now: orNull(now),
        recordedRequest: short ? texts[0] : null,
        nowRequest: short ? texts[1] : null,
      };
    }
    case 'live':
      return { event: 'live', request: event.request, ...ref(event.call), why: event.why };
    case 'stopped': {
      const { request, call, why, words } = event;
      return { event: 'stopped', request, ...ref(call), why, words };
    }
    case 'refused':
      return { event: 'refused', status: event.status, words: event.words };
    case 'ended':
      return { event: 'ended', request: event.request, ending: event.ending, live: event.live };
  }
}

/** What was answered, and what differed. */
export function summaryLines(summary: ReplaySummary): string {
  const { asked, calls, requests, answered, live, stopped, differed } = summary;
  const counts = [
    `${answered} answered as recorded`,
    ...(live > 0 ? [`${live} by the real API`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
  ];
  const differences =
    summary.firstDifference === undefined
      ? 'Nothing differed.'
      : `${differed} differed, first: ${oneLine(summary.firstDifference, 1000)}`;
  return `Replayed ${asked} of ${calls} calls; ${requests} ${requests === 1 ? 'request' : 'requests'}: ${counts.join(', ')}.\n${differences}\n`;
}
