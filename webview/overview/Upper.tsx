import type { ReactNode } from 'react';
import { integer } from '../../src/core/format.ts';
import { useWords } from '../app/page.tsx';
import { panelId, Tabs, tabId } from '../ui/Tabs.tsx';
import { type OverviewTab, overviewTabs } from './saved.ts';

/** What is above the selected run: the runs, what stands out in them, or what they cost. */
export function Upper({
  tab,
  select,
  insights,
  children,
}: {
  readonly tab: OverviewTab;
  readonly select: (tab: OverviewTab) => void;
  /** Undefined while they are not known. */
  readonly insights: number | undefined;
  readonly children: ReactNode;
}) {
  const words = useWords();
  const names: Readonly<Record<OverviewTab, string>> = {
    runs: words.runs,
    insights: words.insights,
    costs: words.costs,
  };
  const tabs = overviewTabs.map(id => ({
    id,
    label: names[id],
    count: id === 'insights' && insights ? integer(insights) : undefined,
    empty: undefined,
  }));
  return (
    <div className="upper">
      <Tabs label={words.overviewTabs} tabs={tabs} selected={tab} select={select} />
      <section
        className="upper-sheet"
        role="tabpanel"
        id={panelId(tab)}
        aria-labelledby={tabId(tab)}
      >
        {children}
      </section>
    </div>
  );
}
