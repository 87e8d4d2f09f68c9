import assert from 'node:assert/strict';
import { exportedSpan } from '../../src/formats/exportedSpan.ts';
import { type Noticed, otlpSpans } from '../../src/formats/runSpans.ts';
import { run } from './support/exportedText.ts';
import { recorded } from './support/recordedSpan.ts';

describe('Spans on their way to OTLP', () => {
  const times = { start: 1_700_000_000_000, end: 1_700_000_001_000 };
  async function left(exact: boolean, spans: readonly { start?: unknown; end?: unknown }[]) {
    const noticed: Noticed = { open: 0, leftOut: 0 };
    async function* all() {
      for (const span of spans) yield exportedSpan(recorded({ span: span as typeof times }));
    }
    const going = { ...run, status: 'running', end: undefined } as const;
    let count = 0;
    for await (const _ of otlpSpans(going, all(), { exact }, noticed)) count++;
    return [count, noticed.open, noticed.timeless ?? 0, noticed.emptyRuns ?? 0];
  }

  it('that have no time are none that have not ended', async () => {
    const none = { start: undefined, end: undefined };
    const spans = [
      times,
      { ...times, end: undefined },
      none,
      { start: 1e15, end: 1e15 },
      { start: -1000, end: 0 },
      { ...times, end: 1e18 },
    ];
    assert.deepEqual(await left(false, spans), [1, 1, 4, 0]);
    assert.deepEqual(await left(true, spans), [3, 0, 3, 0], 'rows as they are need a start alone');
  });

  it('may be none of a run', async () => {
    assert.deepEqual(await left(true, [{ start: undefined, end: undefined }]), [0, 0, 1, 1]);
    assert.deepEqual(await left(false, [times]), [1, 0, 0, 0]);
  });
});
