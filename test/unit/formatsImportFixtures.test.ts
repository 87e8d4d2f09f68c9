import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { claudeCode } from '../../src/formats/claudeCode.ts';
import { langfuse } from '../../src/formats/langfuse.ts';
import { fixtures, Imported } from './support/imported.ts';

const transcripts = path.join(fixtures, 'claude-code-jsonl');
const exports = path.join(fixtures, 'langfuse-trace-json');

describe('transcripts and exports of ../shared', () => {
  before(function () {
    if (fs.existsSync(fixtures)) return;
    console.log('  skipped: ../shared/fixtures is not here');
    this.skip();
  });

  const transcript = (name: string): Imported =>
    new Imported(claudeCode).feedLines(name, path.join(transcripts, name));
  const exported = (name: string): Imported => {
    const it = new Imported(langfuse);
    return it.feed(name, fs.readFileSync(path.join(exports, name), 'utf8')).end();
  };

  it('a session: its last usage of each answer, priced with the cache', () => {
    const it = transcript('spotter-tool_heavy.jsonl').end();
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = it.usage();
    assert.deepEqual(
      [input, output, cacheRead, cacheWrite5m, cacheWrite1h],
      [54, 212, 88_231, 0, 17_696],
    );
    assert.ok(Math.abs((it.cost() ?? 0) - 0.226_645_5) < 1e-9);
    assert.deepEqual(it.tree(), [
      'spotter #1 agent cancelled',
      '  chat claude-opus-4-6 llm ok',
      '  Bash tool ok',
      '  chat claude-opus-4-6 llm ok',
      '  Bash tool ok',
      'spotter #2 agent cancelled',
      '  chat claude-opus-4-6 llm ok',
      '  WebSearch tool ok',
      '  Glob tool ok',
      '  chat claude-opus-4-6 llm ok',
      '  Read tool ok',
      '  WebFetch tool ok',
    ]);
    assert.deepEqual(it.problems, []);
  });

  it('a session with two sub-agents in files of their own', () => {
    const folder = 'spotter-projects/-home-USER-projects-spotter';
    const session = 'ae4a77f8-aedd-4bc1-888f-c94edc91af04';
    const it = transcript(`${folder}/${session}.jsonl`);
    for (const agent of ['agent-aac57f5', 'agent-acompact-946d2b']) {
      const name = `${session}/subagents/${agent}.jsonl`;
      it.feedLines(name, path.join(transcripts, folder, name));
    }
    it.end();
    const of = (model: string) => {
      const { input, output, cacheRead, cacheWrite5m } = it.usage(span => span.model === model);
      return [input, output, cacheRead, cacheWrite5m];
    };
    // By hand from the files: of the main one, and of the compaction the other call of this model.
    assert.deepEqual(of('claude-opus-4-6'), [10, 647, 146_570, 136_306]);
    assert.deepEqual(of('claude-haiku-4-5-20251001'), [24, 1379, 118_694, 40_601]);
    assert.deepEqual(of('claude-sonnet-4-5-20250929'), [2408, 7, 29_274, 18_814]);
    const agent = it.one('general-purpose');
    assert.equal(it.spans.get(agent.parentSpanId ?? '')?.name, 'Task');
    assert.equal(it.tree(agent.spanId).length, 3 + 12);
    assert.equal(it.one('compaction').parentSpanId, agent.runId);
    assert.deepEqual(it.problems, []);
  });

  it('every transcript is read, and what is none of its lines is counted', () => {
    const problems = fs
      .readdirSync(transcripts)
      .filter(name => /\.jsonl?$/.test(name))
      .flatMap(name => {
        const file = path.join(transcripts, name);
        const whole = fs.readFileSync(file, 'utf8');
        const it = new Imported(claudeCode);
        it.feed(name, ...(name.endsWith('.json') ? [whole] : whole.split('\n').filter(Boolean)));
        it.end();
        assert.ok(it.spans.size > 1, name);
        return it.problems.map(problem => `${name} ${problem}`);
      });
    assert.deepEqual(
      problems,
      [13, 14, 15, 16].map(line => `daaain-edge_cases.jsonl notRecord ${line}`),
    );
  });

  it('an export of Langfuse: the call inside counts, not the one around it', () => {
    const it = exported('vercel-aisdk-2025-11-17.trace.json');
    assert.deepEqual(it.tree(), [
      'ai.generateText agent ok',
      '  ai.generateText.doGenerate llm ok',
      '  getWeather tool ok',
    ]);
    assert.deepEqual([it.usage().input, it.usage().output], [62, 85]);
    assert.ok(Math.abs((it.cost() ?? 0) - 0.000_927_5) < 1e-9);
    const tool = it.one('getWeather').metadata;
    assert.equal(tool.tool_use_id, 'call_DgKARp7a7IhJPDczfifMp6Ra');
    assert.deepEqual(tool.tool_input, { location: 'San Francisco' });
  });

  it('every export of Langfuse is read: calls, tokens and cost of each', () => {
    const found = fs.readdirSync(exports).map(name => {
      const it = exported(name);
      assert.deepEqual(it.problems, [], name);
      const calls = [...it.spans.values()].filter(span => span.metadata.kind === 'llm').length;
      const { input, output } = it.usage();
      return [name.split('-2025')[0], it.spans.size, calls, input, output, it.cost()?.toFixed(7)];
    });
    assert.deepEqual(found, [
      ['claude-agent', 7, 4, 34, 232, '0.0035820'],
      ['google-adk', 5, 2, 67, 9, '0.0000103'],
      ['langgraph-python', 9, 2, 168, 66, '0.0002340'],
      ['microsoft-agent', 4, 2, 293, 106, '0.0002852'],
      ['openai-agents', 5, 2, 140, 44, '0.0006320'],
      ['pydantic-ai-tools', 12, 4, 1315, 209, '0.0003226'],
      ['vercel-aisdk', 3, 1, 62, 85, '0.0009275'],
    ]);
  });
});
