import assert from 'node:assert/strict';
import type { Insight } from '../../src/core/insights/insight.ts';
import { defaultThresholds } from '../../src/core/insights/thresholds.ts';
import type { Log } from '../../src/extension/log.ts';
import type { Platform } from '../../src/extension/platform.ts';
import type { InsightsPage, InsightsRequest } from '../../src/protocol/analysis.ts';
import { mostListed } from '../../src/protocol/insightList.ts';
import type { ReaderApi } from '../../src/protocol/reader.ts';
import { runOf } from './support/runs.ts';
import { Uri } from './support/vscode.ts';

const { insightHandlers } = await import('../../src/extension/insightHandlers.ts');
const { Insights } = await import('../../src/extension/insights.ts');
const { TraceFiles } = await import('../../src/extension/traceFiles.ts');

const insight = (runId: string, severity: Insight['severity'] = 'warning'): Insight => ({
  type: 'loop',
  severity,
  runId,
  spanIds: [`${runId}-span`],
  said: { word: 'insightOrphanOne', values: ['x'] },
  evidence: [],
});

const page = (done: number, of: number, ...insights: readonly Insight[]): InsightsPage => ({
  insights,
  done,
  of,
  partial: false,
});

const first = page(1, 2, insight('a'));
const whole = page(2, 2, insight('a'), insight('b', 'error'));

/** A file whose reader gives these pages in turn, and the last one for ever; a string is a failure. */
function looking(...pages: readonly (InsightsPage | string)[]) {
  const asked: InsightsRequest[] = [];
  const logged: string[] = [];
  const named: (readonly string[])[] = [];
  let totals = { runs: 2, running: 0, share: undefined as number | undefined };
  let onAsk = (): unknown => undefined;
  let onOpen = (): unknown => undefined;
  const reader = {
    open: async (file: string) => ({ file, stamp: await onOpen() }),
    close: async () => undefined,
    totals: async () => totals,
    runs: async () => ({ runs: [runOf('b', { name: 'bee' }), runOf('a')], matching: 2 }),
    run: async (_: string, runId: string) => runOf(runId),
    spanRows: async (_: string, __: string, spanIds: readonly string[]) => {
      named.push(spanIds);
      const span = { name: 'tool_execution', toolName: 'search', kind: 'tool', status: 'error' };
      return spanIds.filter(one => one !== 'gone').map(spanId => ({ ...span, spanId }));
    },
    insights: async (_: string, request: InsightsRequest) => {
      asked.push(request);
      const answer = pages[Math.min(asked.length, pages.length) - 1];
      await onAsk();
      if (typeof answer !== 'object') throw new Error(answer);
      return answer;
    },
  } as unknown as ReaderApi;
  const log = { info: () => undefined, error: (line: string) => logged.push(line) };
  const files = new TraceFiles(
    { reader, readsPaths: true } as unknown as Platform,
    log as unknown as Log,
  );
  const thresholds = { ...defaultThresholds };
  const waits = { first: 100, between: 120 };
  const insights = new Insights(files, log as unknown as Log, () => ({ ...thresholds }), waits);
  const changed: string[] = [];
  insights.onDidChange(file => changed.push(file));
  const { id } = files.add(Uri.file('/a.db') as unknown as Parameters<typeof files.add>[0], true);
  const looked = () =>
    new Promise<void>(resolve => {
      const listening = insights.onDidLook(() => {
        listening.dispose();
        resolve();
      });
    });
  return {
    ...{ files, id, insights, asked, changed, looked, logged, named, thresholds },
    setTotals: (more: Partial<typeof totals>) => {
      totals = { ...totals, ...more };
    },
    whenAsked: (act: () => unknown) => {
      onAsk = act;
    },
    /** @param act gives the state in which the file is found */
    whenOpened: (act: () => unknown) => {
      onOpen = act;
    },
  };
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('insights of a file', () => {
  it('are asked for page by page with one question, once it is read', async () => {
    const { files, id, insights, asked, changed, looked } = looking(first, whole);
    assert.equal(insights.get(id), undefined);
    const done = looked();
    await files.open(id);
    assert.equal(asked.length, 0, 'whoever opened it is not kept waiting');
    await done;
    assert.equal(asked.length, 2);
    assert.equal(asked[0], asked[1], 'with another time it would be another question');
    assert.deepEqual(asked[0]?.of, { newest: 200 });
    assert.equal(insights.get(id)?.state, 'known');
    assert.deepEqual(insights.ofRun(id, 'b'), [insight('b', 'error')]);
    assert.deepEqual(insights.ofRun(id, 'c'), []);
    assert.deepEqual(changed, [id]);
    insights.dispose();
  });

  it('are not told again where they are the same', async () => {
    const { files, id, insights, changed, looked, thresholds } = looking(whole);
    let done = looked();
    await files.open(id);
    await done;
    done = looked();
    thresholds.retries = 9;
    insights.again();
    await done;
    assert.deepEqual(changed, [id]);
    insights.dispose();
  });

  it('are found anew with other thresholds, and a look with the former ones is left', async () => {
    const test = looking(first, first, whole);
    const { files, id, insights, asked, looked, thresholds } = test;
    test.whenAsked(() => {
      if (asked.length !== 2) return;
      thresholds.loopRepeats = 7;
      insights.again();
    });
    const done = looked();
    await files.open(id);
    await done;
    assert.deepEqual(
      asked.map(one => one.thresholds.loopRepeats),
      [3, 3, 7],
    );
    insights.dispose();
  });

  it('are found anew when the last run that was running is not any more', async () => {
    const test = looking(whole);
    const { files, id, insights, asked, looked } = test;
    test.setTotals({ running: 1 });
    let done = looked();
    await files.open(id);
    await done;
    // Nothing is written any more: that it is stuck is only seen by the time.
    test.setTotals({ running: 0 });
    done = looked();
    await files.rejudge(id);
    await done;
    assert.equal(asked.length, 2);
    insights.dispose();
  }).timeout(10_000);

  it('wait for all of it to be read, and for following', async () => {
    const test = looking(whole);
    const { files, id, insights, asked, looked } = test;
    test.setTotals({ share: 0.5 });
    await files.open(id);
    await pause(300);
    assert.equal(asked.length, 0);
    await files.follow(id, false);
    test.setTotals({ share: undefined });
    await files.recount(id);
    await pause(300);
    assert.equal(asked.length, 0, 'a paused file stays as it is shown');
    const done = looked();
    await files.follow(id, true);
    await done;
    assert.equal(asked.length, 1);
    insights.dispose();
  });

  it('are found also where the file is just read again, and then is the same', async () => {
    const test = looking(whole);
    const { files, id, insights, asked, looked } = test;
    test.whenOpened(() => 'as it was');
    const done = looked();
    await files.open(id);
    const reading = Promise.withResolvers<string>();
    test.whenOpened(() => reading.promise);
    const again = files.refresh(id);
    await pause(300);
    assert.equal(asked.length, 0, 'what is asked waits for that');
    reading.resolve('as it was');
    await again;
    await done;
    assert.equal(asked.length, 1);
    insights.dispose();
  });

  it('are asked for one part at a time, however many files there are', async () => {
    const test = looking(whole);
    const { files, id, insights, asked } = test;
    let open = 0;
    let most = 0;
    test.whenAsked(async () => {
      most = Math.max(most, ++open);
      await pause(5);
      open--;
    });
    const ids = [id];
    for (const name of ['b', 'c', 'd']) {
      const uri = Uri.file(`/${name}.db`) as unknown as Parameters<typeof files.add>[0];
      ids.push(files.add(uri, true).id);
    }
    const told = new Promise<void>(resolve => {
      insights.onDidChange(() => ids.every(one => insights.get(one)) && resolve());
    });
    await Promise.all(ids.map(one => files.open(one)));
    await told;
    assert.deepEqual([asked.length, most], [4, 1]);
    insights.dispose();
  });

  it('of a file that is closed meanwhile are let go, and nothing more is asked', async () => {
    const test = looking(first);
    const { files, id, insights, asked, changed } = test;
    const closed = new Promise<void>(resolve => {
      test.whenAsked(async () => {
        if (asked.length !== 3) return;
        await files.close(id);
        resolve();
      });
    });
    await files.open(id);
    await closed;
    await pause(50);
    assert.equal(asked.length, 3);
    assert.equal(insights.get(id), undefined);
    assert.deepEqual(changed, [id]);
    insights.dispose();
  });

  it('that cannot be found are logged, and said to be missing', async () => {
    const { files, id, insights, logged } = looking('boom');
    const told = new Promise(resolve => insights.onDidChange(resolve));
    await files.open(id);
    await told;
    assert.equal(insights.get(id)?.state, 'failed');
    assert.match(logged[0] ?? '', /boom/);
    insights.dispose();
  });
});

describe('what a page gets of insights', () => {
  const all = { filter: 'all' } as const;

  it('has the name of each run, the gravest first', async () => {
    const { files, id, insights, looked } = looking(whole);
    const handlers = insightHandlers({ files, insights });
    assert.equal((await handlers.insights(id, all)).state, 'waiting');
    const done = looked();
    await files.open(id);
    await done;
    const list = await handlers.insights(id, all);
    assert.deepEqual(
      list.rows.map(({ insight: { severity }, run }) => [severity, run.name]),
      [
        ['error', 'bee'],
        ['warning', 'agent'],
      ],
    );
    assert.deepEqual([list.total, list.all, list.state], [2, 2, 'known']);
    insights.dispose();
  });

  it('marks every run that has one that alarms, also where the list ends before it', async () => {
    const many = Array.from({ length: mostListed + 1 }, () => insight('b', 'error'));
    const { files, id, insights, looked } = looking(page(2, 2, ...many, insight('a')));
    const done = looked();
    await files.open(id);
    await done;
    const list = await insightHandlers({ files, insights }).insights(id, all);
    assert.equal(list.rows.length, mostListed);
    assert.ok(list.rows.every(({ insight: { runId } }) => runId === 'b'));
    assert.deepEqual(
      list.marks.map(([runId, { said, more }]) => [runId, said.length, more]),
      [
        ['b', 5, mostListed - 4],
        ['a', 1, 0],
      ],
    );
    insights.dispose();
  });

  it('of a span is what is about it; of a root all of its run', async () => {
    const { files, id, insights, looked } = looking(whole);
    const handlers = insightHandlers({ files, insights });
    const done = looked();
    await files.open(id);
    await done;
    const about = async (spanId: string) =>
      (await handlers.spanInsights({ file: id, spanId }, 'a')).length;
    assert.deepEqual(
      [await about('a-span'), await about('a-root'), await about('other')],
      [1, 1, 0],
    );
    insights.dispose();
  });

  it('of an older run is looked for when it is asked for', async () => {
    const older = { ...page(2, 2, insight('a')), partial: true };
    const { files, id, insights, asked, looked } = looking(older, page(1, 1, insight('old')));
    const done = looked();
    await files.open(id);
    await done;
    assert.equal((await insights.find(id, 'old')).length, 1);
    assert.deepEqual(asked.at(-1)?.of, { runId: 'old' });
    insights.dispose();
  });

  it('of other spans is their names, with one question however far apart they are', async () => {
    const { files, id, insights, named } = looking(whole);
    const handlers = insightHandlers({ files, insights });
    const names = await handlers.spanNames({ file: id, runId: 'a' }, ['s1', 'gone', 's90000']);
    assert.deepEqual(
      names.map(({ spanId, name, failed }) => [spanId, name, failed]),
      [
        ['s1', 'search', true],
        ['s90000', 'search', true],
      ],
    );
    assert.deepEqual(named, [['s1', 'gone', 's90000']]);
    insights.dispose();
  });

  it('is not asked for any more once the page has left', async () => {
    const { files, id, insights, looked } = looking(whole);
    const left = new AbortController();
    const handlers = insightHandlers({ files, insights }, left.signal);
    const done = looked();
    await files.open(id);
    await done;
    left.abort();
    const ask = handlers.spanInsights({ file: id, spanId: 'a-span' }, 'a');
    await assert.rejects(async () => ask, { code: 'cancelled' });
    insights.dispose();
  });

  it('is refused where a page asks for what there is not', async () => {
    const { files, id, insights } = looking(whole);
    const handlers = insightHandlers({ files, insights });
    const wrong = [
      () => handlers.insights(id, { filter: 'none' } as never),
      () => handlers.costs(id, { ...all, zone: 0, at: 0, by: 'colour' } as never),
      () => handlers.costs(id, { ...all, zone: 0, by: 'tool' } as never),
      () => handlers.spanNames({ file: id, runId: 'a' }, 'x' as never),
    ];
    for (const ask of wrong) await assert.rejects(async () => ask(), { code: 'unexpected' });
    insights.dispose();
  });
});
