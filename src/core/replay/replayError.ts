import { fillIn } from '../errors.ts';
import { type ReplayWords, replayWords } from './replayWords.ts';

/** Why a run cannot be replayed, with words for the user. */
export class ReplayError extends Error {
  readonly code: keyof ReplayWords;
  readonly args: readonly (string | number)[];

  constructor(code: keyof ReplayWords, args: readonly (string | number)[]) {
    super(fillIn(replayWords[code], args));
    this.name = 'ReplayError';
    this.code = code;
    this.args = args;
  }
}
