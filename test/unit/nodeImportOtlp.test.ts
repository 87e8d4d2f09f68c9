import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TraceError } from '../../src/core/errors.ts';
import type { ImportReport } from '../../src/core/importReport.ts';
import { importFiles } from '../../src/node/importFiles.ts';
import { filesBelow } from '../../src/node/importFolder.ts';
import { isImportable } from '../../src/node/importSources.ts';
import { localReader } from '../../src/node/localReader.ts';
import { fixtures } from './support/imported.ts';
import { all, clock, dist } from './support/traceDb.ts';

const traceId = '5b8efff798038103d269b633813fc60c';
const span = (id: string, more: object = {}): object => ({
  ...{ traceId, spanId: id.padStart(16, '0'), name: id, kind: 1 },
  ...{ startTimeUnixNano: '1544712660000000000', endTimeUnixNano: '1544712661000000000' },
  ...more,
});
const request = (...spans: readonly object[]): string =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describe('OTLP in files', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-import-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  let files = 0;

  const write = (content: string | Buffer): string => {
    const file = path.join(folder, `${files++}.txt`);
    fs.writeFileSync(file, content);
    return file;
  };
  /** The rows of what was imported, without what is only there once. */
  async function imported(...sources: readonly string[]) {
    const to = path.join(folder, `${files++}.db`);
    const report = await importFiles({ files: sources, to });
    const db = new DatabaseSync(to, { readOnly: true });
    const rows = db.prepare('SELECT * FROM spans ORDER BY start_time, span_id').all();
    const events = db.prepare('SELECT * FROM events ORDER BY event_id').all();
    db.close();
    return { report, rows, events, to };
  }
  const reasons = ({ skipped }: ImportReport) => skipped.map(({ why, count }) => [why, count]);
  const fixture = (name: string) => path.join(fixtures, name);
  const sdk = 'otlp-json/anthropic-sdk-1.12.0-native.content.otlp';

  describe('of ../shared', () => {
    before(function () {
      if (fs.existsSync(fixtures)) return;
      console.log('  skipped: ../shared/fixtures is not here');
      this.skip();
    });

    it('are the same rows in each encoding', async () => {
      const expected = await imported(fixture(`${sdk}.json`));
      assert.equal(expected.rows.length, 10);
      for (const name of [
        `${sdk}.pb`,
        'otlp-json/anthropic-sdk-1.12.0-native.content.collector.jsonl',
        'otlp-json/variant-base64-ids.otlp.json',
        'otlp-json/variant-protojson-enums-int64-strings.otlp.json',
        'otlp-json/variant-snake_case.otlp.json',
        'otlp-json/variant-tempo-batches.json',
      ]) {
        const { rows, events, report } = await imported(fixture(name));
        assert.deepEqual([rows, report.skipped], [expected.rows, []], name);
        assert.equal(events.length, expected.events.length, name);
      }
    });

    it('count cached tokens once and outer spans never, whoever recorded them', async () => {
      // By hand from the files: two calls of 412 + 1900 written, and three, two or one of 61 + 1900 read.
      for (const [name, written, read, output, cost] of [
        [`${sdk}.json`, 2, 3, 167, 2 * 6154 + 3 * 672],
        ['otlp-json/openinference-anthropic-0.2.8.otlp.json', 1, 2, 92, 6154 + 2 * 672],
        ['otlp-json/traceloop-anthropic-0.27.0.otlp.json', 1, 1, 75, 6154 + 672],
      ] as const) {
        const { to } = await imported(fixture(name));
        const reader = localReader(dist);
        await reader.open(to, { kind: 'path', path: to, name });
        const { runs } = await reader.runs(to, all);
        const sum = (of: (usage: (typeof runs)[number]['usage']) => number | undefined): number =>
          runs.reduce((total, run) => total + (of(run.usage) ?? 0), 0);
        assert.deepEqual(
          [
            sum(usage => usage.input),
            sum(usage => usage.cacheWrite5m),
            sum(usage => usage.cacheRead),
            sum(usage => usage.output),
          ],
          [412 * written + 61 * read, 1900 * written, 1900 * read, output],
          name,
        );
        const paid = runs.reduce((total, run) => total + (run.cost ?? Number.NaN), 0);
        assert.ok(Math.abs(paid - cost / 1e6) < 1e-12, `${name}: ${paid}`);
      }
    });

    it('show prompts, calls of tools and what went wrong', async () => {
      const { rows } = await imported(fixture(`${sdk}.pb`));
      const [, call, tool] = rows.map(row => ({
        ...row,
        metadata: JSON.parse(String(row.metadata)),
      }));
      assert.match(JSON.stringify(call?.metadata.request), /weather/i);
      assert.equal(tool?.metadata.tool_name, 'get_weather');
      const failed = rows.find(row => row.error === 'invalid_request_error');
      assert.deepEqual([failed?.status, failed?.cost_usd], ['error', 0]);
    });

    it('of Copilot Chat’s outfile hold spans, and other lines are counted', async () => {
      const { report, rows } = await imported(fixture('copilot-outfile/copilot-otel.jsonl'));
      assert.deepEqual(reasons(report), [['notRecord', 2]]);
      assert.equal(rows.length, 10);
      assert.equal(report.files[0]?.format, 'Copilot Chat outfile');
    });

    it('are found as protobuf after their lengths too, and where they are cut off that is said', async () => {
      const whole = fs.readFileSync(fixture(`${sdk}.pb`));
      const { rows } = await imported(fixture(`${sdk}.pb`));
      const four = Buffer.alloc(4);
      four.writeUInt32BE(whole.length);
      const varint = Buffer.from([(whole.length & 0x7f) | 0x80, whole.length >> 7]);
      for (const length of [four, varint]) {
        const twice = Buffer.concat([length, whole, length, whole]);
        const again = await imported(write(twice));
        assert.deepEqual(again.rows, rows);
        assert.deepEqual(reasons(again.report), [['repeated', rows.length]]);
        const cut = await imported(write(twice.subarray(0, length.length + whole.length + 500)));
        assert.deepEqual([cut.rows, reasons(cut.report)], [rows, [['damaged', 1]]]);
      }
      const rest = Buffer.concat([whole, Buffer.from([0xff, 0xff, 0xff])]);
      assert.deepEqual(reasons((await imported(write(rest))).report), [['damaged', 1]]);
    });
  });

  it('say what each line of them that is none is', async () => {
    const lines = [
      request(span('a')),
      request(span('b')).slice(0, 100),
      '{"resourceMetrics":[]}',
      request(span('c', { spanId: 'zz' }), span('d', { startTimeUnixNano: '0' }), span('e')),
      '\u0000\u0001',
    ];
    const { rows, report } = await imported(write(lines.slice(0, 4).join('\n')));
    assert.deepEqual(
      rows.map(row => row.name),
      ['a', 'e'],
    );
    const { skipped } = report;
    assert.deepEqual(
      skipped.map(({ why, places }) => [why, places.map(place => place.split(':')[1])]),
      [
        ['notJson', ['2']],
        ['notRecord', ['3']],
        ['damaged', ['4']],
        ['noTime', ['4']],
      ],
    );
  });

  it('hold an id once, and what ended takes the place of what was open', async () => {
    const { rows, report } = await imported(
      write(
        [
          request(span('a', { endTimeUnixNano: '0', name: 'open' })),
          request(span('a', { name: 'ended' })),
          request(span('a', { name: 'again' }), span('a', { traceId: `${traceId.slice(0, 31)}d` })),
        ].join('\n'),
      ),
    );
    assert.deepEqual(
      rows.map(row => row.name),
      ['ended'],
    );
    assert.deepEqual(reasons(report), [['repeated', 2]]);
  });

  it('may have parents that go round', async () => {
    const [a, b] = ['a', 'b'].map(id => id.padStart(16, '0'));
    const file = write(request(span('a', { parentSpanId: b }), span('b', { parentSpanId: a })));
    const { to } = await imported(file);
    const reader = localReader(dist);
    await reader.open(to, { kind: 'path', path: to, name: 'x' });
    const { runs } = await reader.runs(to, all);
    assert.equal(runs.length, 1);
    const { spans } = await reader.spans(to, runs[0]?.runId ?? '', { offset: 0, limit: 10 });
    assert.equal(spans.length, 2);
    assert.ok((await reader.span(to, a ?? '', clock)).span);
  });

  it('have records of logs that say what calls of Claude Code cost, before or after their span', async () => {
    const log = (name: string, attributes: readonly object[]) => ({
      timeUnixNano: '1544712660500000000',
      body: { stringValue: `claude_code.${name}` },
      attributes: [text('event.name', name), ...attributes],
    });
    const logs = (...logRecords: readonly object[]): string =>
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    const call = (id: string, requestId: string): object => ({
      ...span(id, { name: 'claude_code.llm_request' }),
      attributes: [
        text('model', 'claude-opus-5'),
        text('request_id', requestId),
        { key: 'input_tokens', value: { intValue: 10 } },
      ],
    });
    const cost = { key: 'cost_usd', value: { doubleValue: 0.25 } };
    const { rows, events, report } = await imported(
      write(
        [
          logs(log('api_request', [text('request_id', 'r1'), cost])),
          request(call('a', 'r1'), call('b', 'r2')),
          logs(
            log('api_error', [text('request_id', 'r2'), text('error', 'overloaded')]),
            log('api_request', [text('request_id', 'r3'), cost]),
            log('user_prompt', []),
          ),
        ].join('\n'),
      ),
    );
    assert.deepEqual(
      rows.map(row => [row.span_id, row.cost_usd, row.status, row.error]),
      [
        ['a'.padStart(16, '0'), 0.25, 'ok', null],
        ['b'.padStart(16, '0'), (10 * 5) / 1e6, 'error', 'overloaded'],
      ],
    );
    assert.equal(events.length, 2);
    assert.deepEqual(reasons(report), [['noRun', 2]]);
  });

  it('have records that are about the call or tool that they name, not the turn they were written in', async () => {
    const turn = span('b', { name: 'claude_code.interaction' });
    const call = {
      ...span('a', { name: 'claude_code.llm_request' }),
      attributes: [text('model', 'claude-opus-5'), text('request_id', 'r1')],
    };
    const record = (name: string, ...attributes: readonly object[]) => ({
      timeUnixNano: '1544712660500000000',
      ...{ traceId, spanId: 'b'.padStart(16, '0') },
      body: { stringValue: `claude_code.${name}` },
      attributes,
    });
    const cost = { key: 'cost_usd', value: { doubleValue: 0.25 } };
    const logRecords = [
      record('api_request', text('request_id', 'r1'), cost),
      record('api_request', cost),
      record('tool_result', text('success', 'false'), text('error', 'no such file')),
    ];
    const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    const { rows } = await imported(write(`${request(turn, call)}\n${logs}`));
    assert.deepEqual(
      rows.map(row => [row.name, row.cost_usd, row.status]),
      [
        ['claude_code.llm_request', 0.25, 'ok'],
        ['claude_code.interaction', 0, 'ok'],
      ],
    );
  });

  it('are found below a folder, in which other things may be named like them', async () => {
    const below = path.join(folder, `${files++}`);
    fs.mkdirSync(path.join(below, 'sub', 'folder.json'), { recursive: true });
    fs.writeFileSync(path.join(below, 'sub', 'one.json'), request(span('a')));
    fs.symlinkSync(path.join(below, 'nowhere'), path.join(below, 'lost.json'));
    const { rows, report } = await imported(below);
    assert.deepEqual(
      [rows.map(row => row.name), report.files.map(({ name }) => path.basename(name))],
      [['a'], ['one.json']],
    );
  });

  it('are read once below a folder with links to itself, which is not looked at without end', async function () {
    if (process.platform === 'win32') this.skip();
    const below = path.join(folder, `${files++}`);
    fs.mkdirSync(path.join(below, 'sub'), { recursive: true });
    fs.writeFileSync(path.join(below, 'sub', 'one.json'), request(span('a')));
    fs.symlinkSync('one.json', path.join(below, 'sub', 'a.json'));
    for (const name of ['a', 'b', 'sub/c', 'sub/d']) fs.symlinkSync(below, path.join(below, name));
    const { report } = await imported(below, path.join(below, 'sub', 'one.json'));
    assert.deepEqual(
      [report.files.map(({ name }) => path.relative(below, name)), report.skipped],
      [[path.join('sub', 'one.json')], []],
    );
    const isToo = (code: string) => (error: unknown) => TraceError.from(error).code === code;
    await assert.rejects(filesBelow([below], undefined, 5), isToo('importFolderTooLarge'));
    await assert.rejects(filesBelow([below], AbortSignal.abort()), isToo('cancelled'));
  });

  it('are files: what is none is refused before it is opened', async function () {
    if (process.platform === 'win32') this.skip();
    const pipe = path.join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    for (const none of [pipe, '/dev/null', '-']) {
      await assert.rejects(
        imported(none),
        error => error instanceof TraceError && error.code === 'importNoFile',
        none,
      );
    }
    assert.equal(isImportable(pipe), false);
  });

  it('are refused with words that say why nothing came of them', async () => {
    const cut = request(span('a')).slice(0, -20);
    const sqlite = path.join(folder, 'some.db');
    const db = new DatabaseSync(sqlite);
    db.exec('CREATE TABLE spans (id)');
    db.close();
    const empty = fs.mkdtempSync(path.join(folder, 'empty-'));
    fs.writeFileSync(path.join(empty, 'notes.txt'), 'none');
    for (const [source, words] of [
      [write('{"resourceSpans":[]}'), / holds no spans: nothing was imported\./],
      [write('{"resourceSpans":[{'), / is cut off: its JSON ends too early, in line 1\./],
      [write(`\n${cut}`), / is cut off: its JSON ends too early, in line 2\./],
      [write('{\n"resourceSpans":[nothing]}'), / is broken JSON at line 2, column 18\./],
      [write('{"other":'), / is cut off/],
      [write('[INFO] a line of a log'), / is in no format that can be imported\. These are: OTLP/],
      [write(''), / is empty \(zero bytes\)\./],
      [sqlite, / is a SQLite database, which needs no import\./],
      [empty, / holds no files that end in \.jsonl/],
    ] as const) {
      await assert.rejects(
        imported(source),
        error => error instanceof TraceError && words.test(error.message),
        String(words),
      );
    }
  });
});
