import assert from 'node:assert/strict';
import { idleGaps } from '../../src/core/idleGaps.ts';
import { workingSpans } from '../../src/core/workingSpans.ts';
import { columns, timed } from './support/columns.ts';

const gaps = (picture: string, least?: number): string => {
  const drawn = columns(picture);
  const { rows, from, to } = idleGaps(drawn, workingSpans(drawn), least);
  return [...rows].map((row, at) => `${from[at]}-${to[at]} ${drawn.nameOf(row)}`).join(', ');
};

describe('gaps in the work of a run', () => {
  it('are times in which only containers ran; they belong to what came after', () => {
    const t = `
run agent 0-100
  think llm 0-20
  sub agent 20-90
    a tool 25-50
    b tool 30-60
    c llm 70-90
`;
    assert.equal(gaps(t), '20-25 a, 60-70 c, 90-100 run');
  });

  it('are none while a call of another branch is still running', () => {
    assert.equal(gaps('run agent 0-50\n  a llm 0-40\n  b tool 10-20\n  c tool 30-50'), '');
  });

  it('end with the run, and are not looked for outside of it', () => {
    assert.equal(gaps('run agent 10-20\n  a llm 0-12\n  b tool 30-40'), '12-20 run');
  });

  it('are none while something is open', () => {
    assert.equal(gaps('run agent 0- ?\n  a llm 2- ?\n  b tool 9-12'), '0-2 a');
  });

  it('shorter than asked for are left out', () => {
    const t = 'run agent 0-10\n  a llm 0-4\n  b llm 4.5-8\n  c llm 9-10';
    assert.equal(gaps(t), '8-9 c');
    assert.equal(gaps(t, 0.1), '4-4.5 b, 8-9 c');
  });

  it('take a tool that makes requests for work, one that runs an agent for a container', () => {
    assert.equal(gaps('run agent 0-9\n  t tool 0-9\n    get other 3-4'), '');
    assert.equal(gaps('run agent 0-9\n  t tool 0-9\n    s agent 2-9\n      x llm 3-9'), '0-3 x');
  });

  it('bear spans without times, and runs of nothing', () => {
    assert.equal(gaps('run agent -\n  a llm -\n  b llm -4'), '0-4 run');
    assert.equal(gaps('run llm 0-9'), '');
    const none = timed(0, () => ({ parent: -1, start: 0, end: 0 }));
    assert.equal(idleGaps(none, new Uint8Array()).rows.length, 0);
  });

  it('are found between 100,000 spans', () => {
    const wide = timed(100_000, row =>
      row === 0
        ? { parent: -1, start: 0, end: 299_997 }
        : { parent: 0, start: (row - 1) * 3, end: (row - 1) * 3 + 1 },
    );
    assert.equal(idleGaps(wide, workingSpans(wide)).rows.length, 99_999);
  });
});
