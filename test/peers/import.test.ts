import assert from 'node:assert/strict';
import { execFile, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { TraceError } from '../../src/core/errors.ts';
import type { ImportReport } from '../../src/core/importReport.ts';
import { importFiles } from '../../src/node/importFiles.ts';
import { dist } from '../unit/support/traceDb.ts';
import { tempFolder } from './python.ts';
import { runsIn } from './views.ts';

const run = promisify(execFile);
const cli = path.join(dist, 'cli.js');

const at = (second: number): string => new Date(Date.UTC(2026, 1, 10, 12, 0, second)).toISOString();
const prompt = (n: number): string =>
  JSON.stringify({
    ...{ type: 'user', uuid: `p${n}`, sessionId: 's1', cwd: '/home/u/shop', timestamp: at(0) },
    message: { role: 'user', content: `Question ${n}` },
  });
const answer = (n: number, more = ''): string =>
  JSON.stringify({
    ...{ type: 'assistant', uuid: `a${n}`, sessionId: 's1', requestId: `r${n}`, timestamp: at(2) },
    message: {
      ...{ id: `m${n}`, type: 'message', role: 'assistant', model: 'claude-opus-4-6' },
      content: [{ type: 'text', text: `Answer ${n}${more}` }],
      usage: { input_tokens: 10, cache_read_input_tokens: 1000, output_tokens: 20 },
    },
  });

describe('An import', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = tempFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, content: string | Buffer): string => {
    const file = path.join(fs.mkdtempSync(path.join(folder, 'i-')), name);
    fs.writeFileSync(file, content);
    return file;
  };
  const target = (): string => path.join(fs.mkdtempSync(path.join(folder, 't-')), 'new.db');
  const reasons = ({ skipped }: ImportReport) =>
    skipped.map(({ why, count, places }) => [why, count, ...places]);
  const fails = async (files: readonly string[], code: string, to = target()): Promise<void> => {
    await assert.rejects(
      importFiles({ files, to }),
      error => error instanceof TraceError && error.code === code,
    );
    const folderOf = path.dirname(to);
    assert.deepEqual(
      fs.readdirSync(folderOf).filter(name => name.includes('part')),
      [],
      'nothing half written is left',
    );
  };

  it('makes a trace file that our reader reads, with the cost of the cache', async () => {
    const file = write('s1.jsonl', `${prompt(1)}\n${answer(1)}\n${prompt(2)}\n${answer(2)}\n`);
    const before = fs.readFileSync(file);
    const to = target();
    const report = await importFiles({ files: [file], to });
    assert.deepEqual([report.runs, report.spans, report.skipped], [2, 4, []]);
    const { runs } = await runsIn(to);
    const cost = (10 * 5 + 1000 * 0.5 + 20 * 25) / 1e6;
    for (const one of runs) assert.ok(Math.abs((one.cost ?? 0) - cost) < 1e-12);
    assert.deepEqual(
      runs.map(one => [one.name, one.sessionId, one.status, one.usage.cacheRead]),
      [
        ['shop #2', 's1', 'ok', 1000],
        ['shop #1', 's1', 'ok', 1000],
      ],
    );
    const db = new DatabaseSync(to, { readOnly: true });
    assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
    db.close();
    assert.deepEqual(fs.readFileSync(file), before, 'the source is only read');
  });

  it('says on the command line what was read and what was skipped', async () => {
    const file = write('s1.jsonl', `${prompt(1)}\n{"cut":\n${answer(1)}\n`);
    const to = target();
    const { stdout } = await run(process.execPath, [cli, 'import', file, '--to', to]);
    assert.match(stdout, /^Imported 1 run, 2 spans, 0 events into /);
    assert.match(stdout, /Format: Claude Code transcript\./);
    assert.match(stdout, /Skipped: 1 × no JSON, or cut off \(s1\.jsonl:2\)/);
    const json = await run(process.execPath, [cli, 'import', file, '--json', '--to', `${to}2`]);
    const report: ImportReport = JSON.parse(json.stdout);
    assert.deepEqual(reasons(report), [['notJson', 1, 's1.jsonl:2']]);
    const again = run(process.execPath, [cli, 'import', file, '--to', to]);
    await assert.rejects(again, /is there already, and is left as it is/);
  });

  it('counts lines of 100 MB, binary ones and those of wrong encodings, and reads the others', async () => {
    const long = answer(9, 'x'.repeat(100_000_000));
    const lines = [prompt(1), long, '{"type":"user","\u00ff\u0000', answer(1)];
    const report = await importFiles({
      files: [write('s1.jsonl', Buffer.from(lines.join('\n'), 'latin1'))],
      to: target(),
    });
    assert.deepEqual(
      [report.spans, reasons(report)],
      [
        2,
        [
          ['tooLong', 1, 's1.jsonl:2'],
          ['notJson', 1, 's1.jsonl:3'],
        ],
      ],
    );
    const utf16 = Buffer.from(`\ufeff${prompt(1)}\n${answer(1)}\n`, 'utf16le');
    const other = await importFiles({ files: [write('u.jsonl', utf16)], to: target() });
    assert.deepEqual([other.spans, other.skipped], [2, []]);
  });

  it('refuses what is in no known format, with words, and leaves nothing behind', async () => {
    await fails([write('a.jsonl', randomBytes(100_000))], 'importUnknown');
    await fails([write('a.json', '')], 'importFileEmpty');
    await fails([write('a.json', '{"hello": [1, 2')], 'importCutOff');
    await fails([write('a.json', '{"hello": [1, 2]}')], 'importUnknown');
    await fails([path.join(folder, 'nothing.jsonl')], 'fileMissing');
    await fails([write('a.json', '{"trace":{"id":"t"},"observations":[')], 'importCutOff');
    const taken = write('taken.db', 'mine');
    await fails([write('s1.jsonl', prompt(1))], 'importExists', taken);
    assert.equal(fs.readFileSync(taken, 'utf8'), 'mine');
  });

  it('can be cancelled, and then there is no trace file', async () => {
    const lines = Array.from(
      { length: 4000 },
      (_, n) => `${prompt(n)}\n${answer(n, 'x'.repeat(2000))}\n`,
    );
    const to = target();
    const ending = new AbortController();
    const importing = importFiles({
      files: [write('s1.jsonl', lines.join(''))],
      to,
      signal: ending.signal,
      onProgress: ({ read, total }) => read > total / 3 && ending.abort(),
    });
    await assert.rejects(importing, error => TraceError.from(error).code === 'cancelled');
    assert.deepEqual(fs.readdirSync(path.dirname(to)), []);
  });

  it('ends with a signal, on the command line and in a process of its own, and leaves nothing', async function () {
    if (process.platform === 'win32') this.skip();
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => `${prompt(n)}\n${answer(n, 'x'.repeat(2000))}\n`,
    );
    const file = write('s1.jsonl', lines.join(''));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'importer'] as const) {
      const to = target();
      const child =
        signal === 'importer'
          ? fork(path.join(dist, 'importer.js'), { silent: true })
          : spawn(process.execPath, [cli, 'import', file, '--to', to]);
      const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
      if (signal === 'importer') child.send({ type: 'import', files: [file], to });
      while (fs.readdirSync(path.dirname(to)).length === 0 && child.exitCode === null) {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      child.kill(signal === 'importer' ? 'SIGTERM' : signal);
      assert.equal(await ended, signal === 'importer' ? 0 : 1, signal);
      assert.deepEqual(fs.readdirSync(path.dirname(to)), [], signal);
    }
  });

  it('leaves no file under the final name when it is killed', async function () {
    if (process.platform === 'win32') this.skip();
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => `${prompt(n)}\n${answer(n, 'x'.repeat(2000))}\n`,
    );
    const to = target();
    const file = write('s1.jsonl', lines.join(''));
    const child = spawn(process.execPath, [cli, 'import', file, '--to', to]);
    const ended = new Promise(resolve => child.once('exit', resolve));
    while (fs.readdirSync(path.dirname(to)).length === 0 && child.exitCode === null) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await ended;
    assert.equal(fs.existsSync(to), false);
  });
});
