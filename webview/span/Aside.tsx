import type { ReactNode } from 'react';
import { counted } from '../../src/core/counted.ts';
import { isolated, oneLine, visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatCost, integer } from '../../src/core/format.ts';
import { recomputedCost } from '../../src/core/recomputedCost.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useShown, useWords } from '../app/page.tsx';
import { CopyLink, Link } from '../ui/buttons.tsx';
import { KindIcon } from '../ui/Icon.tsx';
import { keyed } from '../ui/keyed.ts';
import { type Call, callsOf, failureOfCall } from './failedCalls.ts';
import { isOwnPrice, priceNote, withOwnPrices } from './priceNote.ts';
import { SourceLink } from './SourceLink.tsx';
import { callSettings } from './settings.ts';
import { usageRows } from './usageRows.ts';

/** What is worth knowing beside the texts. Sections without data are left out. */
export function Aside({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const settings = callSettings(detail, words.stopReason);
  const asked = callsOf(detail);
  return (
    <aside className="aside" aria-label={words.details}>
      <Usage detail={detail} />
      {settings.length > 0 && (
        <Section title={words.callSettings}>
          <dl className="pairs">
            {settings.map(([name, value]) => (
              <Pair key={name} name={name} value={value} />
            ))}
          </dl>
        </Section>
      )}
      {asked.length > 0 && <Asked asked={asked} detail={detail} />}
      {detail.source && (
        <Section title={words.recordedAt}>
          <SourceLink source={detail.source} />
        </Section>
      )}
      <Ids detail={detail} />
    </aside>
  );
}

function Usage({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { span } = detail;
  const table = withOwnPrices(detail.ownPrices);
  const rows = usageRows(span, table);
  if (rows.length === 0) return null;
  const other = recomputedCost(span, table);
  const own = isOwnPrice(span, table);
  const notes = [
    span.usage.reasoning ? counted(words, 'thinkingTokens', span.usage.reasoning) : undefined,
    span.costSource !== 'recorded'
      ? undefined
      : other
        ? fillIn(own ? words.costDiffersOwn : words.costDiffers, [formatCost(other.recomputed)])
        : words.costRecorded,
    span.costSource !== 'computed' ? undefined : own ? words.costComputedOwn : words.costComputed,
    span.costSource === 'unpriced' && span.model
      ? fillIn(words.costUnpriced, [isolated(oneLine(span.model, 60))])
      : undefined,
  ].filter(note => note !== undefined);
  return (
    <Section title={words.usage}>
      <table className="usage">
        <tbody>
          {rows.map(row => (
            <tr key={row.label} className={row.label === 'total' ? 'sum' : undefined}>
              <th scope="row">{words[row.label]}</th>
              <td>{row.tokens}</td>
              <td>{row.cost || (row.label === 'total' ? words.unpriced : '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes.length > 0 && (
        <p className="note second" title={priceNote(span, words, table)}>
          {notes.join(' ')}
        </p>
      )}
    </Section>
  );
}

function Asked({
  asked,
  detail,
}: {
  readonly asked: readonly Call[];
  readonly detail: SpanDetail;
}) {
  const words = useWords();
  const { ref, show } = useShown();
  return (
    <Section title={words.askedForTools}>
      <ul className="asked-tools">
        {keyed(asked).map(({ key, item }) => {
          const failed = failureOfCall(item, asked, detail.causes);
          return (
            <li key={key}>
              <KindIcon kind="tool" mark={failed ? 'failed' : 'none'} />
              <span className={failed ? 'ellipsis failed-word' : 'ellipsis'}>
                {oneLine(item.name, 80) || words.noToolName}
              </span>
              <span className="spring" />
              {failed && (
                <Link onClick={() => show({ file: ref.file, spanId: failed.spanId })}>
                  {words.failed}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Ids({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { connection } = usePage();
  const { span, call } = detail;
  const ids = [
    [words.spanId, span.spanId],
    [words.parentId, span.parentSpanId],
    [words.runId, span.runId],
  ] as const;
  return (
    <Section title={words.span}>
      <dl className="pairs">
        {ids.map(
          ([name, id]) =>
            // The spans without a run are shown as one, which has no id.
            id && (
              <Pair
                key={name}
                name={name}
                value={
                  <span className="with-copy">
                    <span className="inline-code ellipsis" title={visible(id)}>
                      {oneLine(id)}
                    </span>
                    <CopyLink
                      copy={() => connection.api.copy(id)}
                      label={fillIn(words.copyThis, [name])}
                    />
                  </span>
                }
              />
            ),
        )}
        {call && (
          <Pair
            name={words.callNumber}
            value={fillIn(words.callOf, [integer(call.index), integer(call.count)])}
          />
        )}
      </dl>
    </Section>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
    </>
  );
}
