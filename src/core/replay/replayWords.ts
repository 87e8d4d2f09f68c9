/** What is said of a run that is replayed. `{0}`, `{1}` are filled in by `fillIn`. */
export const replayWords = {
  replayCallOf: 'call {0} ({1})',
  replayDiffers:
    'This request is not as recorded. It differs from {0} at {1}: recorded {2}, now {3}.',
  replayDiffersInTool:
    'This request is not as recorded. It differs from {0} at {1}, of the tool {4}: recorded {2}, now {3}.',
  replayRepeated: 'This request was recorded, and answered already: {0}.',
  replayMore: 'All {0} recorded calls were asked for; this is one more.',
  replayNothing: 'nothing',
  replayStopUntil: 'The replay stops here, at {0}, as was asked.',
  replayStopUntilMore: 'The replay stops here: the calls before the chosen one were answered.',
  replayUnrecorded: 'The answer of {0} was not recorded.',
  replayForeign: 'The answer of {0} was recorded, but not as the Messages API gives it.',
  replayTooDeep: 'What was recorded of {0} nests too deeply to be replayed.',
  replayRunning: 'The answer of {0} had not come yet when the trace file was read.',
  replayStopped: 'Replay stopped. {0} {1}',
  replayNextDiffers:
    'See what your program does differently, or go on with the nearest recorded answer or with the real API.',
  replayNextUntil: 'Choose a later span, or go on with the real API.',
  replayNextUnanswered: 'Go on with the real API from here, or record the run with its answers.',
  replayNoRun: '{0} has no model calls, so there is nothing to replay. Choose a run that has.',
  replayNoAnswers:
    'None of the {1} model calls of {0} has a recorded answer. Record the run with requests and answers first.',
  replayTooLarge:
    'The requests and answers of {0} are more than the {1} that can be replayed. Choose a shorter run.',
  replayWrongHost: 'This server answers only under the address that it gave: 127.0.0.1.',
  replayWrongToken:
    'The address lacks the token of this replay. Use the whole address as it was printed.',
  replayCrossSite: 'Requests of web pages are refused.',
  replayWrongPath: 'A replay has only /v1/messages and /v1/messages/count_tokens, not {0}.',
  replayTooLong: 'The request is larger than the {0} that are taken.',
  replayNotJson: 'The request is no JSON object with a list of messages.',
  replayTooNested: 'The request nests too deeply.',
  replayNoTokens: 'No recorded call has this prompt, so its tokens are not known.',
  replayNoApi: 'The real API at {0} could not be reached: {1}.',
  replayFailed: 'The replay failed: {0}.',
} as const;
export type ReplayWords = Readonly<Record<keyof typeof replayWords, string>>;
