import { useEffect, useMemo, useState } from 'react';
import { errorTexts, TraceError } from '../../src/core/errors.ts';
import { englishWords } from '../../src/core/words.ts';
import type { PanelStart } from '../../src/protocol/panel.ts';
import { ComparePage } from '../compare/ComparePage.tsx';
import { OverviewPage } from '../overview/OverviewPage.tsx';
import { ReplayPage } from '../replay/ReplayPage.tsx';
import { SpanPage } from '../span/SpanPage.tsx';
import { IconParts } from '../ui/Icon.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import type { Connection } from './connection.ts';
import { type Page, PageContext } from './page.tsx';
import '../ui/base.css';

type Started = { readonly start: PanelStart; readonly skew: number };

export function App({ connection }: { readonly connection: Connection }) {
  const [started, setStarted] = useState<Started>();
  const [failure, setFailure] = useState<TraceError>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    connection.api.ready().then(
      start => {
        setFailure(undefined);
        setStarted({ start, skew: start.now - Date.now() });
      },
      thrown => setFailure(TraceError.from(thrown)),
    );
  }, [connection, attempt]);

  const page = useMemo<Page>(
    () => ({
      connection,
      words: started?.start.words ?? englishWords,
      errorTexts: started?.start.errorTexts ?? errorTexts,
      keys: started?.start.keys ?? {},
      markKey: started?.start.markKey ?? '',
      replaysRuns: started?.start.replaysRuns ?? false,
      now: () => Date.now() + (started?.skew ?? 0),
      ask: request => void request.catch(error => console.warn(error)),
    }),
    [connection, started],
  );

  return (
    <PageContext value={page}>
      <IconParts />
      {failure ? (
        <Failure error={failure} retry={() => setAttempt(attempt + 1)} />
      ) : (
        started && <View start={started.start} />
      )}
      {!started && !failure && <Loading />}
    </PageContext>
  );
}

function View({ start }: { readonly start: PanelStart }) {
  const { view } = start;
  switch (view.kind) {
    case 'span':
      return <SpanPage view={view} />;
    case 'runs':
      return <OverviewPage view={view} />;
    case 'compare':
      return <ComparePage pair={view.pair} />;
    case 'replay':
      return <ReplayPage />;
  }
}
