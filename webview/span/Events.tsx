import { oneLine, visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatClock, formatDateTime, formatDuration, integer } from '../../src/core/format.ts';
import type { Ms } from '../../src/core/model.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useWords } from '../app/page.tsx';
import { Code } from '../ui/Code.tsx';
import { keyed } from '../ui/keyed.ts';

/** What happened within the span, from its start on. */
export function Events({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { events, eventsTotal, span } = detail;
  return (
    <>
      <table className="sheet-table">
        <thead>
          <tr>
            <th scope="col">{words.eventTime}</th>
            <th scope="col">{words.eventName}</th>
            <th scope="col">{words.eventAttributes}</th>
          </tr>
        </thead>
        <tbody>
          {keyed(events).map(({ key, item }) => (
            <tr key={key}>
              <td className="narrow" title={formatDateTime(item.time, words)}>
                {item.time !== undefined && span.start !== undefined
                  ? since(item.time - span.start)
                  : formatClock(item.time, words)}
              </td>
              <td className="name">{oneLine(item.name) || words.noName}</td>
              <td>{item.attributes && <Code text={visible(item.attributes)} json />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {eventsTotal > events.length && (
        <p className="table-note second">
          {fillIn(words.eventsShown, [integer(events.length), integer(eventsTotal)])}
        </p>
      )}
    </>
  );
}

const since = (ms: Ms): string => (ms < 0 ? formatDuration(ms) : `+${formatDuration(ms)}`);
