import { insightWordsHistory } from './insightWordsHistory.ts';

/** Sentences of insights and of what they were concluded from. */
export const insightWords = {
  ...insightWordsHistory,
  insightOrphan: 'The parent of {0} is not in the file.',
  insightUnpriced: 'The price of {0} is not known.',
} as const;
export type InsightWord = keyof typeof insightWords;
