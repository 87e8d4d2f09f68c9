/** Sentences of insights that compare a run with what is usual, or a call with the ones before it. */
export const insightWordsHistory = {
  insightCostSpike: 'This run cost {0}, {1} times the usual {2} of {3} runs of {4}.',
  insightCostSpikeInput:
    'This run cost {0}, {1} times the usual {2} of {3} runs of {4}; call {5} alone cost {6}, with {7} uncached input tokens.',
  insightCostSpikeCacheRead:
    'This run cost {0}, {1} times the usual {2} of {3} runs of {4}; call {5} alone cost {6}, with {7} tokens read from the cache.',
  insightCostSpikeCacheWrite:
    'This run cost {0}, {1} times the usual {2} of {3} runs of {4}; call {5} alone cost {6}, with {7} tokens written to the cache.',
  insightCostSpikeOutput:
    'This run cost {0}, {1} times the usual {2} of {3} runs of {4}; call {5} alone cost {6}, with {7} output tokens.',
  insightCostSpikeCalls:
    'This run cost {0}, {1} times the usual {2} of {3} runs of {4}; it made {5} model calls, usually {6}.',
  insightTokenSpikeRun:
    'This run took {0} tokens, {1} times the usual {2} of {3} runs of {4}; what they cost is not known.',
  evidenceUsualMedian: 'Median of {1} others: {0}',
  evidenceUsualHighest: 'Highest of them: {0}',
  evidenceCallModel: 'Model of call {0}: {1}',
  evidenceCallUsually: 'Usual cost of such a call: {0}',
  evidenceCostBelow: 'Cost below {0}: {1}',
  evidenceMoreAsked: 'What was asked is {0} times as long as usual',
  evidenceUnpricedToo: 'Calls whose price is not known come on top: {0}',

  insightTokenSpike:
    '{0} returned {1} characters, {2} times the usual {3} of {4} results; with about {5} tokens, they are {6} of the input of call {7}.',
  insightTokenSpikeFromNothing:
    '{0} returned {1} characters; the usual of {2} results is {3}; with about {4} tokens, they are {5} of the input of call {6}.',
  evidenceInputOfCall: 'Input of call {0}: {1} tokens',
  evidenceResultsAlike: 'Results as large as this in the run: {0}',

  insightSlowSpan:
    '{0} took {1}, {2} times the {3} within which {4} % of {5} such calls were done.',
  insightSlowSpans:
    '{0} took up to {1} in {2} calls, {3} times the {4} within which {5} % of {6} such calls were done.',
  insightSlowFailed: '{0} took {1} until it failed; {2} % of {3} such calls were done within {4}.',
  insightSlowFromNothing: '{0} took {1}; {2} % of {3} such calls were done within {4}.',
  insightSlowRun: 'This run took {0}; {1} % of {2} runs of {3} were done within {4}.',
  insightSlowRunSpan:
    'This run took {0}; {1} % of {2} runs of {3} were done within {4}; it waited {5} for {6}.',
  insightSlowRunCalls:
    'This run took {0}; {1} % of {2} runs of {3} were done within {4}; it made {5} model calls, usually {6}.',
  insightSlowRunIdle:
    'This run took {0}; {1} % of {2} runs of {3} were done within {4}; for {5} of it nothing ran.',
  evidenceWaitedFor: 'The run waited for it: {0}',
  evidenceNotWaitedFor: 'The run did not wait for it',
  evidenceRetriesWaited: 'Waits between retries: {0}',
  evidenceRunTook: 'The run: {0}; {1} % of {2} like it within {3}',
  evidenceLongestGap: 'Longest gap without any span: {0}',

  insightContextNearFull: 'Call {0} of {1} was given {2} tokens, {3} of the {4} that {5} takes.',
  insightContextNearFullResults:
    'Call {0} of {1} was given {2} tokens, {3} of the {4} that {5} takes; results of tools are {6} of them.',
  insightContextTooLong: 'Call {0} of {1} failed because its prompt was too long: “{2}”.',
  insightContextGrowth:
    'The input of {0} grew from {1} to {2} tokens over {3} calls of one conversation.',
  insightContextGrowthResults:
    'The input of {0} grew from {1} to {2} tokens over {3} calls of one conversation; results of tools are {4} of it.',
  evidencePartTools: 'Definitions of tools: {0}',
  evidencePartSystem: 'System prompt: {0}',
  evidencePartResults: 'Results of tools: {0}',
  evidencePartHistory: 'Other messages: {0}',
  evidenceContextReduced: 'Reduced to {0} tokens afterwards',
  evidenceContextUsual: '{1} % of {2} such calls have at most {0} tokens',

  insightCacheMissTools:
    'Call {0} read {1} of about {2} cached tokens: the definitions of the tools changed since call {3}.',
  insightCacheMissSystem:
    'Call {0} read {1} of about {2} cached tokens: the system prompt changed since call {3}.',
  insightCacheMissMessage:
    'Call {0} read {1} of about {2} cached tokens: message {4} changed since call {3}.',
  insightCacheMissUnchanged:
    'Call {0} read {1} of about {2} cached tokens, although it begins with all that call {3} was given.',
  insightCacheMissUnknown:
    'Call {0} read {1} of the about {2} tokens that call {3} left in the cache.',
  evidenceCacheMisses: 'Calls with the same reason in this run: {0}',
  evidenceCacheLost: 'Tokens that were paid for again: {0}',
  evidenceCacheLostCost: 'What that cost more: {0}',
  evidenceCachePause: 'Since the call before: {0}',

  insightDriftUnseen:
    'A guess, not a proof: {0} was called with {1}, which appears nowhere in what the model was given.',
  insightDriftUnseenFailed:
    'A guess, not a proof: {0} failed on {1}, which appears nowhere in what the model was given.',
  insightDriftNotOffered: 'Call {0} asked for the tool {1}, which it was not offered.',
  insightDriftRefused: 'There is no tool {0}, which the model asked for: “{1}”.',
  insightDriftSystemGone:
    'A sign that instructions were lost: call {0} has no system prompt, unlike call {1} of the same conversation.',
  insightDriftSystemGoneTools:
    'A sign that instructions were lost: call {0} has no system prompt, unlike call {1} before it, which was offered the same tools.',
  insightDriftSystemShrunk:
    'A sign that instructions were lost: the system prompt of call {0} has {1} characters; in call {2} of the same conversation it had {3}.',
  insightDriftSystemReplaced:
    'The system prompt of call {0} is another one than in call {1} of the same conversation: {2} characters after {3}.',
  insightDriftFlip:
    'Two answers to the same question seem to contradict each other: call {0} says “{1}”, call {2} says “{3}”.',
  evidenceToolsOffered: 'Tools that were offered: {0}',
  evidenceArgument: 'Argument {0}: {1}',
} as const;
