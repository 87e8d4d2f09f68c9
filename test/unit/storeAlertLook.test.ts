import assert from 'node:assert/strict';
import { parseAlerts } from '../../src/core/alerts/config.ts';
import { type FileState, newState } from '../../src/core/alerts/state.ts';
import type { InsightType } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import type { RunSummary } from '../../src/core/model.ts';
import type { InsightsRequest } from '../../src/protocol/analysis.ts';
import { lookForAlerts } from '../../src/store/alertLook.ts';
import { at, minute, zero } from './support/timeline.ts';

/** Looks each minute at runs of which each has an insight of a type, and notes what was asked for. */
async function watch(
  rules: readonly object[],
  runs: readonly RunSummary[],
  type: InsightType,
  to: number,
) {
  const { config } = parseAlerts(JSON.stringify({ rules }));
  const asked: InsightsRequest[] = [];
  const says: string[] = [];
  let state: FileState = newState(zero);
  for (let at = 0; at <= to; at++) {
    const now = zero + at * minute;
    const reader = {
      runs: async (_: string, { activeFrom = 0 }: { activeFrom?: number }) => {
        const active = runs.filter(
          ({ lastActivity = 0 }) => lastActivity >= activeFrom && lastActivity <= now,
        );
        return { runs: active, matching: active.length };
      },
      insights: async (_: string, request: InsightsRequest) => {
        asked.push(request);
        const ids = 'runIds' in request.of ? request.of.runIds : [];
        const insights = ids.map(runId => ({
          ...({ type, severity: 'warning', runId, spanIds: ['here'], evidence: [] } as const),
          said: { word: 'insightLoopInput', values: ['7', 'search', '1', '2'] } as const,
        }));
        return { insights, done: ids.length, of: ids.length, partial: false };
      },
    };
    const looked = await lookForAlerts(reader as never, {
      ...{ file: 'f', path: '/a.db', rules: config.rules, state },
      ...{ thresholds: defaultThresholds, clock: { now, staleAfter: 10 * minute } },
    });
    state = JSON.parse(JSON.stringify(looked.state));
    for (const { kind, runs: named } of looked.notices) {
      says.push(`${at} ${kind} ${named.map(run => run.runId).join(' ')}`.trim());
    }
  }
  return { says, asked };
}

describe('a look at a file', () => {
  const runs = [at(2, 3, { runId: 'a' }), at(4, 5, { runId: 'b' })];

  it('tells what was found during the cooldown after it, when the run was quiet for long', async () => {
    const { says } = await watch([{ type: 'loop', cooldown: '20m' }], runs, 'loop', 44);
    assert.deepEqual(says, ['3 firing a', '23 still b', '43 resolved']);
  });

  it('asks for what the rules are about, of the runs that they are about', async () => {
    const insight = { type: 'insight', insights: ['truncation'], runs: 'x*' };
    const named = [...runs, at(3, 4, { runId: 'x', name: 'x1' })];
    const some = await watch([{ type: 'loop', runs: 'x1' }, insight], named, 'loop', 5);
    assert.deepEqual(some.asked[0]?.types, ['loop', 'truncation']);
    assert.deepEqual(some.asked[0]?.of, { runIds: ['x'] });
    const all = await watch([{ type: 'loop' }, { type: 'insight' }], runs, 'loop', 5);
    assert.equal(all.asked[0]?.types, undefined);
    assert.deepEqual((await watch([{ type: 'run-failed' }], runs, 'loop', 9)).asked, []);
  });

  it('asks again for a run that went quiet, where it may be stuck', async () => {
    const rule = { type: 'insight', insights: ['stuck'] };
    const last = (asked: readonly InsightsRequest[]) => asked.findLastIndex(() => true);
    const stuck = await watch([rule], [runs[0]!], 'stuck', 30);
    const loop = await watch([{ type: 'loop' }], [runs[0]!], 'loop', 30);
    // Stale after ten minutes, seen at the look after that.
    assert.ok(last(stuck.asked) >= last(loop.asked) + 10);
  });
});
