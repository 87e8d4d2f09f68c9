import { type ReactNode, useEffect, useState } from 'react';
import { usePage, useWords } from '../app/page.tsx';
import { Icon } from './Icon.tsx';
import type { IconName } from './iconPaths.ts';
import './controls.css';

/** Something to press that reads as part of a text. */
export function Link({
  onClick,
  title,
  children,
}: {
  readonly onClick: () => void;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="link" onClick={onClick} title={title}>
      {children}
    </button>
  );
}

export function Button({
  onClick,
  title,
  icon,
  primary = false,
  compact = false,
  why,
  children,
}: {
  readonly onClick: () => void;
  readonly title?: string;
  readonly icon?: IconName;
  readonly primary?: boolean;
  /** In a narrow view only the icon is shown. */
  readonly compact?: boolean;
  /** Why it can do nothing here. A press is still heard, so that whoever sees no tooltip is told as well. */
  readonly why?: string | undefined;
  readonly children: string;
}) {
  return (
    <button
      type="button"
      className={`button ${primary ? 'button-primary' : 'button-second'}`}
      onClick={onClick}
      title={why ?? title}
      aria-label={compact ? children : undefined}
      aria-disabled={why !== undefined || undefined}
    >
      {icon && <Icon name={icon} />}
      <span className={compact ? 'only-wide' : undefined}>{children}</span>
    </button>
  );
}

export function IconButton({
  onClick,
  title,
  icon,
  pressed,
}: {
  readonly onClick: () => void;
  readonly title: string;
  readonly icon: IconName;
  /** Set for a button that switches something on and off. */
  readonly pressed?: boolean;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      onClick={onClick}
      title={title}
      aria-label={title}
      aria-pressed={pressed}
    >
      <Icon name={icon} />
    </button>
  );
}

/** The same as a small button, for a row that shows it when it is pointed at. */
export function CopyButton({
  copy,
  label,
}: {
  readonly copy: () => Promise<void>;
  readonly label: string;
}) {
  const words = useWords();
  const { ask } = usePage();
  const [copied, say] = useCopied();
  return (
    <button
      type="button"
      className="icon-button copy-button"
      title={copied ? words.copied : label}
      aria-label={label}
      onClick={() => ask(copy().then(say))}
    >
      <Icon name={copied ? 'tick' : 'copy'} />
      <span className="unseen" aria-live="polite">
        {copied ? words.copied : ''}
      </span>
    </button>
  );
}

function useCopied(): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, () => setCopied(true)];
}

/** Copies, and says so for a moment. */
export function CopyLink({
  copy,
  label,
}: {
  readonly copy: () => Promise<void>;
  readonly label?: string;
}) {
  const words = useWords();
  const { ask } = usePage();
  const [copied, say] = useCopied();
  return (
    <button type="button" className="link" onClick={() => ask(copy().then(say))} aria-label={label}>
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  );
}
