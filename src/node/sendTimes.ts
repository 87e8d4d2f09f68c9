import { randomUUID } from 'node:crypto';
import { TraceError } from '../core/errors.ts';
import type { ReplayedCall } from '../core/replay/replayRun.ts';
import { type SendOptions, sendMessages } from '../net/messagesApi.ts';
import { keepReplay } from './replayFile.ts';

/** What is the same each time. */
export type CommonCall = Pick<
  ReplayedCall,
  'origin' | 'body' | 'betas' | 'edited' | 'baseUrl' | 'git' | 'versions' | 'prices'
>;

/** What came of one time. */
export interface Replayed {
  readonly call: ReplayedCall;
  readonly error: TraceError | undefined;
  /** Of the run in the file of replays; undefined where it is not kept. */
  readonly runId: string | undefined;
  readonly spanId: string | undefined;
}

export interface SendTimes extends Pick<SendOptions, 'apiKey' | 'silenceMs' | 'mostBytes'> {
  readonly times: number;
  /** Undefined: nothing is kept. */
  readonly file: string | undefined;
  /** Ends the call that is under way, and all after it; what came of it is kept. */
  readonly signal: AbortSignal;
  /** Is told of each event of the answers. */
  readonly onPiece?: SendOptions['onPiece'];
  /** Is told what came of each time, before the next one begins. */
  readonly onReplayed?: (one: Replayed) => void;
}

/**
 * Sends a call a number of times, one after the other, and keeps each. Ends with the first that fails: the
 * next one would fail as well, or cost for nothing.
 *
 * @returns what came, and why one could not be kept
 */
export async function sendTimes(
  common: CommonCall,
  options: SendTimes,
): Promise<{ readonly replays: readonly Replayed[]; readonly problem: TraceError | undefined }> {
  const { times, file, onReplayed, ...sending } = options;
  const replays: Replayed[] = [];
  const id = randomUUID();
  const came = (one: Replayed): void => {
    replays.push(one);
    onReplayed?.(one);
  };
  for (let index = 1; index <= times && !options.signal.aborted; index++) {
    const { body, betas, baseUrl } = common;
    const { error, sdkVersion, ...facts } = await sendMessages({
      ...sending,
      ...{ body, betas, baseUrl },
    });
    const sdk = sdkVersion === undefined ? {} : { '@anthropic-ai/sdk': sdkVersion };
    const call: ReplayedCall = {
      ...common,
      ...facts,
      // The words that the tracer has for it.
      error: error?.code === 'cancelled' ? 'aborted by the caller' : error?.message,
      versions: { ...common.versions, ...sdk },
      times: times > 1 ? { id, index, of: times } : undefined,
    };
    try {
      const kept = file === undefined ? undefined : await keepReplay(file, call);
      came({ call, error, runId: kept?.runId, spanId: kept?.spanId });
    } catch (problem) {
      came({ call, error, runId: undefined, spanId: undefined });
      return { replays, problem: TraceError.from(problem) };
    }
    if (error) break;
  }
  return { replays, problem: undefined };
}
