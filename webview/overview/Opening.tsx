import { none } from '../../src/core/format.ts';
import { usePage } from '../app/page.tsx';
import { useLate } from '../ui/states.tsx';
import { columnHeads } from './columns.ts';
import './figures.css';
import './filter.css';
import './grid.css';
import './query.css';

const figureNames = [
  'runs',
  'figureFailed',
  'figureCost',
  'figureTokens',
  'figureDuration',
] as const;

/** The page as it will be, while a file is read for the first time: what comes then stands where this did. */
export function Opening() {
  const { words } = usePage();
  // A small file is there before a word could be read.
  const late = useLate();
  return (
    <div className="view" aria-busy="true">
      <main className="page overview">
        {late && (
          <header className="file-head">
            <p className="read-line second" role="status">
              <progress aria-label={words.readingFile} />
              <span>{words.openingFile}</span>
            </p>
          </header>
        )}
        <dl className="figures">
          {figureNames.map(name => (
            <div className="figure" key={name}>
              <dt className="second small">{words[name]}</dt>
              <dd>
                <span className="figure-value second">{none}</span>
              </dd>
              <dd className="figure-chart" />
            </div>
          ))}
        </dl>
        <div className="toolbar">
          <div className="query">
            <div className="field" />
          </div>
        </div>
        <div className="run-scroller">
          <table className="run-grid">
            <thead>
              <tr className="run-head">
                {columnHeads.map(({ by, name, look }) => (
                  <th key={by} scope="col" className={look}>
                    {words[name]}
                  </th>
                ))}
              </tr>
            </thead>
          </table>
        </div>
      </main>
    </div>
  );
}
