import { useEffect, useState } from 'react';
import { fillIn, type TraceError } from '../../src/core/errors.ts';
import { usePage } from '../app/page.tsx';
import { Button, Link } from './buttons.tsx';
import { Icon, StatusIcon } from './Icon.tsx';

/** Whether an answer is awaited for long enough to say so. */
export function useLate(): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return late;
}

/** Nothing at first: most answers come before a word could be read. */
export function Loading() {
  const { words } = usePage();
  const late = useLate();
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

/** One line above what stays as it was: a fact, and a way on. */
export function Notice({
  text,
  action,
  onAction,
  warns = false,
}: {
  readonly text: string;
  readonly action: string;
  readonly onAction: () => void;
  readonly warns?: boolean;
}) {
  return (
    <p className={warns ? 'notice notice-warns' : 'notice'} role={warns ? 'alert' : 'status'}>
      {warns && <Icon name="warning" />}
      <span>
        {text} <Link onClick={onAction}>{action}</Link>
      </span>
    </p>
  );
}

/** What was read before stays in sight while it cannot be read again. */
export function OlderShown({
  error,
  retry,
}: {
  readonly error: TraceError;
  readonly retry: () => void;
}) {
  const { words, errorTexts } = usePage();
  const reason = fillIn(errorTexts[error.code], error.args);
  return (
    <Notice
      warns
      text={fillIn(words.olderShown, [reason])}
      action={words.tryAgain}
      onAction={retry}
    />
  );
}

export function Empty({ text }: { readonly text: string }) {
  return <div className="state second">{text}</div>;
}
