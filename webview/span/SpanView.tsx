import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { spanStatusWords } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { integer } from '../../src/core/format.ts';
import type { SpanTab } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useShown } from '../app/page.tsx';
import { SpanInsights } from '../insights/SpanInsights.tsx';
import { panelId, Tabs, tabId } from '../ui/Tabs.tsx';
import { Aside } from './Aside.tsx';
import { Context } from './Context.tsx';
import { FormButtons } from './FormButtons.tsx';
import { Header } from './Header.tsx';
import { titleOf } from './names.ts';
import { TabBody } from './TabBody.tsx';
import { emptySentence, hasContent, tabsOf } from './tabs.ts';
import './span.css';

export function SpanView({
  detail,
  tab,
  late,
  notice,
}: {
  readonly detail: SpanDetail;
  readonly tab: SpanTab;
  readonly late: boolean;
  /** Above all else: why it may no longer be so. */
  readonly notice?: ReactNode;
}) {
  const { connection, words } = usePage();
  const { ref, showTab } = useShown();
  const view = useRef<HTMLDivElement>(null);
  useScroll(view, `${ref.file} ${ref.spanId}`);

  const names: Readonly<Record<SpanTab, string>> = {
    cause: words.tabCause,
    prompt: words.tabPrompt,
    response: words.tabResponse,
    tool: words.tabTool,
    documents: words.tabDocuments,
    metadata: words.tabMetadata,
    events: words.tabEvents,
    raw: words.tabRaw,
  };
  const counts: Partial<Record<SpanTab, number | undefined>> = {
    prompt: detail.prompt && detail.prompt.messages.length + detail.prompt.omitted,
    documents: detail.documents?.total,
    events: detail.eventsTotal || undefined,
  };
  const tabs = tabsOf(detail).map(id => {
    const count = counts[id];
    return {
      id,
      label: names[id],
      count: count === undefined ? undefined : integer(count),
      empty: hasContent(id, detail) ? undefined : emptySentence(id, detail, words),
    };
  });
  const { span } = detail;
  const loadedWords = fillIn(words.loadedSpan, [
    titleOf(span, words),
    words[span.kind],
    spanStatusWords(span, span, words),
  ]);

  return (
    <div
      className="view"
      ref={view}
      aria-busy={late}
      onScroll={event => connection.save({ scroll: event.currentTarget.scrollTop })}
    >
      <main className="page">
        <div className="unseen" role="status">
          {loadedWords}
        </div>
        {late && <div className="late second small">{words.loading}</div>}
        {notice}
        <Header detail={detail} />
        <SpanInsights detail={detail} />
        {tab === 'prompt' && <Context detail={detail} />}
        <Tabs label={words.tabs} tabs={tabs} selected={tab} select={showTab}>
          <FormButtons tab={tab} />
        </Tabs>
        <div className={tab === 'cause' ? 'sheet' : 'sheet sheet-two'}>
          <section
            className="sheet-main"
            role="tabpanel"
            id={panelId(tab)}
            aria-labelledby={tabId(tab)}
          >
            {/* Its parts keep what was unfolded and loaded: of another span that would be another's text. */}
            <TabBody key={`${ref.file} ${ref.spanId}`} detail={detail} tab={tab} />
          </section>
          {tab !== 'cause' && <Aside detail={detail} />}
        </div>
      </main>
    </div>
  );
}

/** Puts a restored span where it was, and every other one at its beginning. */
function useScroll(view: { readonly current: HTMLDivElement | null }, span: string): void {
  const { connection } = usePage();
  const first = useRef(true);
  useLayoutEffect(() => {
    const place = first.current ? (connection.saved().scroll ?? 0) : 0;
    first.current = false;
    if (span) view.current?.scrollTo({ top: place });
  }, [connection, view, span]);
  useEffect(() => () => connection.save({ scroll: undefined }), [connection]);
}
