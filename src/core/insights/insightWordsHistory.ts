/** Sentences of the insights that compare with other runs, and of those about prompts. */
export const insightWordsHistory = {
  insightCostSpike: '{0} cost {1}, {2} times the usual {3}.',
} as const;
