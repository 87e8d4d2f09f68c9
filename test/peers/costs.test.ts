import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { askOracle, pythonScript, runScenario, tempFolder, tracers } from './python.ts';
import { clock, openInReader } from './views.ts';

for (const tracer of tracers) {
  const why = tracer.missing ? ` (${tracer.missing})` : '';
  describe(`Costs of a trace file written by ${tracer.title}${why}`, () => {
    let db = '';
    before(function () {
      if (tracer.missing) this.skip();
      db = path.join(tempFolder(), 'agent_traces.db');
      for (const scenario of ['ok', 'failed', 'recovered', 'nested', 'parallel']) {
        runScenario(tracer, db, scenario, 'filled', 60);
      }
    });
    after(() => {
      if (db) fs.rmSync(path.dirname(db), { recursive: true, force: true });
    });

    it('have the calls of the article’s query, which gives every tool $0.00, and add up', async () => {
      const [command, args] = pythonScript('cost_by_tool.py', [db]);
      const theirs: [tool: string, calls: number, cost: number, latency: number][] = JSON.parse(
        execFileSync(command, args, { encoding: 'utf8' }),
      );
      assert.ok(theirs.length > 1);
      const reader = await openInReader(db);
      const request = { filter: 'all', by: 'tool', zone: 0, clock: clock() } as const;
      let page = await reader.costs(db, request);
      while (page.partial) page = await reader.costs(db, request);
      const ours = new Map(page.rows.map(row => [row.key, row]));
      for (const [tool, calls, cost] of theirs) {
        assert.equal(ours.get(tool)?.calls, calls, tool);
        assert.equal(cost, 0);
      }
      const total = askOracle(db).runs.reduce((sum, run) => sum + run.costUsd, 0);
      const sum = page.rows.reduce((all, row) => all + row.attributedCostUsd, 0);
      assert.ok(total > 0 && Math.abs(sum - total) < 1e-9, `${sum}, ${total}`);
      // The results of these tools are some characters long, and the calls some hundred tokens.
      const attributed = page.rows.filter(row => row.attributedCostUsd > 0).map(row => row.key);
      assert.ok(attributed.length > 1, 'what a tool gave is a part of what the next call cost');
    });
  });
}
