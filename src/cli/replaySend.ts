import { randomUUID } from 'node:crypto';
import { TraceError } from '../core/errors.ts';
import type { ReplayedCall } from '../core/replay/replayRun.ts';
import { sendMessages } from '../net/messagesApi.ts';
import { onInterrupt } from '../node/interrupts.ts';
import { keepReplay } from '../node/replayFile.ts';
import type { Replayed } from './replay.ts';

type Common = Pick<
  ReplayedCall,
  'origin' | 'body' | 'betas' | 'edited' | 'baseUrl' | 'git' | 'versions' | 'prices'
> & { readonly silenceMs: number };

/**
 * Sends a call a number of times, one after the other, and keeps each. Ends with the first that fails: the
 * next one would fail as well, or cost for nothing. Ctrl-C ends the call; what came of it is kept.
 *
 * @returns what came, and why one could not be kept
 */
export async function sendTimes(
  { silenceMs, ...common }: Common,
  times: number,
  file: string | undefined,
  apiKey: string,
): Promise<{ readonly replays: readonly Replayed[]; readonly problem: TraceError | undefined }> {
  const controller = new AbortController();
  const undo = onInterrupt(() => controller.abort());
  const replays: Replayed[] = [];
  const id = randomUUID();
  try {
    for (let index = 1; index <= times && !controller.signal.aborted; index++) {
      const { body, betas, baseUrl } = common;
      const { signal } = controller;
      const sent = await sendMessages({ body, betas, baseUrl, apiKey, signal, silenceMs });
      const { error, sdkVersion, ...facts } = sent;
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
        replays.push({ call, error, runId: kept?.runId, spanId: kept?.spanId });
      } catch (problem) {
        replays.push({ call, error, runId: undefined, spanId: undefined });
        return { replays, problem: TraceError.from(problem) };
      }
      if (error) break;
    }
  } finally {
    undo();
  }
  return { replays, problem: undefined };
}
