import { useEffect, useState } from 'react';
import { fillIn, type TraceError } from '../../src/core/errors.ts';
import { usePage } from '../app/page.tsx';
import { Button } from './buttons.tsx';
import { StatusIcon } from './Icon.tsx';

/** Nothing at first: most answers come before a word could be read. */
export function Loading() {
  const { words } = usePage();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return late ? <div className="state second">{words.loading}</div> : null;
}

export function Failure({
  error,
  retry,
}: {
  readonly error: TraceError;
  readonly retry: () => void;
}) {
  const { connection, words, errorTexts, ask } = usePage();
  const run = (command: 'openTraceFile' | 'showLog') => () =>
    ask(connection.api.run(command, undefined));
  return (
    <div className="state" role="alert">
      <p>
        <StatusIcon status="failed" />
        <span>{fillIn(errorTexts[error.code], error.args)}</span>
      </p>
      <div className="state-actions">
        <Button primary onClick={retry}>
          {words.tryAgain}
        </Button>
        <Button onClick={run('openTraceFile')}>{words.openTraceFile}</Button>
        <Button onClick={run('showLog')}>{words.showLog}</Button>
      </div>
    </div>
  );
}

export function Empty({ text }: { readonly text: string }) {
  return <div className="state second">{text}</div>;
}
