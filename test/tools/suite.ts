// Loads test files into Mocha and reports compactly. It also runs in the extension host and in the
// web worker, so it takes its Mocha from the caller and imports nothing that runs.
import type MochaClass from 'mocha';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TestFile {
  /** Path from the repository's root. */
  name: string;
  load: () => unknown;
}

export interface SuiteOptions {
  /** Only tests whose full title matches this regular expression. */
  grep?: string | undefined;
  /** Milliseconds that one test may take. */
  timeout?: number | undefined;
  /** Called when a test or a hook fails; the next waits for it. */
  failed?: ((title: string) => Promise<void>) | undefined;
}

/** Starts the line that hands the counts out of a host that has no disk. */
export const countsMark = '@@counts ';

function reporterFor(Mocha: typeof MochaClass, counts: Counts) {
  const { Base } = Mocha.reporters;
  return class extends Base {
    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
      super(runner, options);
      runner.on('pass', () => {
        counts.passed++;
      });
      runner.on('pending', test => {
        counts.skipped++;
        console.log(`  skipped: ${test.fullTitle()}`);
      });
      runner.on('fail', () => {
        counts.failed++;
      });
      runner.on('end', () => {
        if (this.failures.length > 0) Base.list(this.failures);
      });
    }
  };
}

/**
 * Makes a failing test of a file that tests nothing or breaks while it is loaded:
 * left out, it would look like one that passes.
 */
async function loadInto(mocha: MochaClass, Mocha: typeof MochaClass, file: TestFile) {
  const before = mocha.suite.total();
  let problem: unknown = new Error('This file defines no test.');
  try {
    mocha.suite.emit('pre-require', globalThis, file.name, mocha);
    await file.load();
    mocha.suite.emit('post-require', globalThis, file.name, mocha);
    if (mocha.suite.total() > before) return;
  } catch (error) {
    problem = error;
  }
  const failing = new Mocha.Test(file.name, () => {
    throw problem;
  });
  mocha.suite.addTest(failing);
}

/** Runs test files in the Mocha that belongs to the host. */
export async function runFiles(
  Mocha: typeof MochaClass,
  files: TestFile[],
  { grep, timeout = 10_000, failed }: SuiteOptions,
): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: reporterFor(Mocha, counts),
    timeout,
    // A forgotten `.only` would leave out all other tests and still be green.
    forbidOnly: true,
    ...(grep && { grep: new RegExp(grep) }),
  });
  let answer: Promise<void> | undefined;
  if (failed) mocha.rootHooks({ afterEach: () => answer });
  for (const file of files) await loadInto(mocha, Mocha, file);
  await new Promise<void>(resolve => {
    const runner = mocha.run(() => resolve());
    // The tests start in a later turn.
    runner.on('fail', test => {
      answer = failed?.(test.fullTitle());
    });
  });
  return counts;
}
