import { useCallback, useMemo, useRef } from 'react';
import { counted } from '../../src/core/counted.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, formatShare } from '../../src/core/format.ts';
import type { RunFilter } from '../../src/core/runQuery.ts';
import type { FileView, PanelStart } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';
import { CostsView } from '../costs/CostsView.tsx';
import { narrowed } from '../costs/narrowed.ts';
import { InsightsView } from '../insights/InsightsView.tsx';
import { MarksContext, useMarks } from '../insights/marks.ts';
import { tabOf } from '../insights/tabOf.ts';
import { useInsights } from '../insights/useInsights.ts';
import { Link } from '../ui/buttons.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failure, Loading, OlderShown } from '../ui/states.tsx';
import { Figures } from './Figures.tsx';
import { Filter } from './Filter.tsx';
import { Opening } from './Opening.tsx';
import { RunGrid } from './RunGrid.tsx';
import { SelectedRun } from './SelectedRun.tsx';
import { Split } from './Split.tsx';
import { firstSettings, type OverviewSettings } from './saved.ts';
import { Upper } from './Upper.tsx';
import {
  useFigures,
  useRows,
  useSelection,
  useSettings,
  useShownSpan,
  useVersion,
} from './useOverview.ts';
import './overview.css';

/** A trace file at a glance: figures, its runs, and the run that is selected. */
export function OverviewPage({
  view: { file, shown },
}: {
  readonly view: Extract<PanelStart['view'], { kind: 'runs' }>;
}) {
  const { connection, words, ask } = usePage();
  const { settings, change, rememberScroll } = useSettings();
  const { version, written, again } = useVersion(file);
  const selection = useSelection(settings, version);
  const shownSpan = useShownSpan(shown);
  // The rows are asked for first: a reader answers one question after the other.
  const rows = useRows(file, selection, settings, version);
  const { view, figures, failure } = useFigures(file, selection, version);
  const insights = useInsights(file, selection);
  const marks = useMarks(insights.list);
  const { known, pages, anchors, searching } = rows;
  const failed = rows.failure ?? failure;
  const grid = useRef<HTMLTableElement>(null);
  const toGrid = useCallback(() => grid.current?.focus({ preventScroll: true }), []);

  const { selected, second } = settings;
  const compare = useMemo(
    () =>
      selected !== undefined && second !== undefined
        ? () => ask(connection.api.compareRuns({ file, runId: selected }, { file, runId: second }))
        : undefined,
    [ask, connection, file, selected, second],
  );

  const { following: follows, behind } = view ?? { following: true, behind: false };
  const following = useMemo(
    () => ({
      following: follows,
      behind,
      follow: (to: boolean) => ask(connection.api.follow(file, to)),
    }),
    [follows, behind, ask, connection, file],
  );

  if (!view || !figures || !known) {
    return failed ? <Failure error={failed} retry={again} /> : <Opening />;
  }
  const older = failed && <OlderShown error={failed} retry={again} />;
  if (known.all === 0) {
    return (
      <div className="view">
        <FileHead view={view} />
        {older}
        <div className="state second">{words.noRuns}</div>
      </div>
    );
  }
  // What was pressed goes with its tab: the focus goes on to what is shown instead.
  const showRuns = (changes: Partial<OverviewSettings>): void => {
    change({ ...changes, tab: 'runs' });
    requestAnimationFrame(toGrid);
  };
  const showAll = (): void => change({ ...allRuns, folded: [] });
  const runs =
    known.total > 0 ? (
      <RunGrid
        fileName={view.name}
        known={known}
        pages={pages}
        anchors={anchors}
        settings={settings}
        change={change}
        rememberScroll={rememberScroll}
        show={runId => ask(connection.api.showRun(file, runId))}
        grid={grid}
      />
    ) : searching ? null : (
      <NoMatch settings={settings} change={change} />
    );
  const insightsShown = insights.list ? (
    <InsightsView
      list={insights.list}
      failed={settings.filter === 'running' ? 0 : figures.counts.failed}
      showFailed={() => showRuns({ filter: 'failed' })}
      show={({ insight: { type, runId, spanIds } }) => {
        change({ selected: runId, second: undefined });
        const [spanId] = spanIds;
        if (spanId !== undefined) ask(connection.api.show({ file, spanId }, tabOf[type]));
      }}
    />
  ) : insights.failure ? (
    <Failure error={insights.failure} retry={again} />
  ) : (
    <Loading />
  );
  return (
    <div className="view">
      <main className="page overview">
        <FileHead view={view} />
        {older}
        <Figures figures={figures} settings={settings} />
        <Filter
          settings={settings}
          change={change}
          figures={figures}
          all={known.all}
          matching={searching ? undefined : known.matching}
          grouped={known.grouped}
          following={following}
          compare={compare}
          leave={toGrid}
        />
        <Split
          label={words.resizeList}
          open={selected !== undefined}
          share={settings.split}
          change={split => change({ split })}
          above={
            <Upper
              tab={settings.tab}
              select={tab => change({ tab })}
              insights={insights.list?.total}
            >
              {settings.tab === 'runs' && <MarksContext value={marks}>{runs}</MarksContext>}
              {settings.tab === 'insights' && insightsShown}
              {settings.tab === 'costs' && (
                <CostsView
                  file={file}
                  selection={selection}
                  version={version}
                  retry={again}
                  press={(by, key) => {
                    const filter = narrowed(settings.text, by, key);
                    return filter && (() => showRuns(filter));
                  }}
                />
              )}
            </Upper>
          }
          below={
            selected === undefined ? (
              // Of what is listed elsewhere, none is a run.
              settings.tab === 'runs' && <p className="select-hint second">{words.selectRun}</p>
            ) : (
              <SelectedRun
                run={{ file, runId: selected }}
                version={written}
                isTold={failed !== undefined}
                shownSpan={shownSpan}
                showAll={known.places.get(selected) === -1 ? showAll : undefined}
              />
            )
          }
        />
      </main>
    </div>
  );
}

const { filter, text, name, period } = firstSettings;
const allRuns = { filter, text, name, period };

function NoMatch({
  settings: { filter, text },
  change,
}: {
  readonly settings: OverviewSettings;
  readonly change: (changes: Partial<OverviewSettings>) => void;
}) {
  const { words } = usePage();
  const plain: Readonly<Record<RunFilter, string>> = {
    all: words.noMatch,
    failed: words.noFailedMatch,
    running: words.noRunningMatch,
  };
  const quoting: Readonly<Record<RunFilter, string>> = {
    all: words.noMatchFor,
    failed: words.noFailedMatchFor,
    running: words.noRunningMatchFor,
  };
  return (
    <div className="state second no-match">
      <p role="status">
        <span>{text.trim() ? fillIn(quoting[filter], [text.trim()]) : plain[filter]}</span>
        <Link onClick={() => change(allRuns)}>{words.clearFilter}</Link>
      </p>
    </div>
  );
}

/** The tab has the file's name already; what it does not say is what is not shown of it, or not in it. */
function FileHead({ view }: { readonly view: FileView }) {
  const { connection, words, ask } = usePage();
  const { name, totals, staleness, droppedSpans, bytes } = view;
  const stale = staleness && (staleness.beside === 'wal' ? words.staleWal : words.staleJournal);
  const says = stale || droppedSpans !== undefined || totals.share !== undefined;
  return (
    <header className={says ? 'file-head' : 'unseen'}>
      <h1 className="unseen">
        {name} ({counted(words, 'fileFacts', totals.spans, formatBytes(bytes))})
      </h1>
      {totals.share !== undefined && (
        <p className="read-line second">
          <progress value={totals.share} aria-label={words.readingFile} />
          <span>{fillIn(words.readSoFar, [formatShare(totals.share)])}</span>
        </p>
      )}
      {stale && (
        <p className="stale-line">
          <Icon name="warning" />
          <span>
            {fillIn(stale, [name, staleness.why])}{' '}
            <Link onClick={() => ask(connection.api.run('refresh', undefined))}>
              {words.refresh}
            </Link>
          </span>
        </p>
      )}
      {droppedSpans !== undefined && (
        <p className="stale-line">
          <Icon name="warning" />
          <span>{counted(words, 'droppedSpans', droppedSpans)}</span>
        </p>
      )}
    </header>
  );
}
