import type { Fields } from '../fields.ts';
import type { SpanId } from '../model.ts';
import type {
  AnswerDecision,
  Decision,
  Mismatch,
  PlanOptions,
  Progress,
  TurnDecision,
} from './decision.ts';
import { requestDifference } from './difference.ts';
import type { Outcome } from './exchange.ts';
import { type Call, mismatchOf, nearestOf, promptKey, promptTokens } from './nearest.ts';
import { type NormalRequest, normalRequest } from './normalRequest.ts';
import type { RunScript } from './script.ts';

export interface ReplayPlan {
  /**
   * What a request gets.
   *
   * @param retry which retry of its call it is, where the program says so; 0 is the first attempt
   */
  next(body: Fields, retry: number | undefined): Decision;
  /** Tokens of a prompt that is one of the recorded; undefined where it is none, or they were not recorded. */
  tokensOf(body: Fields): number | undefined;
  readonly progress: Progress;
}

/** The last of these are remembered, for their retries. */
const mostRemembered = 200;

/**
 * Matches requests to those of a run. Parallel calls and sub-agents ask in another order each time, so the
 * content decides first, among what was not asked for yet; position only where no request was recorded.
 */
export function replayPlan(script: RunScript, options: PlanOptions = {}): ReplayPlan {
  const { until = Number.POSITIVE_INFINITY, fromUntil = 'stop', onDifference = 'stop' } = options;
  const edits = options.edits ?? new Map<SpanId, Fields>();
  const calls = script.exchanges.map((exchange, at): Call => {
    const { spanId, name, request } = exchange;
    return {
      ref: { spanId, name, call: at + 1 },
      exchange,
      at,
      normal: request && normalRequest(request, options.ignore),
      given: 0,
      done: false,
    };
  });
  const byKey = new Map<string, Call[]>();
  for (const call of calls) {
    if (!call.normal) continue;
    const same = byKey.get(call.normal.key);
    if (same) same.push(call);
    else byKey.set(call.normal.key, [call]);
  }
  /** What became of requests that were not as recorded, for their retries. */
  const remembered = new Map<string, Decision | Call>();
  const remember = (key: string, what: Decision | Call): void => {
    remembered.delete(key);
    remembered.set(key, what);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  };

  const answer = (call: Call, how: AnswerDecision['how'], mismatch?: Mismatch): Decision => {
    const { exchange, ref } = call;
    const { spanId, retried } = exchange;
    const edit = edits.get(spanId);
    if (edit) {
      const outcome: Outcome = { kind: 'message', message: edit, requestId: undefined };
      Object.assign(call, { given: 1, done: true });
      return { kind: 'answer', call: ref, exchange, outcome, how: 'edited', attempt: 1, mismatch };
    }
    if (call.at >= until) return turn(fromUntil, 'until', call, mismatch);
    const outcome = retried[call.given] ?? exchange.outcome;
    if (outcome.kind === 'missing') {
      return turn(onDifference === 'live' ? 'live' : 'stop', 'unanswered', call, mismatch);
    }
    const attempt = Math.min(call.given, retried.length) + 1;
    call.done = call.given >= retried.length;
    call.given = attempt;
    return { kind: 'answer', call: ref, exchange, outcome, how, attempt, mismatch };
  };
  /** A call that is not answered from the record counts as asked for all the same. */
  const turn = (
    kind: 'stop' | 'live',
    why: TurnDecision['why'],
    call: Call | undefined,
    mismatch?: Mismatch,
  ): Decision => {
    if (call) Object.assign(call, { given: 1, done: true });
    return { kind, why, call: call?.ref, exchange: call?.exchange, mismatch };
  };

  const matched = (now: NormalRequest, retry: number | undefined): Decision | undefined => {
    const same = byKey.get(now.key) ?? [];
    const fresh = same.find(call => call.given === 0);
    const open = same.find(call => call.given > 0 && !call.done);
    if (retry) {
      const before = remembered.get(now.key);
      if (before) return 'kind' in before ? before : answer(before, 'again');
      if (open) return answer(open, 'content');
      const done = same.filter(call => call.done).at(-1);
      if (done && done.at < until) return answer(done, 'again');
    }
    const chosen = retry === 0 ? (fresh ?? open) : (open ?? fresh);
    return chosen && answer(chosen, 'content');
  };

  const unmatched = (now: NormalRequest): Decision => {
    const left = calls.filter(call => call.given === 0);
    // What the recorder took out of the request is not known, and so no difference.
    const marked = left.find(
      ({ normal }) =>
        normal?.messages.length === now.messages.length && !requestDifference(normal, now),
    );
    if (marked) {
      remember(now.key, marked);
      return answer(marked, 'content');
    }
    const [next] = left;
    if (next && !next.normal) {
      remember(now.key, next);
      return answer(next, 'position');
    }
    const again = byKey.get(now.key)?.at(-1);
    const nearest = again ?? nearestOf(left, now);
    const mismatch = mismatchOf(nearest, again !== undefined, now);
    // From the chosen call on, nothing is expected to be as recorded.
    const past = nearest ? nearest.at >= until : until <= calls.length;
    if (past && !(nearest && edits.has(nearest.ref.spanId))) {
      return turn(fromUntil, 'until', again ? undefined : nearest, mismatch);
    }
    if (onDifference === 'nearest' && nearest) {
      remember(now.key, nearest);
      return answer(nearest, again ? 'again' : 'nearest', mismatch);
    }
    const kind = onDifference === 'live' ? 'live' : 'stop';
    return turn(kind, 'mismatch', again ? undefined : nearest, mismatch);
  };

  return {
    next(body, retry) {
      const now = normalRequest(body, options.ignore);
      const decision = matched(now, retry) ?? unmatched(now);
      // Without the requests, which may be long, and which its retries need not be told again.
      if (decision.kind !== 'answer') remember(now.key, { ...decision, mismatch: undefined });
      return decision;
    },
    tokensOf(body) {
      const now = normalRequest(body, options.ignore);
      const prompt = promptKey(now);
      const found = calls.find(({ normal }) => normal && promptKey(normal) === prompt);
      return found && promptTokens(found.exchange);
    },
    get progress() {
      return { asked: calls.filter(call => call.given > 0).length, calls: calls.length };
    },
  };
}
