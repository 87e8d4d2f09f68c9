// The CLI's output for one file, as text that can be read in review. RESET_GOLDEN=1 writes it anew.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../src/cli/program.ts';
import { mostRows } from '../../src/core/costSums.ts';
import { localReader } from '../../src/node/localReader.ts';
import { keptTerminal } from '../unit/support/terminal.ts';
import { type Cells, dist, spansDb } from '../unit/support/traceDb.ts';

const here = import.meta.dirname;
const start = Date.UTC(2026, 10, 18, 14) / 1000;
const now = () => (start + 3600) * 1000;

const use = { type: 'tool_use', id: 'toolu_1', name: 'post_entry', input: { amount: '1.20' } };
const story: readonly Cells[] = [
  {
    span_id: 'a-root',
    run_id: 'a',
    name: 'invoice_reconcile',
    start_time: start,
    end_time: start + 9.5,
    status: 'error',
    error: 'LedgerError 422',
  },
  {
    span_id: 'a-llm',
    run_id: 'a',
    parent_span_id: 'a-root',
    name: 'llm_call',
    start_time: start + 1,
    end_time: start + 4,
    input_tokens: 1200,
    output_tokens: 80,
    cost_usd: 0.0048,
    model: 'claude-sonnet-4-5',
    metadata: JSON.stringify({ response: { content: [use] } }),
  },
  {
    span_id: 'a-tool',
    run_id: 'a',
    parent_span_id: 'a-root',
    name: 'tool_execution',
    start_time: start + 5,
    end_time: start + 9,
    status: 'error',
    error: 'LedgerError 422:\nno balance',
    metadata: JSON.stringify({ tool_name: 'post_entry', tool_use_id: 'toolu_1' }),
  },
  {
    span_id: 'b-root',
    run_id: 'b',
    name: 'support_triage',
    start_time: start + 60,
    end_time: null,
    status: 'running',
  },
  {
    span_id: 'b-llm',
    run_id: 'b',
    parent_span_id: 'b-root',
    name: 'llm_call',
    start_time: start + 61,
    end_time: start + 62,
    input_tokens: 500,
    output_tokens: 20,
    cost_usd: 0,
    model: 'acme-large-2',
  },
  {
    span_id: 'c-root',
    run_id: 'c',
    name: 'crawl\u0007\u202E',
    start_time: start + 3500,
    end_time: null,
    status: 'running',
  },
];

describe('agent-traces', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-cli-'));
  const db = path.join(folder, 'agent_traces.db');
  before(async () => fs.writeFileSync(db, await spansDb(story)));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function output(...args: string[]) {
    const { said, terminal } = keptTerminal({ columns: 110 });
    const sample = path.join(dist, 'sample.agent-traces.db');
    const around = {
      terminal,
      now,
      reader: () => localReader(dist),
      version: '0.0.0',
      sample,
      env: {},
    };
    said.code = await run(args, around);
    said.err = said.err.replaceAll(folder, '…');
    return said;
  }

  function golden(name: string, said: string): void {
    const text = said.replaceAll(folder, '…');
    const file = path.join(here, 'cli', name);
    if (process.env.RESET_GOLDEN) fs.writeFileSync(file, text);
    assert.equal(text, fs.readFileSync(file, 'utf8'), `${name}; RESET_GOLDEN=1 writes it anew`);
  }

  for (const [name, ...args] of [
    ['runs', 'runs'],
    ['failed', 'failed'],
    ['show', 'show', 'a'],
    ['cause', 'cause', 'a-tool'],
    ['search', 'search', 'ledger OR model:acme'],
    ['cost-tool', 'cost', '--by', 'tool'],
    ['cost-model', 'cost', '--by', 'model'],
    ['cost-name', 'cost', '--by', 'name'],
    ['cost-day', 'cost', '--by', 'day'],
    ['insights', 'insights'],
  ] as const) {
    const [verb, ...rest] = args;
    it(`${name} prints a table`, async () => {
      const { out, err, code } = await output(verb, db, ...rest);
      assert.deepEqual([err, code], ['', 0]);
      golden(`${name}.txt`, out);
    });

    it(`${name} prints JSON`, async () => {
      const { out, err, code } = await output(verb, db, ...rest, '--json');
      assert.deepEqual([err, code], ['', 0]);
      golden(`${name}.json`, out);
    });
  }

  it('lists at most so many, newest first', async () => {
    const { out } = await output('runs', db, '--json', '--limit', '2');
    assert.deepEqual(
      JSON.parse(out).map((run: { runId: string }) => run.runId),
      ['c', 'b'],
    );
  });

  it('says what is not all of it, on the rows and beside them', async () => {
    const cost = await output('cost', db, '--by', 'name', '--json', '--limit', '1');
    assert.match(cost.err, /^agent-traces: partial: 1 of 3 rows of .+ are shown\.\n$/);
    assert.deepEqual(
      JSON.parse(cost.out).map((row: { key: string; partial: boolean }) => [row.key, row.partial]),
      [['invoice_reconcile', true]],
    );
    const insights = await output('insights', db, '--json', '--runs', '2');
    assert.match(
      insights.err,
      /^agent-traces: partial: the newest 2 runs of .+ were looked at\.\n$/,
    );
    const found: { runId: string; partial: boolean }[] = JSON.parse(insights.out);
    assert.ok(found.length > 0 && found.every(one => one.partial && one.runId !== 'a'));
    const one = await output('insights', db, 'b', '--json');
    assert.equal(one.err, '');
    assert.ok(JSON.parse(one.out).every((insight: object) => !('partial' in insight)));
  });

  it('says that costs of more keys than there are rows for are together in one', async () => {
    const many = path.join(folder, 'many.db');
    const spans = Array.from({ length: mostRows + 20 }, (_, i) => ({
      ...{ span_id: `s${i}`, run_id: `r${i}`, name: `run ${i}` },
    }));
    fs.writeFileSync(many, await spansDb(spans));
    const { out, err } = await output('cost', many, '--by', 'name', '--json');
    assert.match(
      err,
      /^agent-traces: partial: all but the 1,000 dearest of .+ are in \(other\)\.\n$/,
    );
    const rows: { key: string; partial: boolean }[] = JSON.parse(out);
    assert.ok(rows.length === mostRows + 1 && rows.every(({ partial }) => partial));
  });

  it('names the failed runs where one asks what stands out, and where more is said of them', async () => {
    const next = `Where, and what asked for it: agent-traces failed ${db}\n`;
    const run = await output('insights', db, 'a');
    assert.equal(run.out, `Nothing else stands out in that run of ${db}. That run failed. ${next}`);
    const fine = await output('insights', db, 'c');
    assert.equal(fine.out, `Nothing stands out in that run of ${db}.\n`);
    const few = await output('insights', db, '--runs', '2');
    assert.doesNotMatch(few.out, /failed/, 'of runs that were not looked at nothing is said');
    const failing = path.join(folder, 'failing.db');
    const failed = { status: 'error', end_time: start };
    fs.writeFileSync(
      failing,
      await spansDb(['x', 'y'].map(id => ({ ...failed, span_id: id, run_id: id }))),
    );
    assert.equal(
      (await output('insights', failing)).out,
      `Nothing else stands out in 2 runs of ${failing}. 2 of 2 runs failed. Where, and what asked for it: agent-traces failed ${failing}\n`,
    );
  });

  it('lists insights the gravest first, each with an id that shows its run', async () => {
    const file = path.join(folder, 'grave.db');
    await output('demo', file);
    const found: { runId: string; severity: string }[] = JSON.parse(
      (await output('insights', file, '--json')).out,
    );
    const ranks = found.map(one => ['error', 'warning', 'info'].indexOf(one.severity));
    assert.deepEqual(ranks, ranks.toSorted());
    const { out } = await output('insights', file);
    const [titles = '', first = ''] = out.split('\n');
    const id = /^\S+/.exec(first.slice(titles.indexOf('  ID ') + 2))?.[0] ?? '';
    assert.ok(id && found[0]?.runId.startsWith(id), `${id} of ${found[0]?.runId}`);
    assert.equal((await output('show', file, id)).code, 0);
  });

  it('writes a demo that the other commands read, and over no file', async () => {
    const file = path.join(folder, "the user's demo.db");
    const { out, err, code } = await output('demo', file);
    assert.deepEqual([err, code], ['', 0]);
    assert.ok(out.includes(`agent-traces failed '${folder}/the user'\\''s demo.db'`), out);
    assert.ok(JSON.parse((await output('failed', file, '--json')).out).length > 3);
    assert.ok(JSON.parse((await output('insights', file, '--json')).out).length > 0);
    const before = fs.readFileSync(db);
    for (const there of [file, db, folder]) {
      const said = await output('demo', there);
      assert.deepEqual([said.code, said.out], [1, '']);
      assert.match(said.err, /^agent-traces: .+ exists already, and stays as it is\. .+\n$/);
    }
    assert.deepEqual(fs.readFileSync(db), before);
    assert.equal((await output('demo', path.join(folder, 'none', 'x.db'))).code, 1);
    const temporary = JSON.parse((await output('demo', '--json')).out).file;
    try {
      assert.equal((await output('runs', temporary)).code, 0);
    } finally {
      fs.rmSync(path.dirname(temporary), { recursive: true });
    }
  });

  it('sums costs to what the runs cost together', async () => {
    const file = path.join(folder, 'sums.db');
    await output('demo', file);
    const runs: { pricedCostUsd: number }[] = JSON.parse(
      (await output('runs', file, '--json')).out,
    );
    const total = runs.reduce((sum, run) => sum + run.pricedCostUsd, 0);
    for (const by of ['tool', 'model', 'name', 'day']) {
      const rows: { ownCostUsd: number; attributedCostUsd: number }[] = JSON.parse(
        (await output('cost', file, '--by', by, '--json')).out,
      );
      for (const sumOf of ['ownCostUsd', 'attributedCostUsd'] as const) {
        const sum = rows.reduce((all, row) => all + row[sumOf], 0);
        assert.ok(total > 0 && Math.abs(sum - total) < 1e-8, `${sumOf} by ${by}: ${sum}, ${total}`);
      }
    }
  });

  it('says where a query is wrong, also where there is no file', async () => {
    const { err } = await output('search', 'none.db', 'status:error cots>1');
    assert.match(
      err,
      /^agent-traces: query, 14-17: There is no field “cots”.* Did you mean cost\?/,
    );
  });

  it('computes costs with the prices of a file, and says what is wrong with one of them', async () => {
    const prices = path.join(folder, 'prices.json');
    const rates = { input: 2, output: 8 };
    fs.writeFileSync(prices, JSON.stringify({ 'acme-large-2': rates, other: {} }));
    const { out, err, code } = await output('runs', db, '--json', '--prices', prices);
    const [run] = JSON.parse(out).filter((one: { runId: string }) => one.runId === 'b');
    assert.deepEqual([run.costUsd, code], [(500 * 2 + 20 * 8) / 1e6, 0]);
    assert.match(
      err,
      /^agent-traces: .*prices\.json: other: input is missing; it is left out\.\n$/,
    );
    fs.writeFileSync(prices, '{');
    for (const file of [prices, path.join(folder, 'none.json')]) {
      const failed = await output('runs', db, '--prices', file);
      assert.deepEqual([failed.out, failed.code], ['', 1]);
      assert.match(failed.err, /^agent-traces: The prices in [^\n]+ cannot be read: [^\n]+\n$/);
    }
  });

  it('finds at most so many', async () => {
    const { out } = await output('search', db, 'e', '--json', '--limit', '2');
    assert.equal(JSON.parse(out).length, 2);
    assert.equal((await output('search', db, 'absent')).out, `Nothing in ${db} matches.\n`);
  });

  it('says on one line what is wrong, and ends with 1 for a file and 2 for usage', async () => {
    fs.writeFileSync(path.join(folder, 'empty.db'), '');
    for (const [code, ...args] of [
      [1, 'runs', path.join(folder, 'none.db')],
      [1, 'runs', path.join(folder, 'empty.db')],
      [1, 'show', db, 'nope'],
      [1, 'cause', db, 'nope'],
      [2, 'runs'],
      [2, 'runs', db, '--limit', '0'],
      [2, 'runs', db, '--colour'],
      [2, 'search', db, 'cots>1'],
      [2, 'search', db],
      [2, 'cost', db, '--by', 'colour'],
      [2, 'cost', db, '--limit', '0'],
      [1, 'insights', db, 'nope'],
      [2, 'drop', db],
    ] as const) {
      const said = await output(...args);
      assert.equal(said.code, code, args.join(' '));
      assert.equal(said.out, '', args.join(' '));
      assert.match(said.err, /^agent-traces: [^\n]+\n$/, args.join(' '));
    }
  });
});
