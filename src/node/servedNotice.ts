import { fieldsOf, textOf } from '../core/fields.ts';
import type { Decision } from '../core/replay/decision.ts';
import type { Ending } from '../core/replay/replayEvents.ts';
import type { AnsweredBy, ServedCall } from '../core/replay/servedCall.ts';
import type { Asked } from './replayAnswer.ts';
import { abortedWords, keyRemover, nothingServed, type Served } from './servedAnswer.ts';

/** What is noted of a request while it is answered. */
export interface Notice {
  got(served: () => Served): void;
  call(ending: Ending): ServedCall;
}

export function noticed(asked: Asked, decision: Decision, difference: string | undefined): Notice {
  const start = Date.now();
  const from = performance.now();
  let served = (): Served => nothingServed;
  return {
    got(more) {
      served = more;
    },
    call(ending) {
      const clean = keyRemover(asked.incoming.headers);
      const got = served();
      // How much of a recorded answer had reached a client that went is not known.
      const left = ending === 'gone' && (decision.kind === 'answer' || !got.failure);
      const { answer, failure, requestId, firstToken } = left
        ? { ...nothingServed, failure: { message: abortedWords } }
        : got;
      return {
        request: asked.number,
        call: decision.call,
        by: answeredBy(decision),
        how: decision.kind === 'answer' ? decision.how : decision.why,
        attempt: decision.kind === 'answer' ? decision.attempt : 1,
        ending,
        body: clean(asked.bytes.toString('utf8')),
        requestedModel: textOf(fieldsOf(asked.fields).model) ?? '',
        answer: answer && clean(answer),
        failure: failure && { ...failure, message: clean(failure.message) },
        requestId: requestId && clean(requestId),
        difference: difference && clean(difference),
        start,
        duration: performance.now() - from,
        firstToken,
      };
    },
  };
}

function answeredBy(decision: Decision): AnsweredBy {
  if (decision.kind === 'answer') return decision.how === 'edited' ? 'edit' : 'recording';
  return decision.kind === 'live' ? 'live' : 'nobody';
}
