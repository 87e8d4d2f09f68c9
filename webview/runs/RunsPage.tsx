import { useState } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import type { FileView } from '../../src/protocol/panel.ts';
import type { FileId, RunFilter } from '../../src/protocol/reader.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { Figures } from './Figures.tsx';
import { Filter } from './Filter.tsx';
import { RunTable } from './RunTable.tsx';
import { useRuns } from './useRuns.ts';
import './runs.css';

/** The plain list of a file's runs. */
export function RunsPage({ file }: { readonly file: FileId }) {
  const { words } = usePage();
  const [filter, setFilter] = useState<RunFilter>('all');
  const { view, runs, matching, failure, loadingMore, more, retry } = useRuns(file, filter);

  if (failure) return <Failure error={failure} retry={retry} />;
  if (!view || !runs) return <Loading />;
  return (
    <div className="view">
      <main className="page runs-page">
        <FileHead view={view} />
        <Figures totals={view.totals} />
        <Filter filter={filter} select={setFilter} totals={view.totals} />
        {runs.length > 0 ? (
          <RunTable
            key={filter}
            file={file}
            fileName={view.name}
            runs={runs}
            matching={matching}
            more={more}
            loadingMore={loadingMore}
          />
        ) : (
          <div className="state second">
            {filter === 'all'
              ? words.noRuns
              : filter === 'failed'
                ? words.noFailedRuns
                : words.noRunningRuns}
            {filter !== 'all' && <Link onClick={() => setFilter('all')}>{words.showAllRuns}</Link>}
          </div>
        )}
      </main>
    </div>
  );
}

function FileHead({ view }: { readonly view: FileView }) {
  const { connection, words, ask } = usePage();
  const { name, totals, staleness } = view;
  const size = formatBytes(view.bytes);
  const stale = staleness && (staleness.beside === 'wal' ? words.staleWal : words.staleJournal);
  return (
    <header className="file-head">
      <div className="head-row">
        <Icon name="file" />
        <h1 className="ellipsis" title={name}>
          {name}
        </h1>
        <span className="second nowrap">
          {totals.spans === 1
            ? fillIn(words.oneSpanAndBytes, [size])
            : fillIn(words.spansAndBytes, [integer(totals.spans), size])}
        </span>
      </div>
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
    </header>
  );
}
