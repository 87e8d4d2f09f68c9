import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRepo } from '../tools/repo.ts';
import { all, clock, reading } from './support/traceDb.ts';

/** The code blocks of a document which a comment before them names: `<!-- test: name -->`. */
function namedBlocks(file: string): ReadonlyMap<string, string> {
  const markdown = fs.readFileSync(inRepo(file), 'utf8');
  const blocks = markdown.matchAll(/<!-- test: ([\w-]+) -->\s*```\w*\n([\s\S]*?)\n```/g);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

const shown = namedBlocks('media/walkthrough/record.md');
const readme = namedBlocks('README.md');

/** Stands for the model and the tool of the lines. */
const standIns = `
const messages = [{ role: 'user', content: 'Where is order 71834?' }];
const content = [{ type: 'tool_use', id: 'toolu_01Walk', name: 'lookup_order', input: { order: 71834 } }];
const usage = { input_tokens: 120, output_tokens: 30 };
const client = { messages: { create: async () => ({ role: 'assistant', content, usage }) } };
const runTool = async (name: string) => {
  if (process.argv[2] === 'fail') throw new Error(name + ' timed out');
  return 'order 71834 shipped';
};
`;

describe('the lines of the walkthrough', () => {
  it('are, for Python, those of the README, which are run with the tracer', () => {
    for (const name of ['record-prompt', 'record-response', 'record-tool-id', 'record-tool']) {
      assert.ok(shown.get(name), name);
      assert.equal(shown.get(name), readme.get(name), name);
    }
  });

  describe('for TypeScript, run in this Node', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-walkthrough-'));
    const script = path.join(folder, 'agent.mts');
    const db = path.join(folder, 'agent_traces.db');
    const run = [process.execPath, ['--disable-warning=ExperimentalWarning', script]] as const;

    before(() => {
      const lines = [shown.get('node-tracer'), standIns, shown.get('node-use')];
      assert.ok(lines.every(Boolean), 'the blocks are there');
      fs.writeFileSync(script, lines.join('\n'));
      execFileSync(run[0], run[1], { cwd: folder });
      assert.notEqual(spawnSync(run[0], [...run[1], 'fail'], { cwd: folder }).status, 0);
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    const opened = async () => {
      const reader = await reading(new Uint8Array(fs.readFileSync(db)));
      const { runs } = await reader.runs('f', all);
      const ofStatus = (status: string) => {
        const found = runs.find(one => one.status === status);
        assert.ok(found, `a run is ${status}`);
        return found;
      };
      return { reader, ofStatus };
    };

    it('write runs that say how they went and what they cost', async () => {
      const { ofStatus } = await opened();
      const ok = ofStatus('ok');
      assert.deepEqual([ok.name, ok.spans, ok.judgement], ['my_agent', 3, undefined]);
      assert.deepEqual([ok.usage.input, ok.usage.output], [120, 30]);
      assert.ok((ok.cost ?? 0) > 0, 'priced by its model');
      assert.match(ofStatus('error').error ?? '', /lookup_order timed out/);
    });

    it('record prompt, answer and tool, and lead from the failure to its cause', async () => {
      const { reader, ofStatus } = await opened();
      const { runId, failingSpanId } = ofStatus('error');
      const { spans } = await reader.spans('f', runId, { offset: 0, limit: 10 });
      assert.deepEqual(
        spans.map(span => span.kind),
        ['agent', 'llm', 'tool'],
      );
      const call = await reader.span('f', spans[1]?.spanId ?? '', clock);
      assert.match(JSON.stringify(call.prompt), /Where is order 71834/);
      assert.match(JSON.stringify(call.response), /toolu_01Walk/);
      const cause = await reader.cause('f', failingSpanId ?? '');
      assert.deepEqual(cause, { spanId: spans[1]?.spanId, rule: 'tool-use-id' });
    });
  });
});
