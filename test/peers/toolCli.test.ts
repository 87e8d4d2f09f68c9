import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Fields } from '../../src/core/fields.ts';
import { AgentTracer } from '../../src/tracer/main.ts';
import { dist } from '../unit/support/traceDb.ts';
import { cleanUp, newFolder } from './replay.ts';
import { grandchild, node } from './toolPrograms.ts';
import { runsIn } from './views.ts';

const cli = path.join(dist, 'cli.js');

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('agent-traces replay of a tool', () => {
  let folder: string;
  let file: string;
  const spans: Record<string, string> = {};

  before(async () => {
    folder = fs.realpathSync(newFolder());
    file = path.join(folder, 'agent_traces.db');
    const tracer = new AgentTracer({ file, git: false, signals: false });
    const { run } = await tracer.run('agent', undefined, async run => {
      const record = (name: string, metadata: Fields, error?: Error) => {
        const span = tracer.startSpan(name, { kind: 'tool', metadata });
        if (error) span.fail(error);
        else span.end();
      };
      record('search', { tool_name: 'search', tool_input: { n: 2 }, tool_result: '{"twice": 4}' });
      record('fails', { tool_name: 'fails', tool_input: {} }, new Error('no index'));
      record('bare', { tool_name: 'bare' });
      return { run };
    });
    assert.ok(run);
    await tracer.close();
    const { reader, runs } = await runsIn(file);
    const page = await reader.spans(file, runs[0]?.runId ?? '', { offset: 0, limit: 9 });
    for (const { name, spanId } of page.spans) spans[name] = spanId;
  });
  after(cleanUp);

  function start(tools: unknown, span: string, ...options: string[]) {
    const text = typeof tools === 'string' ? tools : JSON.stringify(tools);
    fs.writeFileSync(path.join(folder, 'tools.json'), text);
    const args = [cli, 'replay', file, spans[span] ?? span, '--tools', 'tools.json', ...options];
    const env = { ...process.env, XDG_DATA_HOME: folder, NODE_NO_WARNINGS: '1' };
    const child = spawn(node, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    child.stderr.on('data', chunk => {
      err += chunk;
    });
    const ended = new Promise<Said>(resolve =>
      child.once('close', code => resolve({ code, out, err })),
    );
    return { child, ended };
  }
  const replay = (tools: unknown, span: string, ...options: string[]) =>
    start(tools, span, ...options).ended;
  const double = (by: number) => ({
    command: [
      node,
      '-e',
      `let t = ''; process.stdin.on('data', d => t += d).on('end', () => console.log(JSON.stringify({ twice: ${by} * JSON.parse(t).n })))`,
    ],
  });

  it('runs it with the recorded input, says that it is as recorded, and keeps it', async () => {
    const before = fs.readFileSync(file);
    const { code, out, err } = await replay({ search: double(2) }, 'search', '--yes');
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^search\n {2}runs: .* -e ".*\n {2}in: .*\n {2}environment: .*PATH.*\n {2}input: \{"n":2\}\n/,
    );
    assert.match(out, /It is as recorded\.\n\nKept in .*replays\.agent-traces\.db: [\w-]{36}\n$/);
    const db = new DatabaseSync(/Kept in (.*):/.exec(out)?.[1] ?? '', { readOnly: true });
    const kept = db.prepare("SELECT metadata FROM spans WHERE name = 'search'").all();
    db.close();
    assert.equal(kept.length, 1);
    const metadata = JSON.parse(String(kept[0]?.metadata));
    assert.deepEqual(
      [metadata.replay_of_span, metadata.tool_result],
      [spans.search, '{"twice":4}'],
    );
    assert.deepEqual(fs.readFileSync(file), before);
  });

  it('prints JSON with both results and where they differ', async () => {
    const settings = `{ // as VS Code has it\n"agentTraces.replay.tools": ${JSON.stringify({ search: double(3) })}, }`;
    const { code, out, err } = await replay(settings, 'search', '--yes', '--json', '--no-record');
    assert.equal(code, 0, err);
    const { recorded, replay: came, same, differsAt, file: kept, ...plan } = JSON.parse(out);
    assert.deepEqual([same, differsAt, kept], [false, 'twice', null]);
    assert.deepEqual(recorded, { text: '{"twice": 4}', failed: false });
    assert.deepEqual(
      [came.text, came.error, came.exitCode, came.runId],
      ['{"twice":6}', null, 0, null],
    );
    assert.deepEqual([plan.tool, plan.kind, plan.input], ['search', 'command', { n: 2 }]);
  });

  it('compares a failure with the recorded one', async () => {
    const fails = { command: [node, '-e', "console.error('no index'); process.exit(2)"] };
    const { code, out, err } = await replay({ fails }, 'fails', '--yes', '--no-record');
    assert.equal(code, 1);
    assert.match(err, /“fails” failed with exit code 2: “no index”\./);
    assert.match(out, /It is as recorded\./);
  });

  it('runs nothing unasked, and nothing in a dry run', async () => {
    const touch = { command: [node, '-e', "require('node:fs').writeFileSync('ran', '')"] };
    const asked = await replay({ search: touch }, 'search');
    assert.deepEqual([asked.code, /give --yes/.test(asked.err)], [2, true]);
    const dry = await replay({ search: touch }, 'search', '--dry-run', '--json', '--yes');
    assert.deepEqual([dry.code, JSON.parse(dry.out).runs[0]], [0, node]);
    assert.ok(!fs.existsSync(path.join(folder, 'ran')));
  });

  it('says what is missing, wrong or not recorded, with its place', async () => {
    const cases: readonly [unknown, string, RegExp][] = [
      [{}, 'search', /“search” is not registered as a tool that may be run again/],
      [
        '{\n "search": { "command": [] } }',
        'search',
        /tools\.json:2:25: the name of the program is missing/,
      ],
      ['{\n "search" }', 'search', /tools\.json:2:11: this is no JSON/],
      [{ bare: double(1) }, 'bare', /The input of “bare” was not recorded/],
      [{}, 'agent', /"agent" is no call of a tool\. To replay a model call, omit --tools\./],
    ];
    for (const [tools, span, expected] of cases) {
      const { code, err } = await replay(tools, span, '--yes');
      assert.equal(code, 1, err);
      assert.match(err, expected);
    }
    const model = await replay({}, 'search', '--model', 'x', '--yes');
    assert.deepEqual([model.code, /are for model calls/.test(model.err)], [2, true]);
  });

  it('ends with all that it has started on Ctrl-C', async () => {
    const search = { command: [node, '-e', `${grandchild} setInterval(() => {}, 1000)`] };
    const { child, ended } = start({ search }, 'search', '--yes', '--no-record');
    const pids = path.join(folder, 'pids');
    while (!fs.existsSync(pids)) await new Promise(resolve => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, err } = await ended;
    assert.equal(code, 1);
    assert.match(err, /Cancelled\./);
    for (const pid of fs.readFileSync(pids, 'utf8').split(' ')) {
      const stat = `/proc/${pid}/stat`;
      const state = fs.existsSync(stat) && / ([A-Z]) /.exec(fs.readFileSync(stat, 'utf8'))?.[1];
      assert.ok(!state || 'ZX'.includes(state), `${pid} is ${state}`);
    }
  });
});
