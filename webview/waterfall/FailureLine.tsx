import type { ReactNode, RefObject } from 'react';
import { oneLine } from '../../src/core/describe.ts';
import { placeOf } from '../../src/core/foldedRows.ts';
import { useKeyed, useWords } from '../app/page.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';
import { nameAt } from './rowWords.ts';
import type { Plot } from './usePlot.ts';
import { type Side, useSides } from './useSides.ts';

/** Where the run failed, what caused it and what it said: a press leads there, however far away the row is. */
export function FailureLine({
  plot,
  scroller,
  jump,
}: {
  readonly plot: Plot;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly jump: (row: number) => void;
}) {
  const words = useWords();
  const keyed = useKeyed();
  const { model, rows } = plot;
  const { run, failing, cause } = model.data;
  const at = [failing, cause?.row].map(row => (row === undefined ? -1 : placeOf(rows, row)));
  const [failingSide, causeSide] = useSides(scroller, at);
  const error = run.status === 'error' ? oneLine(run.error ?? '', 400).trim() : '';
  // The root stands above already, with its name and that it failed.
  const below = failing === 0 ? undefined : failing;
  if (below === undefined && !cause && !error) return null;
  return (
    <div className="wf-failure">
      {below !== undefined && (
        <Jump
          icon={<StatusIcon status="failed" />}
          says={{ here: words.failed, above: words.failedAbove, below: words.failedBelow }}
          side={failingSide}
          name={nameAt(model, below, words)}
          how={words.goToFailure}
          go={() => jump(below)}
        />
      )}
      {cause && (
        <Jump
          icon={<Icon name="cause" />}
          says={{ here: words.cause, above: words.causeAbove, below: words.causeBelow }}
          side={causeSide}
          name={nameAt(model, cause.row, words)}
          how={keyed(words.goToCause, 'goToCause')}
          go={() => jump(cause.row)}
        />
      )}
      {error && (
        <bdi className="second ellipsis" title={error}>
          {error}
        </bdi>
      )}
    </div>
  );
}

function Jump({
  icon,
  says,
  side = 'here',
  name,
  how,
  go,
}: {
  readonly icon: ReactNode;
  readonly says: Readonly<Record<Side, string>>;
  readonly side: Side | undefined;
  readonly name: string;
  readonly how: string;
  readonly go: () => void;
}) {
  return (
    <button type="button" className="wf-jump" title={`${name}\n${how}`} onClick={go}>
      {icon}
      <span>{says[side]}</span>
      <bdi className="second ellipsis">{name}</bdi>
      {side !== 'here' && <Icon name={side === 'above' ? 'up' : 'down'} />}
    </button>
  );
}
