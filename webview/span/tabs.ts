import type { SpanId } from '../../src/core/model.ts';
import type { Words } from '../../src/core/words.ts';
import { type SpanTab, spanTabs } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';

export type TabContent = Pick<
  SpanDetail,
  'span' | 'prompt' | 'response' | 'tool' | 'documents' | 'metadata' | 'events' | 'cause'
> & { readonly run: Pick<SpanDetail['run'], 'rootSpanId' | 'failingSpanId'> };

/** Of a failed run's root: the span below it at which the run failed. */
export function failedBelow({ span, run }: TabContent): SpanId | undefined {
  const { rootSpanId, failingSpanId } = run;
  return span.spanId === rootSpanId && failingSpanId !== rootSpanId ? failingSpanId : undefined;
}

const isTool = ({ tool }: TabContent): boolean =>
  tool.useId !== undefined || tool.input !== undefined || tool.result !== undefined;

/** Whether a tab has anything to show; the cause tab is left out where nothing failed. */
export function hasContent(tab: SpanTab, detail: TabContent): boolean {
  switch (tab) {
    case 'cause':
      return (
        detail.cause !== undefined ||
        detail.span.status === 'error' ||
        failedBelow(detail) !== undefined
      );
    case 'prompt':
      return detail.prompt !== undefined;
    case 'response':
      return detail.response !== undefined;
    case 'tool':
      return isTool(detail);
    case 'documents':
      return detail.documents !== undefined;
    case 'metadata':
      return detail.metadata !== undefined;
    case 'events':
      return detail.events.length > 0;
    case 'raw':
      return true;
  }
}

const onlyWhereFilled = ['cause', 'documents'] as const satisfies readonly SpanTab[];

export const tabsOf = (detail: TabContent): readonly SpanTab[] =>
  spanTabs.filter(
    tab => !(onlyWhereFilled as readonly SpanTab[]).includes(tab) || hasContent(tab, detail),
  );

/** The tab to show: the one asked for, the cause of a failure, the one that was open, else what the span is about. */
export function chooseTab(
  detail: TabContent,
  asked: SpanTab | undefined,
  before: SpanTab | undefined,
): SpanTab {
  const tabs = tabsOf(detail);
  if (asked && tabs.includes(asked)) return asked;
  if (tabs.includes('cause')) return 'cause';
  if (before && hasContent(before, detail) && before !== 'raw') return before;
  const { kind } = detail.span;
  if (kind === 'retrieval' && detail.documents) return 'documents';
  const main: SpanTab = kind === 'llm' ? 'prompt' : kind === 'tool' ? 'tool' : 'metadata';
  if (kind === 'llm' && !detail.prompt && detail.response) return 'response';
  return main === 'metadata' && !detail.metadata ? 'raw' : main;
}

/** Whether what a tab is for comes at the end of a span that is open: nothing was left out by its tracer. */
export const isAwaited = (tab: SpanTab, { span: { kind, status } }: TabContent): boolean =>
  status === 'running' &&
  ((kind === 'llm' && tab === 'response') || (kind === 'tool' && tab === 'tool'));

/** Why a tab is empty, in a sentence. */
export function emptySentence(tab: SpanTab, detail: TabContent, words: Words): string {
  const { kind } = detail.span;
  const isLlm = kind === 'llm';
  if (isAwaited(tab, detail)) return words.notRecordedYet;
  switch (tab) {
    case 'prompt':
      if (isLlm) return words.noPrompt;
      return kind === 'agent' || kind === 'chain' ? words.noPromptAgent : words.noPromptOther;
    case 'response':
      if (!isLlm) return words.noResponseOther;
      return detail.span.status === 'error' ? words.noResponseFailed : words.noResponse;
    case 'tool':
      if (kind === 'tool') return words.noTool;
      return isLlm && detail.response ? words.noToolOther : words.noToolOtherPlain;
    case 'metadata':
      return words.noMetadata;
    case 'events':
      return words.noEvents;
    default:
      return words.tabEmpty;
  }
}
