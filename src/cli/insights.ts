import { oneLine } from '../core/describe.ts';
import { fillIn } from '../core/errors.ts';
import { formatAge, integer } from '../core/format.ts';
import type { Insight, Severity } from '../core/insights/insight.ts';
import { insightWords } from '../core/insights/insightWords.ts';
import { mostSeriousFirst } from '../core/insights/sentence.ts';
import { defaultThresholds } from '../core/insights/thresholds.ts';
import type { RunSummary } from '../core/model.ts';
import { asArgument } from '../core/shellWord.ts';
import { englishWords } from '../core/words.ts';
import type { InsightsPage } from '../protocol/analysis.ts';
import { named, shortIds } from './cells.ts';
import type { Session } from './session.ts';
import { type Column, table } from './table.ts';
import { complain, type Style, type Terminal } from './terminal.ts';

/** So many runs are looked at where nothing else is said. */
export const usualRuns = 200;

/** Insights as `--json` prints them. Scripts depend on these names and their order. */
export async function listInsights(
  session: Session,
  id: string,
  runs: number | undefined,
  terminal: Terminal,
): Promise<unknown> {
  const { insights, partial } = await insightsOf(session, id, runs, terminal);
  return insights.map(insight => ({
    type: insight.type,
    severity: insight.severity,
    runId: insight.runId,
    spanIds: insight.spanIds,
    message: message(insight),
    // Of what was not looked at nothing is known, which is not that there is nothing.
    ...(partial && { partial: true }),
  }));
}

const message = ({ said }: Insight): string => fillIn(insightWords[said.word], said.values);

const looks: Readonly<Record<Severity, readonly [string, Style]>> = {
  error: ['✗ error', 'red'],
  warning: ['! warning', 'yellow'],
  info: ['i info', 'dim'],
};

const columns: readonly Column[] = [
  { title: 'SEVERITY' },
  { title: 'INSIGHT' },
  { title: 'RUN', shrinksTo: 12 },
  { title: 'STARTED' },
  { title: 'ID' },
  { title: 'SPAN' },
];

export async function showInsights(
  session: Session,
  id: string,
  most: number | undefined,
  terminal: Terminal,
): Promise<string> {
  const { insights, of } = await insightsOf(session, id, most, terminal);
  const known = await session.runs('all');
  const looked = id === '' ? known.slice(0, of) : [await session.findRun(id)];
  const failed = failures(looked, id, session);
  if (insights.length === 0) {
    const where = id === '' ? `${integer(of)} ${of === 1 ? 'run' : 'runs'}` : 'that run';
    const what = failed ? 'Nothing else' : 'Nothing';
    return `${what} stands out in ${where} of ${session.name}.${failed && ` ${failed}`}\n`;
  }
  const runs = new Map(known.map(run => [run.runId, run]));
  // Such as name one run of all that the file has: they are there to be given to other commands.
  const idOfRun = shortIds([...runs.keys()], terminal.columns);
  const idOf = shortIds(
    insights.map(({ spanIds }) => spanIds[0] ?? ''),
    terminal.columns,
  );
  const rows = insights.map(insight => {
    const [text, style] = looks[insight.severity];
    const run = runs.get(insight.runId);
    return [
      { text, style },
      { text: insight.type },
      { text: named(run?.name ?? insight.runId), style: 'bold' as const },
      { text: formatAge(run?.start, session.clock.now, englishWords, terminal.zone) },
      { text: idOfRun(insight.runId), style: 'dim' as const },
      { text: idOf(insight.spanIds[0] ?? ''), style: 'dim' as const },
    ];
  });
  // Sentences are longer than what would be left of a line.
  const [titles, ...lines] = table(terminal, columns, rows).trimEnd().split('\n');
  const told = insights.map((insight, at) => `${lines[at]}\n  ${oneLine(message(insight), 1000)}`);
  return `${[titles, ...told].join('\n')}\n${failed && `\n${failed}\n`}`;
}

/** Failures are no insights, but who asks what stands out wants to know of them. Empty where there are none. */
function failures(looked: readonly RunSummary[], id: string, { name }: Session): string {
  const count = looked.filter(run => run.status === 'error').length;
  if (count === 0) return '';
  const who =
    id !== ''
      ? 'That run failed'
      : `${integer(count)} of ${integer(looked.length)} ${looked.length === 1 ? 'run' : 'runs'} failed`;
  return `${who}. Where, and what asked for it: agent-traces failed ${asArgument(name)}`;
}

async function insightsOf(
  session: Session,
  id: string,
  most = usualRuns,
  terminal: Terminal,
): Promise<InsightsPage> {
  const { reader, file, clock, name } = session;
  const of = id === '' ? { newest: most } : { runId: (await session.findRun(id)).runId };
  const request = { of, thresholds: defaultThresholds, clock };
  let page = await reader.insights(file, request);
  while (page.done < page.of) page = await reader.insights(file, request);
  if (page.isCut) {
    const runs = id === '' ? `the newest ${integer(page.of)} runs` : 'that run';
    complain(
      terminal,
      `partial: ${runs} of ${name} ${id === '' ? 'hold' : 'holds'} more than can be looked at or told.`,
    );
  } else if (page.partial) {
    complain(terminal, `partial: the newest ${integer(page.of)} runs of ${name} were looked at.`);
  }
  return { ...page, insights: mostSeriousFirst(page.insights, one => one.severity) };
}
