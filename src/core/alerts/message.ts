import { oneLine } from '../describe.ts';
import { fillIn } from '../errors.ts';
import { formatCost, formatDuration } from '../format.ts';
import { createRedactor } from '../redaction.ts';
import { noticeTitle } from './alertWords.ts';
import { type LinkPlace, showCommand, showLink, wellFormed } from './link.ts';
import type { NamedRun, Notice } from './notice.ts';

/** A notification as any channel says it: plain text without secrets, each on one line and bounded. */
export interface Message
  extends Pick<Notice, 'id' | 'key' | 'kind' | 'rule' | 'type' | 'severity' | 'at' | 'since'> {
  readonly title: string;
  /** The trace file's name. */
  readonly file: string;
  readonly runs: readonly MessageRun[];
  /** Runs besides these. */
  readonly more: number;
  /** Into the editor, at the first run. */
  readonly link: string;
  /** What shows the same on a command line. */
  readonly command: string;
}

export interface MessageRun {
  readonly name: string;
  readonly runId: string;
  /** Its error, or what stands out in it. */
  readonly why: string;
  /** How long it took and what it cost, where that is known. */
  readonly figures: string;
  readonly link: string;
}

const longest = { name: 100, id: 200, why: 300, title: 300 };

const redactor = createRedactor();

/**
 * Recorded text for the outside: the secrets in it are gone before it is cut, as half of one is found by no
 * pattern.
 */
const outward = (text: string, limit: number): string =>
  oneLine(redactor.text(wellFormed(text.slice(0, 20_000))), limit);

/** @param scheme that of the editor's links */
export function messageOf(notice: Notice, scheme: string): Message {
  const { id, key, kind, rule, type, severity, at, since, file, more } = notice;
  const place = (run: NamedRun | undefined): LinkPlace => ({
    file,
    run: idOf(run?.runId),
    span: idOf(run?.spanId),
  });
  const [first] = notice.runs;
  return {
    ...{ id, key, kind, rule, type, severity, at, since, more },
    title: outward(noticeTitle(notice), longest.title),
    file: outward(file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1), 100),
    runs: notice.runs.map(run => ({
      name: outward(run.name, longest.name) || '(no name)',
      runId: outward(run.runId, longest.name),
      why: outward(run.says ?? run.error ?? '', longest.why),
      figures: figuresOf(run),
      link: showLink(scheme, place(run)),
    })),
    link: showLink(scheme, place(first)),
    // An id may hold line breaks.
    command: oneLine(showCommand(place(first)), 2000),
  };
}

/** An id that is not only one, but a mail address or a key, does not go out within a link either. */
const idOf = (id: string | undefined): string | undefined =>
  id !== undefined && id.length <= longest.id && redactor.text(id) === id ? id : undefined;

function figuresOf({ start, end, cost, pricedCost, usual }: NamedRun): string {
  const took = start === undefined || end === undefined ? '' : formatDuration(end - start);
  const paid = cost ?? pricedCost;
  const said = paid > 0 ? formatCost(paid) : '';
  const compared = usual === undefined ? '' : fillIn('usually {0}', [formatCost(usual)]);
  return [took, said, compared].filter(Boolean).join(' · ');
}

/** The message as lines of plain text. */
export function plainLines(message: Message): readonly string[] {
  const { title, file, runs, more } = message;
  return [
    `${title} (${file})`,
    ...runs.map(({ name, figures, why }) =>
      [`- ${name}`, figures && ` (${figures})`, why && `: ${why}`].filter(Boolean).join(''),
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
    message.link,
    message.command,
  ];
}
