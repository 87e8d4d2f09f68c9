import type { KeyboardEvent } from 'react';
import { isolated, oneLine } from '../../src/core/describe.ts';
import { formatAge, formatDateTime } from '../../src/core/format.ts';
import { sentenceOf } from '../../src/core/insights/sentence.ts';
import { typeWord } from '../../src/core/insightViewWords.ts';
import type { InsightRow } from '../../src/protocol/insightList.ts';
import { usePage } from '../app/page.tsx';
import { useTicking } from '../app/useTicking.ts';
import { SeverityIcon } from './Severity.tsx';

/** An insight in one line; in a narrow view in two. */
export function InsightItem({
  row: { insight, run },
  isCurrent,
  onKey,
  show,
}: {
  readonly row: InsightRow;
  /** The tab stop of its list. */
  readonly isCurrent: boolean;
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
  readonly show: () => void;
}) {
  const { words, now } = usePage();
  const time = useTicking(now);
  const sentence = sentenceOf(insight.said, words);
  const name = isolated(oneLine(run.name)) || words.noName;
  return (
    <li>
      <button
        type="button"
        className="insight-row"
        tabIndex={isCurrent ? 0 : -1}
        title={sentence}
        onClick={show}
        onKeyDown={onKey}
      >
        <SeverityIcon severity={insight.severity} />
        <span className="insight-type ellipsis">{words[typeWord[insight.type]]}</span>
        <bdi className="insight-run ellipsis second">{name}</bdi>
        <span className="insight-said">{sentence}</span>
        <span className="insight-time second" title={formatDateTime(run.start, words)}>
          {formatAge(run.start, time, words)}
        </span>
      </button>
    </li>
  );
}
