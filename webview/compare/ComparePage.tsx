import { useEffect, useState } from 'react';
import { fillIn } from '../../src/core/errors.ts';
import type { RunPair } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { FigureTable } from './FigureTable.tsx';
import { FirstDifference } from './FirstDifference.tsx';
import { NameTable } from './NameTable.tsx';
import { RunHead } from './RunHead.tsx';
import { useComparison } from './useComparison.ts';
import './compare.css';

/** Two runs side by side: where they part, what they took, and what each name took. */
export function ComparePage({ pair: given }: { readonly pair: RunPair | undefined }) {
  const { connection, words } = usePage();
  const [pair, setPair] = useState(() => given ?? connection.saved().pair);
  const { loaded, failure, retry } = useComparison(pair);

  useEffect(
    () => connection.on(event => event.name === 'compare' && setPair(event.pair)),
    [connection],
  );
  useEffect(() => connection.save({ pair }), [connection, pair]);

  if (!pair) return <Empty text={words.compareNothing} />;
  if (failure) return <Failure error={failure} retry={retry} />;
  if (!loaded) return <Loading />;
  const { a, b, difference, names, namesTotal } = loaded.comparison;
  const elsewhere = loaded.pair.a.file !== loaded.pair.b.file;
  return (
    <div className="view">
      <main className="page">
        <div className="unseen" role="status">
          {fillIn(words.compareLoaded, [a.run.name || words.noName, b.run.name || words.noName])}
        </div>
        <header className="compare-head">
          <h1 className="unseen">{words.compareRuns}</h1>
          <RunHead side="A" run={a.run} at={loaded.pair.a} showFile={elsewhere} />
          <RunHead side="B" run={b.run} at={loaded.pair.b} showFile={elsewhere} />
        </header>
        <FirstDifference difference={difference} pair={loaded.pair} />
        <FigureTable a={a.figures} b={b.figures} swap={() => setPair({ a: pair.b, b: pair.a })} />
        <NameTable rows={names} total={namesTotal} />
      </main>
    </div>
  );
}
