import assert from 'node:assert/strict';
import { criticalPath } from '../../src/core/criticalPath.ts';
import { latestTime, runRange, type TimedTree } from '../../src/core/spanColumns.ts';
import { workingSpans } from '../../src/core/workingSpans.ts';
import { columns, timed } from './support/columns.ts';

/** The path as words, in order of time: `name from-to`. */
function path(picture: string): string {
  const drawn = columns(picture);
  const { rows, from, to } = criticalPath(drawn, workingSpans(drawn));
  return [...rows]
    .map((row, at) => `${drawn.nameOf(row)} ${from[at]}-${to[at]}`)
    .reverse()
    .join(', ');
}
const length = (picture: string): number => {
  const drawn = columns(picture);
  return criticalPath(drawn, workingSpans(drawn)).ms;
};

/** Names and digits for small random trees; times may lie anywhere, some are missing. */
function randomPicture(seed: number): string {
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const kinds = ['agent', 'llm', 'tool', 'retrieval', 'chain', 'other'];
  const lines = [`s0 agent 0-${random(3) ? 12 : ''}`];
  const depths = [0];
  for (let i = 1; i < 2 + random(9); i++) {
    const depth = 1 + random(Math.max(...depths.slice(-1)) + 1);
    depths.push(depth);
    const start = random(14);
    const end = random(6) ? start + random(8) : '';
    const from = random(9) ? start : '';
    lines.push(`${'  '.repeat(depth)}s${i} ${kinds[random(6)]} ${from}-${end}`);
  }
  return lines.join('\n');
}

/** The definition word by word: at each point, every child is looked at again. */
function oracle(tree: TimedTree, working: Uint8Array): { steps: string[]; ms: number } {
  const latest = latestTime(tree);
  const steps: string[] = [];
  let ms = 0;
  const childrenOf = (row: number): number[] =>
    [...tree.parent.keys()].filter(one => tree.parent[one] === row);
  const walk = (row: number, from: number, to: number): void => {
    steps.push(`${row} ${from}-${to}`);
    const left = new Set(childrenOf(row));
    for (let at = to; ; ) {
      let best: { child: number; from: number; to: number } | undefined;
      for (const child of left) {
        const start = tree.start[child]!;
        if (Number.isNaN(start)) continue;
        const end = Math.max(start, Number.isNaN(tree.end[child]!) ? latest : tree.end[child]!);
        // Outside of the parent, or no more than touching it.
        if (start > to || end < from) continue;
        if (end > start && Math.min(end, to) === Math.max(start, from)) continue;
        const cut = { child, from: Math.max(start, from), to: Math.min(end, to) };
        if (cut.to > at) continue;
        const longer = best && cut.to === best.to && cut.from < best.from;
        if (!best || cut.to > best.to || longer) best = cut;
      }
      if (working[row]) ms += at - (best?.to ?? from);
      if (!best) return;
      left.delete(best.child);
      walk(best.child, best.from, best.to);
      at = best.from;
    }
  };
  const range = runRange(tree);
  walk(0, range.from, range.to);
  return { steps, ms };
}

describe('the critical path', () => {
  it('goes back from the end: the child that ended last, then what ended before that began', () => {
    const t = `
run agent 0-100
  think llm 2-30
  a tool 30-50
  b tool 30-80
  answer llm 80-99
`;
    assert.equal(path(t), 'think 2-30, b 30-80, answer 80-99, run 0-100');
    assert.equal(length(t), 28 + 50 + 19, "the agent's own time between its spans is no work");
  });

  it('goes down into a sub-agent, and on before it', () => {
    const t = `
run agent 0-100
  think llm 0-10
  sub agent 12-90
    plan llm 15-40
    look retrieval 41-90
  beside tool 20-60
`;
    assert.equal(path(t), 'think 0-10, plan 15-40, look 41-90, sub 12-90, run 0-100');
  });

  it('leaves out what was still running when the next on the path began', () => {
    assert.equal(
      path('run agent 0-10\n  a tool 0-6\n  b tool 5-10'),
      'b 5-10, run 0-10',
      'b did not wait for a',
    );
  });

  it('takes an overlap of less than a microsecond for rounding', () => {
    const t = (end: number) => `run agent 0-10\n  a tool 0-${end}\n  b tool 5-10`;
    assert.equal(path(t(5.0005)), 'a 0-5, b 5-10, run 0-10');
    assert.equal(path(t(5.002)), 'b 5-10, run 0-10');
  });

  it('cuts children to their parent, and leaves out those outside of it', () => {
    assert.equal(
      path('run agent 10-20\n  a llm 5-13\n  b tool 13-40'),
      'a 10-13, b 13-20, run 10-20',
    );
    assert.equal(path('run agent 10-20\n  a llm 0-10\n  b tool 20-30'), 'run 10-20');
  });

  it('takes open spans to last until the latest time known', () => {
    assert.equal(
      path('run agent 0- ?\n  a llm 1-4\n  b tool 4- ?\n  c tool 5-9'),
      'a 1-4, b 4-9, run 0-9',
    );
  });

  it('bears times that make no sense', () => {
    assert.equal(
      path('run agent 0-10\n  a llm 8-3\n  b tool -9\n  c tool 1-2'),
      'c 1-2, a 8-8, run 0-10',
    );
    assert.equal(path('run agent -\n  a llm 3-8'), 'a 3-8, run 3-8', 'a root without times');
    assert.equal(path('run agent -'), 'run 0-0');
    const none = timed(0, () => ({ parent: -1, start: 0, end: 0 }));
    assert.equal(criticalPath(none, new Uint8Array()).rows.length, 0);
  });

  it('counts the own time of a tool that makes requests, not that of one that runs an agent', () => {
    assert.equal(length('run agent 0-10\n  t tool 0-10\n    get other 2-5'), 10);
    assert.equal(length('run agent 0-10\n  t tool 0-10\n    sub agent 2-5\n      x llm 3-4'), 1);
  });

  it('is what the definition says, for 2,000 random trees', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const picture = randomPicture(seed);
      const drawn = columns(picture);
      const working = workingSpans(drawn);
      const { rows, from, to, ms } = criticalPath(drawn, working);
      const steps = [...rows].map((row, at) => `${row} ${from[at]}-${to[at]}`);
      assert.deepEqual({ steps, ms }, oracle(drawn, working), picture);
      assert.ok(ms <= runRange(drawn).to - runRange(drawn).from, 'no longer than the run');
    }
  });

  it('is found in a chain of 100,000 nested spans', () => {
    const deep = timed(100_000, row => ({ parent: row - 1, start: row, end: 200_000 - row }));
    const { rows, ms } = criticalPath(deep, workingSpans(deep));
    assert.deepEqual([rows.length, ms], [100_000, 2], 'only the innermost one does something');
  });

  it('is found among 100,000 siblings', () => {
    const wide = timed(100_000, row =>
      row === 0
        ? { parent: -1, start: 0, end: 99_999 }
        : { parent: 0, start: row - 1, end: row - (row % 2 ? 0 : 0.5) },
    );
    const { rows, ms } = criticalPath(wide, workingSpans(wide));
    assert.deepEqual([rows.length, ms], [100_000, 99_999 - 49_999 * 0.5]);
  });
});
