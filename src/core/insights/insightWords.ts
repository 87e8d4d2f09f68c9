/** Sentences of insights and of what they were concluded from. */
export const insightWords = {
  insightOrphan: 'The parent of {0} is not in the file.',
} as const;
export type InsightWord = keyof typeof insightWords;
