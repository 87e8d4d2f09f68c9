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
  children,
}: {
  readonly onClick: () => void;
  readonly title?: string;
  readonly icon?: IconName;
  readonly primary?: boolean;
  /** In a narrow view only the icon is shown. */
  readonly compact?: boolean;
  readonly children: string;
}) {
  return (
    <button
      type="button"
      className={`button ${primary ? 'button-primary' : 'button-second'}`}
      onClick={onClick}
      title={title}
      aria-label={compact ? children : undefined}
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
}: {
  readonly onClick: () => void;
  readonly title: string;
  readonly icon: IconName;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      onClick={onClick}
      title={title}
      aria-label={title}
    >
      <Icon name={icon} />
    </button>
  );
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
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="link"
      onClick={() => ask(copy().then(() => setCopied(true)))}
      aria-label={label}
    >
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  );
}
