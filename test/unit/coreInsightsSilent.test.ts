import assert from 'node:assert/strict';
import { foundOf, type Look, type Story, type UsualTool } from './support/story.ts';

const silent = (tell: (story: Story) => void, look?: Look) =>
  foundOf('silent-tool-failure', tell, look);
const gives = (result: unknown, usual: UsualTool = {}, name = 'search') =>
  silent(s => s.tool(name, { q: 'x' }, result), { tools: { [name]: usual } });
const none = (result: unknown, usual?: UsualTool, name?: string) =>
  assert.deepEqual(gives(result, usual, name), [], JSON.stringify(result));
const failed: Look = { root: { status: 'error', error: 'gave up' } };

const chars = Array.from({ length: 43 }, (_, i) => (i < 2 ? 2 : 1200 + i * 180));
const json: UsualTool = { shapes: { object: 41, nothing: 2 }, chars };
const texts: UsualTool = { shapes: { text: 30 }, chars: chars.slice(13) };

describe('a silent failure', () => {
  it('is an empty result where that is rare', () => {
    const words =
      'warning tool1: search gave an empty result; 41 of its 43 results in other runs were not empty, most of 1,920 to 8,400 characters.';
    for (const result of ['', [], { hits: [] }, null, 'No results found.', { data: null }]) {
      assert.deepEqual(gives(result, json), [words], JSON.stringify(result));
    }
    const more = silent(s => s.tool('search', {}, { hits: [] }), {
      ...failed,
      tools: { search: json },
    });
    assert.match(more[0] ?? '', /^error/, 'the run failed after it');
    const length = silent(
      s => s.tool('search', {}, undefined, { metadata: { result_length: 0 } }),
      { tools: { search: json } },
    );
    assert.equal(length.length, 1);
  });

  it('is an error that the result itself tells', () => {
    assert.deepEqual(gives({ error: { message: 'quota exceeded' } }), [
      'error tool1: search says that it went well, but its result is an error: “error: quota exceeded”.',
    ]);
    assert.equal(gives('{"success": false, "message": "locked"}').length, 1);
    assert.equal(gives({ content: [{ type: 'text', text: 'x' }], isError: true }).length, 1);
  });

  it('is a status with a reason and nothing beside it; with anything else, that is what failed', () => {
    for (const result of [
      { status: 'failed', reason: 'carrier API timed out' },
      { status: 'Failure', message: 'locked', code: 7, data: null },
      '{"status":"failed","detail":"no such order","request_id":"r1"}',
    ]) {
      assert.equal(gives(result).length, 1, JSON.stringify(result));
    }
    for (const result of [
      { status: 'failed' },
      { status: 'failed', order_id: 7, reason: 'card declined' },
      { status: 'failed', reason: 'out of memory', build: 12 },
      { status: 'failed', message: 'x', items: [1] },
      { status: 'failover', reason: 'x' },
    ]) {
      none(result);
    }
  });

  it('is a text that is nothing but an error', () => {
    for (const text of [
      'Error: ENOENT: no such file or directory, open "a.ts"',
      'ERROR: tool crashed',
      'TimeoutError: no answer in 30 s',
      'requests.exceptions.ConnectionError: refused',
      'Failed to fetch https://a: 503',
      'Rate limit exceeded, try again in 20 s',
      'Internal Server Error',
      '502 Bad Gateway',
      'permission denied',
      'Request timed out',
      'Error executing tool run_query: no such table',
      'Tool execution failed: no such table',
      'sqlite3.OperationalError: no such table: orders',
      '❌ Error: no such table',
      'Sorry, something went wrong.',
      'Invalid API key provided.',
      'Service temporarily unavailable',
      'bash: rg: command not found',
      'cat: a.ts: No such file or directory',
      '{"message": "Unauthorized"}',
      '{"detail": "Not Found"}',
      '{"code": 500, "message": "internal"}',
    ]) {
      assert.equal(gives(text, {}, 'run_query').length, 1, text);
      assert.equal(gives(text, {}, 'search').length, 1, text);
    }
    const trace = 'Traceback (most recent call last):\n  File "a.py", line 3\nKeyError: "id"';
    assert.match(gives(trace, {}, 'run')[0] ?? '', /“KeyError: "id"”/);
  });

  it('is a page where JSON or text is usual, and a page that says it is an error', () => {
    const page = `<!doctype html><html>${'<p>sign in</p>'.repeat(200)}</html>`;
    assert.deepEqual(gives(page, json), [
      'warning tool1: search gave a web page; 41 of its 43 results in other runs were JSON.',
    ]);
    assert.equal(gives(page, texts).length, 1);
    const gateway = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
    assert.match(gives(gateway, {}, 'fetch')[0] ?? '', /“502 Bad Gateway”/);
  });

  it('is a query without rows where all others had some: that is said, and may be right', () => {
    const rows = { shapes: { list: 8 }, chars: chars.slice(32) };
    assert.match(gives([], rows, 'run_sql')[0] ?? '', /^info tool1: run_sql gave an empty result/);
    assert.match(gives([], rows, 'find_rows')[0] ?? '', /^warning/);
    assert.deepEqual(gives('', { shapes: { text: 6, list: 2 }, chars }, 'run_sql'), []);
  });

  it('is a plain text or a single value where JSON is usual', () => {
    assert.match(gives('Please try again later.', json)[0] ?? '', /gave a plain text/);
    assert.match(gives(false, json)[0] ?? '', /gave a single value/);
  });

  it('is a result far shorter than all others; one far longer did not fail', () => {
    assert.deepEqual(gives('ok', texts), [
      'warning tool1: search gave only 2 characters; most of its results in other runs had 3,720 to 8,580.',
    ]);
    assert.deepEqual(gives('x'.repeat(200_000), texts), []);
  });

  it('is said once for a tool that fails again and again, and weighs less where it was made good', () => {
    const tell = (s: Story) => {
      for (let i = 0; i < 3; i++) s.tool('post', { i }, { error: 'locked' });
    };
    assert.deepEqual(silent(tell), [
      'error tool1: 3 calls of post say that they went well, but their results are errors, the first “error: locked”.',
    ]);
    const better = (s: Story) => {
      tell(s);
      s.tool('post', { i: 9 }, { saved: true });
    };
    assert.match(silent(better)[0] ?? '', /^info/);
    const other = (s: Story) => {
      s.tool('search', { q: 'x' }, []);
      s.tool('search', { q: 'x y' }, { hits: ['a'.repeat(3000)] });
    };
    assert.match(silent(other, { tools: { search: json } })[0] ?? '', /^info/);
  });
});

describe('no silent failure', () => {
  it('is an empty result where nothing, or the like, is known of the tool', () => {
    none([]);
    none('', { shapes: { object: 4 }, chars: [9, 9, 9, 9] });
    none(null, {}, 'delete_file');
  });

  it('is a search that finds nothing now and then', () => {
    none({ hits: [] }, { shapes: { object: 36, nothing: 4 }, chars });
  });

  it('is a tool that gives nothing by its nature', () => {
    none(null, { shapes: { nothing: 40 }, chars: Array(40).fill(4) }, 'write_file');
    none('', { shapes: { nothing: 20, text: 20 }, chars }, 'send');
  });

  it('is a shell that has nothing to say, where not very many of its results are known', () => {
    none('', { shapes: { text: 12 }, chars: chars.slice(31) }, 'Bash');
    none('', { shapes: { text: 12 }, chars: chars.slice(31) }, 'run_command');
  });

  it('is a text about errors', () => {
    for (const text of [
      'Error handling\n\nAn error is thrown where …',
      'Errors: a field guide\n\nchapter one',
      `ERROR: disk full\n${'2026-11-02 ERROR: disk full on db-3\n'.repeat(40)}`,
      `Error: connection refused\n${'  at connect (net.js:1)\n'.repeat(20)}`,
      'TypeError: what it means and how to mend it.\n\n# Causes\n\n- one\n- two',
      'No error was found in 32 files.',
      'The error rate fell to 0.1 %.',
      'Failure is not an option\nby Gene Kranz\n1999',
    ]) {
      none(text, {}, 'search_logs');
      none(text, {}, 'read_docs');
    }
    none('ERROR: disk full on db-3', {}, 'search_logs');
    none('Error 1205: deadlock found, retry the transaction.', {}, 'explain_error_code');
    none('2 tests failed.', {}, 'verify');
    none('2 failed', {}, 'Bash');
    none('AssertionError: expected 1, got 2', {}, 'run_tests');
    none('{"message": "Your order is on its way"}');
    const asked = silent(s =>
      s.tool(
        'search_docs',
        { q: 'TimeoutError in fetch' },
        'TimeoutError: thrown where no answer came.',
      ),
    );
    assert.deepEqual(asked, [], 'who asks about errors is told of them');
  });

  it('is a field for errors that holds none, or a report on something that failed', () => {
    for (const result of [
      { error: null, rows: [1] },
      { errors: [], items: [1] },
      { error: '', ok: true },
      { status: 'failed', build: 12 },
      { errors: [{ file: 'a.ts', line: 3, message: 'unused' }] },
      { passed: 3, failed: 1 },
      { exit_code: 1, stdout: '1 test failed' },
      { id: 'job-7', state: 'failed', error: 'out of memory' },
      { valid: false, error: 'amount is missing' },
    ]) {
      none(result, {}, 'run_checks');
    }
  });

  it('is a page from a tool that fetches pages', () => {
    const page = `<html><title>Page</title>${'<p>words</p>'.repeat(500)}</html>`;
    none(page, { shapes: { html: 20, text: 2 }, chars }, 'fetch');
    none(page, {}, 'fetch');
    const about = `<html><title>404 Not Found - HTTP | MDN</title>${'<p>x</p>'.repeat(900)}</html>`;
    none(about, {}, 'fetch');
  });

  it('is a file that has such fields', () => {
    none('{"error": "Something went wrong", "ok": "OK", "cancel": "Cancel"}', {}, 'read_file');
  });

  it('is a short file among long ones, or a result somewhat shorter or longer', () => {
    const files: UsualTool = {
      shapes: { text: 9 },
      chars: [210, 800, 3e3, 9e3, 2e4, 5e4, 6e4, 8e4, 9e4],
    };
    none('tiny', files, 'read_file');
    none('x'.repeat(600), texts);
    none('x'.repeat(20_000), texts);
  });

  it('is JSON where texts are usual, or a list where objects are', () => {
    none([{ a: 'x'.repeat(3000) }], json);
    none({ a: 'x'.repeat(5000) }, texts);
  });

  it('is a call that failed openly, still runs, or whose result was not recorded', () => {
    assert.deepEqual(
      silent(s => {
        s.tool('a', {}, { error: 'x' }, { status: 'error', error: 'x' });
        s.tool('a', {}, undefined);
        s.tool('a', {}, undefined, { metadata: { result_length: 7 } });
      }),
      [],
    );
  });
});
