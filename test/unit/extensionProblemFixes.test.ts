import assert from 'node:assert/strict';
import type { Problem } from '../../src/extension/problemFinder.ts';
import { Diagnostic, fixers, Range, Uri } from './support/vscode.ts';

const { registerProblemFixes } = await import('../../src/extension/problemFixes.ts');

const source = Uri.file('/ws/run.py');

const problem = (spanId: string, line: number, more: Partial<Problem> = {}): Problem => ({
  uri: source as unknown as Problem['uri'],
  line,
  message: 'save failed',
  severity: 'error',
  code: 'failed',
  span: { file: 'file:///ws/a.db', spanId },
  spanName: 'save',
  hasCause: false,
  related: [],
  ...more,
});

const diagnostic = (line: number, message = 'save failed', code = 'failed'): Diagnostic => {
  const one = new Diagnostic(new Range(line, 0, line, 9), message);
  return Object.assign(one, { source: 'Agent Traces', code });
};

/** What is offered for these diagnostics: titles and the spans they go to. */
function fixesFor(known: readonly Problem[], ...diagnostics: readonly Diagnostic[]) {
  return fixesWhere(false, known, ...diagnostics);
}

function fixesWhere(
  replaysRuns: boolean,
  known: readonly Problem[],
  ...diagnostics: readonly Diagnostic[]
) {
  registerProblemFixes({ at: () => known }, replaysRuns);
  const fixer = fixers.at(-1);
  assert.ok(fixer);
  const fixes = fixer.provideCodeActions({ uri: source }, new Range(0, 0, 0, 0), { diagnostics });
  return fixes.map(({ title, command }) => {
    const [span] = (command?.arguments ?? []) as Problem['span'][];
    return [title, span?.spanId];
  });
}

describe('fixes of a problem', () => {
  it('go to the span that failed at that line, not to one that failed alike elsewhere', () => {
    const known = [problem('first', 6), problem('second', 20, { hasCause: true })];
    assert.deepEqual(fixesFor(known, diagnostic(20)), [
      ['Go to Cause of save', 'second'],
      ['Show Span save', 'second'],
      ['Replay Span save', 'second'],
    ]);
  });

  it('are those of each trace file that says the same there, told by its name, and each once', () => {
    const other = { file: 'file:///ws/b.db', spanId: 'other' };
    const known = [problem('one', 6), problem('other', 6, { span: other })];
    assert.deepEqual(fixesFor(known, diagnostic(6), diagnostic(6)), [
      ['Show Span save (a.db)', 'one'],
      ['Replay Span save (a.db)', 'one'],
      ['Show Span save (b.db)', 'other'],
      ['Replay Span save (b.db)', 'other'],
    ]);
  });

  it('of a line with several problems name each span once, and what went wrong where names are alike', () => {
    const span = (spanId: string) => ({ file: 'file:///ws/a.db', spanId });
    const known = [
      problem('a', 6, { hasCause: true }),
      problem('b', 6, { message: 'called 14 times', code: 'loop', span: span('b') }),
      problem('a', 6, { message: 'slow', code: 'latency-outlier', span: span('a') }),
      problem('c', 6, { message: 'lasts', code: 'stuck', spanName: 'load', span: span('c') }),
    ];
    const given = known.map(one => diagnostic(6, one.message, one.code));
    assert.deepEqual(fixesFor(known, ...given), [
      ['Go to Cause of save (failed)', 'a'],
      ['Show Span save (failed)', 'a'],
      ['Replay Span save (failed)', 'a'],
      ['Show Span save (Loop)', 'b'],
      ['Replay Span save (Loop)', 'b'],
      ['Show Span load', 'c'],
      ['Replay Span load', 'c'],
    ]);
    const [, loop] = given;
    assert.ok(loop);
    assert.deepEqual(
      fixesFor(known, loop)[0],
      ['Show Span save', 'b'],
      'of one that is pointed at',
    );
    const alike = ['timed out', 'denied'].map((message, at) =>
      problem(`${at}`, 6, { message, span: span(`${at}`) }),
    );
    assert.deepEqual(
      fixesFor(alike, ...alike.map(one => diagnostic(6, one.message))).map(([title]) => title),
      ['timed out', 'denied'].flatMap(why => [
        `Show Span save (${why})`,
        `Replay Span save (${why})`,
      ]),
    );
  });

  it('replay the run up to the span, where programs can be run', () => {
    const last = fixesWhere(true, [problem('one', 6)], diagnostic(6)).at(-1);
    assert.deepEqual(last, ['Replay Up to save', 'one']);
  });

  it('are none for the problems of others', () => {
    const others = Object.assign(diagnostic(6), { source: 'ruff' });
    assert.deepEqual(fixesFor([problem('one', 6)], others), []);
  });
});
