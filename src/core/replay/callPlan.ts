import type { Fields } from '../fields.ts';
import type { Span, UnixMs } from '../model.ts';
import type { Price } from '../price.ts';
import { type Answer, recordedAnswer } from './answer.ts';
import { isStreamed, withField } from './bodyText.ts';
import type { CallWords } from './callWords.ts';
import { type CallEstimate, estimateCall } from './estimate.ts';
import type { ReplayRequest } from './replayRequest.ts';
import { editedPaths, type ReplayOrigin } from './replayRun.ts';
import { checkDocument, type DocumentProblem } from './requestDocument.ts';

/** A recorded call, to be sent again. */
export interface RecordedCall {
  readonly origin: ReplayOrigin;
  readonly source: ReplayRequest;
  readonly span: Pick<Span, 'usage' | 'cost' | 'start' | 'end'>;
}

export interface CallChoices {
  /** JSON text: the recorded request, or what it was edited to. */
  readonly document: string;
  /** In place of the document's own. */
  readonly model: string | undefined;
  readonly times: number;
  readonly now: UnixMs;
  readonly prices: readonly Price[] | undefined;
}

/** All that is known before anything is sent. */
export interface CallPlan {
  readonly recorded: Answer | undefined;
  /** JSON text, as it will be sent. */
  readonly body: string;
  readonly request: Fields;
  readonly edited: readonly string[];
  readonly estimate: CallEstimate;
  /** What is said of it before it is sent, beside the estimate. */
  readonly notes: readonly string[];
}

export interface PlannedCall {
  /** Undefined where the document cannot be sent. */
  readonly plan: CallPlan | undefined;
  readonly problems: readonly DocumentProblem[];
}

/** What sending a document would send and take. Never throws; what is wrong is among the problems. */
export function planCall(
  { origin: _, source, span }: RecordedCall,
  { document, model, times, now, prices }: CallChoices,
  words: CallWords,
): PlannedCall {
  const { request, problems } = checkDocument(changedIfJson(document, model), words);
  if (!request) return { plan: undefined, problems };
  // The answer is streamed, so that what came of it is there when it breaks off.
  const body = withField(withModel(document, model), 'stream', true);
  return {
    problems,
    plan: {
      recorded: recordedAnswer(source.metadata, span),
      body,
      request,
      edited: editedPaths(source.request, request),
      estimate: estimateCall(request, {
        recorded: { request: source.request, usage: span.usage },
        times,
        now,
        prices,
      }),
      notes: [...source.notes, ...(isStreamed(document) ? [] : [words.noteStreamed])],
    },
  };
}

const withModel = (document: string, model: string | undefined): string =>
  model === undefined ? document : withField(document, 'model', model);

/** A document that lacks its model may get one by choice; what is no JSON object is left as it is. */
function changedIfJson(document: string, model: string | undefined): string {
  try {
    return withModel(document, JSON.parse(document) && model);
  } catch {
    // The check says what is wrong with it, and where.
    return document;
  }
}
