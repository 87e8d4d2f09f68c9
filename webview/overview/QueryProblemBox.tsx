import { fillIn } from '../../src/core/errors.ts';
import { problemWords, type QueryProblem } from '../../src/core/query/problem.ts';
import { usePage } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';

/** Signs around the wrong part that are shown with it. */
const around = 28;

/** What is wrong with a query, below its field: the wrong part marked, the reason, and what is possible. */
export function QueryProblemBox({
  id,
  text,
  problem,
  mend,
}: {
  readonly id: string;
  readonly text: string;
  readonly problem: QueryProblem;
  readonly mend: () => void;
}) {
  const { words } = usePage();
  const { at, length, meant, options } = problem;
  const from = Math.max(0, at - around);
  const end = Math.min(text.length, at + length);
  const to = Math.min(text.length, end + around);
  return (
    <div className="query-problem" role="alert" id={id}>
      <p className="query-excerpt ellipsis">
        {from > 0 && '…'}
        {text.slice(from, at)}
        <mark className="query-wrong">{text.slice(at, end)}</mark>
        {text.slice(end, to)}
        {to < text.length && '…'}
      </p>
      <p>
        {problemWords({ ...problem, meant: undefined, options: [] }, words)}
        {meant !== undefined && (
          <>
            {' '}
            <Link onClick={mend}>{fillIn(words.queryMeant, [meant])}</Link>
          </>
        )}
      </p>
      {options.length > 0 && (
        <p className="second small">{fillIn(words.queryPossible, [options.join(', ')])}</p>
      )}
      <p className="second small">{words.queryAsBefore}</p>
    </div>
  );
}
