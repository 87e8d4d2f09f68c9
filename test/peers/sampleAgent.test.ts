import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { questions } from '../tools/agent/script.ts';
import { recordSampleAgent } from '../tools/agent.ts';
import { tempFolder } from './python.ts';
import { clock, runsIn } from './views.ts';

describe('The sample agent', () => {
  it('records its runs on the real SDK: one that works after a retry, a failed tool, a cut answer', async () => {
    const folder = tempFolder();
    try {
      const file = path.join(folder, 'agent_traces.db');
      const [first, second, third] = await recordSampleAgent(file);
      assert.match(first ?? '', /^The Aletsch glacier lost 3\.2 km/);
      assert.equal(second, 'failed: there is no page bridges/closed');
      assert.match(third ?? '', /^failed: /);
      const { reader, runs } = await runsIn(file);
      const [cut, failed, answered] = [...runs].sort((a, b) => (b.start ?? 0) - (a.start ?? 0));
      assert.deepEqual(
        [answered, failed, cut].map(run => [run?.status, run?.spans, run?.sessionId]),
        [
          ['ok', 7, 'sample agent'],
          ['error', 5, 'sample agent'],
          ['error', 4, 'sample agent'],
        ],
      );
      // By hand: three calls; input, cache written at 1.25, read at 0.1, output at 5 dollars per million.
      const input = 42 + 138 + 234;
      const output = 24 * 3 + 31 * (3 + 1 + 1);
      const cost = (input + 1480 * 1.25 + 2 * 1480 * 0.1 + output * 5) / 1e6;
      assert.ok(Math.abs((answered?.cost ?? 0) - cost) < 1e-12, `${answered?.cost} is ${cost}`);
      const { span, cause } = await reader.span(file, failed?.failingSpanId ?? '', clock());
      assert.deepEqual([span.toolName, cause?.rule], ['read_page', 'tool-use-id']);
      const broken = await reader.span(file, cut?.failingSpanId ?? '', clock());
      assert.deepEqual([broken.span.kind, (broken.span.usage.output ?? 0) > 0], ['llm', true]);
      assert.equal(questions.length, runs.length);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
