import { oneLine, visible } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { usePage, useWords } from '../app/page.tsx';
import { CopyLink } from '../ui/buttons.tsx';
import { Code } from '../ui/Code.tsx';
import { excerpt } from '../ui/excerpt.ts';

/** The row as it is in the file. */
export function Raw({ detail }: { readonly detail: SpanDetail }) {
  const words = useWords();
  const { connection } = usePage();
  return (
    <table className="sheet-table">
      <thead>
        <tr>
          <th scope="col">{words.rawColumn}</th>
          <th scope="col">{words.rawValue}</th>
          <th scope="col">
            <span className="unseen">{words.copy}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {detail.raw.map(([column, value]) => (
          <tr key={column}>
            <td className="narrow second">{oneLine(column, 60)}</td>
            <td>
              <Value value={value} />
            </td>
            <td className="copy">
              <CopyLink
                copy={() => connection.api.copy(value)}
                label={fillIn(words.copyThis, [column])}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ value }: { readonly value: string }) {
  const shown = excerpt(value, 20, 4000);
  return <Code text={visible(shown.after ? `${shown.text}…` : shown.text)} json={false} />;
}
