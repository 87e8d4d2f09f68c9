import type { ReactNode } from 'react';
import type { SpanRef } from '../../src/protocol/panel.ts';
import type { TextPart } from '../../src/protocol/reader.ts';
import { OriginContext } from '../ui/CutText.tsx';

/** One of the six fields: its name, a word about it, a way to the whole, and the text. */
export function Cell({
  place,
  title,
  about,
  link,
  tone = 'plain',
  origin,
  children,
}: {
  readonly place: string;
  readonly title: string;
  readonly about?: string | undefined;
  readonly link?: ReactNode;
  readonly tone?: 'plain' | 'wanted' | 'failed' | 'prose' | 'missing';
  readonly origin?: { readonly ref: SpanRef; readonly part: TextPart };
  readonly children: ReactNode;
}) {
  return (
    <section className={`cell ${place}`}>
      <div className="part-head">
        <h2>{title}</h2>
        {about && <span className="second cell-about ellipsis">{about}</span>}
        {link && <span className="part-link">{link}</span>}
      </div>
      <div className={`cell-text cell-${tone}`}>
        <OriginContext value={origin}>{children}</OriginContext>
      </div>
    </section>
  );
}

/** A field that was not recorded: said once, quietly. */
export function Missing({
  text,
  children,
}: {
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <p className="second">
      {text} {children}
    </p>
  );
}
