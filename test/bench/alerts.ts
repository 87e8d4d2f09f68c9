import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import type { Notice } from '../../src/core/alerts/notice.ts';
import { newState } from '../../src/core/alerts/state.ts';
import { integer } from '../../src/core/format.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import { localReader } from '../../src/node/localReader.ts';
import { lookForAlerts } from '../../src/store/alertLook.ts';
import { numbers } from '../unit/support/runs.ts';
import { createSpans, dist } from '../unit/support/traceDb.ts';
import { type Day, dayOf, expectedOf, rules, spansPerRun, writeRun } from './alertDay.ts';
import { heading, percentileRow, row } from './figures.ts';

const minute = 60_000;
const minutes = 24 * 60;
/** A look each minute, as a monitor that is asked to. */
const staleAfter = 10 * minute;

/** A day of a busy agent with incidents: which are told, when, and what a look costs. */
export async function benchAlerts(folder: string): Promise<void> {
  const file = path.join(folder, 'alerts.agent-traces.db');
  const day = dayOf(numbers(7));
  const spans = day.runs.length * spansPerRun;
  console.log(
    `\nAlerts: 24 h of traffic, ${integer(day.runs.length)} runs of ${spansPerRun} spans (${integer(spans)})`,
  );
  const { notices, cpu } = await watch(file, day);
  report(day, notices);
  console.log(heading);
  console.log(row('CPU of the first look', cpu.slice(0, 1)));
  console.log(percentileRow('CPU of a look, all others', cpu.slice(1), '< 100'));
  console.log(percentileRow('  the last hour, of some million spans', cpu.slice(-60), '< 100'));
}

async function watch(file: string, day: Day) {
  const { config, problems } = parseAlerts(JSON.stringify({ rules }));
  if (problems.length > 0) throw new Error(problems.map(one => one.message).join(' '));
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA synchronous = OFF; ${createSpans}; CREATE INDEX by_run ON spans(run_id)`);
  const insert = db.prepare('INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)');
  const reader = localReader(dist);
  const cpu: number[] = [];
  const notices: { readonly at: number; readonly notice: Notice }[] = [];
  let state = newState(day.begins);
  let next = 0;
  for (let at = 0; at <= minutes; at++) {
    const now = day.begins + at * minute;
    db.exec('BEGIN');
    for (let run = day.runs[next]; run && run.end <= now; run = day.runs[++next]) {
      writeRun(insert, run);
    }
    db.exec('COMMIT');
    const before = process.cpuUsage();
    await reader.open('f', { kind: 'path', path: file, name: 'alerts.db' });
    while ((await reader.advance('f')).share !== undefined);
    const looked = await lookForAlerts(reader, {
      file: 'f',
      path: file,
      rules: config.rules,
      state,
      thresholds: defaultThresholds,
      clock: { now, staleAfter },
    });
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    // As it is written down between two looks.
    state = JSON.parse(JSON.stringify(looked.state));
    for (const notice of looked.notices) notices.push({ at, notice });
    if (at % 240 === 0) console.log(`  ${at / 60} h, ${integer(next * spansPerRun)} spans`);
  }
  db.close();
  await reader.close('f');
  return { notices, cpu };
}

function report(
  day: Day,
  notices: readonly { readonly at: number; readonly notice: Notice }[],
): void {
  const expected = expectedOf(day);
  const firing = notices.filter(({ notice }) => notice.kind === 'firing');
  const again = notices.filter(({ notice }) => notice.kind === 'still').length;
  const left = [...firing];
  let [late, missed] = [0, 0];
  for (const { what, rule, group, at } of expected) {
    const found = left.findIndex(
      ({ notice, at: told }) =>
        notice.rule === rule && notice.group === group && Math.abs(told - at) <= 1,
    );
    const told = found < 0 ? undefined : left.splice(found, 1)[0]?.at;
    if (told === undefined) missed++;
    else if (told > at) late++;
    console.log(
      `  ${what}: begins to hold at minute ${at}, ${told === undefined ? 'NOT TOLD' : `told at ${told}`}`,
    );
  }
  for (const { at, notice } of left)
    console.log(`  FALSE ALARM at ${at}: ${notice.rule} ${notice.group}`);
  console.log(
    `  ${expected.length} incidents, ${missed} missed, ${late} one look late, ${left.length} false alarms, ${again} told again`,
  );
}
