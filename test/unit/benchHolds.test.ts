import assert from 'node:assert/strict';
import { longestHold } from '../bench/holds.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, scriptId: '1', lineNumber: 0, columnNumber: 0 },
  children,
});

describe('the longest hold of a thread', () => {
  const nodes = [
    node(1, '(root)', '', [2, 3, 6]),
    node(2, '(idle)', ''),
    node(3, 'emit', 'node:events', [4]),
    node(4, 'receive', 'file:///x/dist/extension.js', [5]),
    node(5, 'parse', 'node:v8'),
    node(6, 'other', 'file:///y/dist/other.js'),
  ];

  it('is what stands on the stack on end, named by where it came into the file', () => {
    const samples = [2, 4, 5, 2, 5, 6, 6, 6, 2];
    const timeDeltas = [0, 1000, 2000, 3000, 1000, 4000, 50_000, 1000, 1000];
    const profile = { nodes, samples, timeDeltas, startTime: 0, endTime: 0 };
    assert.deepEqual(longestHold(profile, 'dist/extension.js'), { ms: 5, name: 'receive' });
    assert.equal(longestHold(profile, 'dist/nothing.js').ms, 0);
  });
});
