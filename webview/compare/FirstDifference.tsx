import { comparedName } from '../../src/core/compareRuns.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import type { SpanSeen, StructuralDifference } from '../../src/core/firstDifference.ts';
import { integer } from '../../src/core/format.ts';
import type { SpanId } from '../../src/core/model.ts';
import type { Words } from '../../src/core/words.ts';
import type { RunPair } from '../../src/protocol/panel.ts';
import { usePage } from '../app/page.tsx';
import { Button, Link } from '../ui/buttons.tsx';
import { Icon, KindIcon } from '../ui/Icon.tsx';
import { Side } from './Side.tsx';

/** Where the two runs part, with what each has there. */
export function FirstDifference({
  difference,
  pair,
}: {
  readonly difference: StructuralDifference | undefined;
  readonly pair: RunPair;
}) {
  const { connection, words, ask } = usePage();
  if (!difference) {
    return (
      <section className="compare-part">
        <h2>{words.firstDifference}</h2>
        <p className="parted-none second">{words.differenceNone}</p>
      </section>
    );
  }
  const { a, b, parent, calls, path } = difference;
  const above = oneLine(path.at(-1) ?? '') || words.noName;
  const compare = (part: 'prompt' | 'response') => (): void => {
    if (!calls) return;
    const [one, other] = [spanIn(pair.a.file, calls.a), spanIn(pair.b.file, calls.b)];
    ask(connection.api.compareTexts(one, other, part));
  };
  return (
    <section className="compare-part">
      <div className="part-title">
        <h2>{words.firstDifference}</h2>
        <span className="second ellipsis" title={path.join(' › ')}>
          {placeWords(difference, words)}
        </span>
      </div>
      <div className="parted">
        <Parted side="A" seen={a} file={pair.a.file} above={above} parent={parent?.a} />
        <Parted side="B" seen={b} file={pair.b.file} above={above} parent={parent?.b} />
      </div>
      {calls && (
        <p className="parted-calls">
          <span className="second">{words.compareCalls}</span>
          <Button onClick={compare('prompt')}>{words.comparePrompts}</Button>
          <Button onClick={compare('response')}>{words.compareResponses}</Button>
        </p>
      )}
    </section>
  );
}

const spanIn = (file: string, spanId: SpanId) => ({ file, spanId });

function placeWords({ path, position }: StructuralDifference, words: Words): string {
  if (path.length === 0) return words.differenceRoot;
  const names = path.map(name => oneLine(name, 60) || words.noName).join(' › ');
  return fillIn(words.differenceIn, [names, integer(position)]);
}

function Parted({
  side,
  seen,
  file,
  above,
  parent,
}: {
  readonly side: 'A' | 'B';
  readonly seen: SpanSeen | undefined;
  readonly file: string;
  /** The name of the span below which this place is. */
  readonly above: string;
  readonly parent: SpanId | undefined;
}) {
  const { connection, words, ask } = usePage();
  const show = (spanId: SpanId) => () => ask(connection.api.show({ file, spanId }));
  if (!seen) {
    return (
      <p className="parted-side">
        <Side name={side} />
        <Icon name="none" />
        <span className="second">{words.differenceNothing}</span>
        {parent && (
          <Link onClick={show(parent)}>{fillIn(words.differenceShowParent, [above])}</Link>
        )}
      </p>
    );
  }
  const name = oneLine(comparedName(seen)) || words.noName;
  return (
    <p className="parted-side">
      <Side name={side} />
      <KindIcon kind={seen.kind} mark={seen.failed ? 'failed' : 'none'} />
      <bdi className="ellipsis" title={name}>
        {name}
      </bdi>
      <span className="second nowrap">
        {words[seen.kind]}
        {seen.failed && (
          <>
            {', '}
            <span className="failed-word">{words.failed}</span>
          </>
        )}
      </span>
      <Link onClick={show(seen.spanId)}>{words.show}</Link>
    </p>
  );
}
