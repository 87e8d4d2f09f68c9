import type { RunId, RunSummary, SpanId } from '../core/model.ts';
import type { FigureRow } from '../core/replay/compareAnswerWords.ts';
import type { LivePiece } from '../core/replay/liveAnswer.ts';
import type { SpanRef } from './panel.ts';
import type { CallPlace } from './reader.ts';

/** A run that is the replay of a call or of a run, with what it says of that. */
export interface ReplaySummary {
  readonly run: RunSummary;
  /** The call that was sent; of a run that was replayed, its root. */
  readonly callId: SpanId;
  /** Requests of a run that was replayed; undefined where one call was sent, or a tool was run. */
  readonly calls: number | undefined;
  readonly ofRun: RunId;
  readonly ofSpan: SpanId;
  /** A path or a uri. */
  readonly ofFile: string | undefined;
  readonly model: string | undefined;
  /** Places that are not as recorded. */
  readonly edited: readonly string[];
  /** Which it is of several that were sent as one. */
  readonly times: { readonly id: string; readonly index: number; readonly of: number } | undefined;
}

/** An answer for a page: its beginning. */
export interface AnswerView {
  readonly model: string | undefined;
  readonly text: string;
  /** Characters of the whole text. */
  readonly chars: number;
  readonly tools: readonly { readonly name: string; readonly input: string }[];
  /** Tools that are not among them. */
  readonly moreTools: number;
}

/** What came of sending a call once. All is words; the page adds none of its own. */
export interface ReplayedView {
  /** Undefined where it is not kept. */
  readonly ref: SpanRef | undefined;
  readonly error: string | undefined;
  readonly answer: AnswerView | undefined;
  /** What the answers have and have not in common. */
  readonly lines: readonly string[];
  readonly figures: readonly FigureRow[];
}

/** Answers that are the same. */
export interface AnswerGroup {
  readonly letter: string;
  readonly gist: string;
  readonly asRecorded: boolean;
  readonly times: number;
  readonly outputTokens: string;
  readonly duration: string;
  readonly cost: string;
  /** Place of the first of them. */
  readonly first: number;
}

export interface AgreementView {
  readonly words: string;
  /** One for each time: of its group, or empty where no whole answer came. */
  readonly letters: readonly string[];
  readonly groups: readonly AnswerGroup[];
}

/** What the page of a replay shows. */
export interface ReplayView {
  /** Another one for each sending. */
  readonly id: number;
  readonly name: string;
  readonly call: CallPlace | undefined;
  readonly state: 'sending' | 'done' | 'failed' | 'cancelled';
  /** The model, where it was sent, and what was known before. */
  readonly facts: readonly string[];
  /** What was not as recorded, and what could not be carried. */
  readonly notes: readonly string[];
  readonly edited: readonly string[];
  readonly times: number;
  readonly recordedRef: SpanRef;
  readonly recorded: AnswerView | undefined;
  /** In words, when it was recorded. */
  readonly recordedAt: string;
  readonly replays: readonly ReplayedView[];
  readonly agreement: AgreementView | undefined;
  /** What came of an answer that is still coming, and how many pieces that were. */
  readonly live: readonly LivePiece[];
  readonly pieces: number;
  /** Why it could not be kept. */
  readonly problem: string | undefined;
}

export const replayActions = [
  'again',
  'times',
  'model',
  'cancel',
  'edit',
  'showRecorded',
  'compareRequests',
] as const;
export type ReplayAction = (typeof replayActions)[number];
