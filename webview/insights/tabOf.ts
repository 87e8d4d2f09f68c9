import type { InsightType } from '../../src/core/insights/insight.ts';
import type { SpanTab } from '../../src/protocol/panel.ts';

/** Where an insight is best seen; elsewhere the span opens as ever. */
export const tabOf: Readonly<Partial<Record<InsightType, SpanTab>>> = {
  loop: 'tool',
  'silent-tool-failure': 'tool',
  truncation: 'response',
  'context-growth': 'prompt',
  'cache-miss': 'prompt',
};
