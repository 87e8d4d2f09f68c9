import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { recordHints } from '../../src/core/recordHints.ts';
import {
  askOracle,
  loopPath,
  noPython,
  readmePath,
  runScript,
  tempFolder,
  tracers,
} from './python.ts';
import { clock, openInReader } from './views.ts';

/** The code blocks of a document which a comment before them names: `<!-- test: name -->`. */
function namedBlocks(markdown: string): ReadonlyMap<string, string> {
  const blocks = markdown.matchAll(/<!-- test: ([\w-]+) -->\s*```\w*\n([\s\S]*?)\n```/g);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

const readme = namedBlocks(fs.readFileSync(readmePath, 'utf8'));

/** The loop with the README's lines where they belong, indented like the marks they replace. */
function loopWith(lines: ReadonlyMap<string, string>): string {
  const loop = fs.readFileSync(loopPath, 'utf8');
  return loop.replace(/^( *)# README: ([\w-]+)$/gm, (_, indent: string, name: string) => {
    const code = lines.get(name);
    assert.ok(code, `the README has no block named ${name}`);
    return code.replace(/^(?=.)/gm, indent);
  });
}

describe('The lines that the README gives to record prompts', () => {
  it('are those that the panel shows', () => {
    assert.equal(readme.get('record-prompt'), recordHints.prompt);
    assert.equal(readme.get('record-response'), recordHints.response);
    assert.equal(readme.get('record-tool-id'), recordHints.toolId);
    assert.equal(readme.get('record-tool'), recordHints.tool);
  });

  for (const tracer of tracers) {
    const why = tracer.missing ? ` (${tracer.missing})` : '';
    describe(`in the article's loop with ${tracer.title}${why}`, () => {
      let folder = '';
      let db = '';
      before(function () {
        if (tracer.missing ?? noPython) this.skip();
        folder = tempFolder();
        db = path.join(folder, 'agent_traces.db');
        const script = path.join(folder, 'loop_with_lines.py');
        fs.writeFileSync(script, loopWith(readme));
        assert.match(runScript(script, tracer, [db]), /shipped on Friday/, 'the agent still works');
      });
      after(() => {
        if (folder) fs.rmSync(folder, { recursive: true, force: true });
      });

      const detailOf = async (name: string) => {
        const { spanId } = askOracle(db).spans.find(span => span.name === name)!;
        return (await openInReader(db)).span(db, spanId, clock());
      };

      it('end the run', async () => {
        const { run } = await detailOf('research_agent');
        assert.deepEqual([run.status, run.judgement], ['ok', undefined]);
      });

      it('record prompt and response of each call', async () => {
        const first = await detailOf('llm_initial_call');
        const roles = first.prompt?.messages.map(message => message.role);
        assert.deepEqual(roles, ['tools', 'user']);
        assert.match(JSON.stringify(first.prompt), /Where is order 71834\?/);
        assert.match(JSON.stringify(first.response), /toolu_01Readme/);
        assert.equal(first.stopReason, 'tool_use');
        const next = await detailOf('llm_continuation');
        assert.match(JSON.stringify(next.prompt), /lookup_order: order 71834 shipped/);
        assert.match(JSON.stringify(next.response), /shipped on Friday/);
      });

      it('record the result of the tool and the id that leads to its cause', async () => {
        const { tool, span } = await detailOf('tool_execution');
        assert.equal(tool.useId, 'toolu_01Readme');
        assert.match(JSON.stringify(tool.result), /order 71834 shipped/);
        const cause = await (await openInReader(db)).cause(db, span.spanId);
        assert.equal(cause?.rule, 'tool-use-id');
      });
    });
  }
});
