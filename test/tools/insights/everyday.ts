import { type AgentOptions, type Use, use } from './agent.ts';
import { type Label, no } from './label.ts';
import type { Recording } from './recording.ts';

/** What an agent that writes code, and its like, does all day: nothing of it is worth a word. */
const coder: AgentOptions = {
  name: 'code_agent',
  model: 'claude-sonnet-4-5',
  system: 'You work in a repository. Be brief.',
  ask: 'Make the rounding in src/money/round.ts half up, see issue 4711 of 3 November 2026. Then tell +49 451 12 34 56.',
  tools: {
    bash: ['command'],
    read_file: ['path', 'offset'],
    edit_file: ['path', 'old_text', 'new_text'],
    fetch: ['url'],
    call_phone: ['number'],
    list_issues: ['since', 'number'],
  },
};

function work(
  file: Recording,
  uses: readonly Use[],
  options: Partial<AgentOptions> = {},
  before?: number,
): void {
  const agent = file.run({ ...coder, ...options }, before);
  for (const [at, one] of uses.entries()) agent.turn(`Step ${at + 1}.`, one);
  agent.done('Done: src/money/round.ts rounds half up.');
}

const bash = (command: string, result: string, options = {}): Use =>
  use('bash', { command }, result, options);
const edit = (old_text: string, new_text: string): Use =>
  use('edit_file', { path: 'src/money/round.ts', old_text, new_text }, 'edited');
const code = (lines: number): string =>
  'export const round = (value: number): number => Math.round(value);\n'.repeat(lines);

const drift = 'reasoning-drift';
const silent = 'silent-tool-failure';

export const everydayCases: readonly Label[] = [
  no(drift, 'a command that this machine does not have', file => {
    const rg = use('bash', { command: 'rg round src' }, undefined, {
      error: 'bash: rg: command not found',
    });
    work(file, [rg, bash('grep -rn round src', 'src/money/round.ts:1: round')]);
  }),
  no(drift, 'a tool that wraps the words of the shell in its own', file => {
    const error = 'Error: Tool execution failed with error: Command not found';
    work(file, [use('bash', { command: 'rg round src' }, undefined, { error })]);
  }),
  no(drift, 'a function that the database does not have', file => {
    const error = 'ERROR: function round_half_up(numeric) does not exist';
    work(file, [use('bash', { command: 'psql -f src/money/round.sql' }, undefined, { error })]);
  }),
  no(drift, 'an account number that the user wrote with spaces', file => {
    const one = use('list_issues', { since: '2026-11-03', number: '80443121770' }, [{ issue: 1 }]);
    work(file, [one], { ask: 'What is open for account 8044 3121 770, in src/money/round.ts?' });
  }),
  no(drift, 'an address that the user gave and that is gone', file => {
    const page = use('fetch', { url: 'https://example.org/rounding' }, undefined, {
      error: '404 Not Found',
    });
    work(file, [page], {
      ask: 'What does https://example.org/rounding say about src/money/round.ts?',
    });
  }),
  no(drift, 'a file that the user named and that is not there', file => {
    const gone = use('read_file', { path: 'src/money/round.ts', offset: 0 }, undefined, {
      error: 'File not found: src/money/round.ts',
    });
    work(file, [gone, bash('ls src/money', 'rounding.ts')]);
  }),
  no(drift, 'commands with numbers and patterns of their own', file => {
    work(file, [
      bash('grep -rn "half" src --include=*.ts | head -50', 'src/money/round.ts:1'),
      bash('sed -n 1,240p src/money/round.ts', code(4)),
      bash('git log --oneline -15', 'a1b2c3d Round'),
    ]);
  }),
  no(drift, 'constants in code that the model writes', file => {
    work(file, [
      use('read_file', { path: 'src/money/round.ts', offset: 0 }, code(3)),
      edit('Math.round(value)', 'Math.floor(value * 1000 + 0.5 + 1e-9) / 1000 // see RFC-8259'),
    ]);
  }),
  no(drift, 'a date, a phone number and an issue written in another form', file => {
    work(file, [
      use('list_issues', { since: '2026-11-03', number: '#4711' }, [{ issue: 4711 }]),
      use('call_phone', { number: '+49451123456' }, 'told'),
    ]);
  }),
  no('loop', 'tests that pass after each of several edits', file => {
    const tests = () => bash('npm test', '41 passing');
    work(file, [
      edit('a', 'b'),
      tests(),
      edit('c', 'd'),
      tests(),
      edit('e', 'f'),
      tests(),
      edit('g', 'h'),
      tests(),
    ]);
  }),
  no(
    'loop',
    'the state of the repository, looked at between commits',
    file => {
      const state = () => bash('git status --short', ' M src/money/round.ts');
      work(file, [
        state(),
        edit('a', 'b'),
        state(),
        edit('c', 'd'),
        state(),
        bash('git add -A', ''),
        bash('git commit -m round', '[main 1] round'),
      ]);
    },
    { may: [silent] },
  ),
  no('loop', 'parts of one file, one after the other', file => {
    work(
      file,
      [0, 200, 400, 600, 800].map(offset =>
        use(
          'read_file',
          { path: 'src/money/round.ts', offset },
          `// from line ${offset}\n${code(9)}`,
        ),
      ),
    );
  }),
  no(silent, 'commands that print nothing when all is well', file => {
    const day = (i: number): readonly Use[] => [
      bash('ls src/money', 'round.ts'),
      bash(`mkdir -p out/${i}`, ''),
      bash('npm run build', `built in ${300 + i} ms`),
      bash(`git add out/${i}`, ''),
    ];
    file.history(4, (i, before) => work(file, day(i), {}, before));
    work(file, day(5));
  }),
  no(silent, 'a compiler that says how many errors there are', file => {
    file.history(6, (i, before) =>
      work(file, [bash('tsc', `Found 0 errors. Checked ${40 + i} files.`)], {}, before),
    );
    work(file, [
      bash(
        'tsc',
        'src/money/round.ts(3,1): error TS2304: Cannot find name.\nFound 1 error. Checked 47 files.',
      ),
    ]);
  }),
  no(silent, 'a count that is 0', file => {
    const counting = {
      tools: { count_rows: ['table'] },
      ask: 'How many rows has src/money/round.ts in table t?',
    };
    const rows = (n: number): Use => use('count_rows', { table: 't' }, n);
    file.history(7, (i, before) => work(file, [rows(11 + i)], counting, before));
    work(file, [rows(0)], counting);
  }),
  no(silent, 'names of files that speak of errors', file => {
    file.history(6, (i, before) =>
      work(file, [bash('ls src', `a${i}.ts b.ts c.ts d.ts`)], {}, before),
    );
    work(file, [bash('ls src', 'error.ts errors.ts failed.ts notFound.ts')]);
  }),
  no(
    'token-spike',
    'files of very different sizes',
    file => {
      const sizes = [4, 6, 5, 8, 170, 7, 9, 230, 5, 12, 6, 190];
      const read = (lines: number): readonly Use[] => [
        use('read_file', { path: 'src/money/round.ts', offset: 0 }, code(lines)),
      ];
      file.history(sizes.length, (i, before) => work(file, read(sizes[i] ?? 4), {}, before));
      work(file, read(210));
    },
    { may: ['cost-spike'] },
  ),
  no(
    'retry-storm',
    'four orders that are not there, looked up one by one',
    file => {
      const gone = [1, 2, 3, 4].map(i =>
        use('list_issues', { since: '2026-11-03', number: `4711-${i}` }, undefined, {
          error: `404 issue 4711-${i}`,
        }),
      );
      work(file, gone);
    },
    { may: [drift] },
  ),
  no('cost-spike', 'an issue that took longer, as some do', file => {
    const turns = [3, 9, 4, 14, 5, 3, 11, 4, 6, 16];
    const steps = (count: number): readonly Use[] =>
      Array.from({ length: count }, (_, i) => bash(`sed -n ${i}p src/money/round.ts`, code(2)));
    file.history(turns.length, (i, before) => work(file, steps(turns[i] ?? 3), {}, before));
    work(file, steps(15));
  }),
  no('latency-outlier', 'commands that take from a moment to a minute', file => {
    const times = [40, 900, 12_000, 60, 48_000, 300, 2500, 70, 31_000, 500];
    const timed = (ms: number): readonly Use[] => [bash('npm run something', 'done', { ms })];
    file.history(times.length, (i, before) => work(file, timed(times[i] ?? 40), {}, before));
    work(file, timed(52_000));
  }),
];
