import assert from 'node:assert/strict';
import {
  compareRuns as compareRunsAt,
  differenceOf,
  type RunComparison,
  type RunToCompare,
  sortedNames,
} from '../../src/core/compareRuns.ts';
import type { Pair, StructuralDifference } from '../../src/core/firstDifference.ts';
import type { Span, SpanKind } from '../../src/core/model.ts';
import { summariseRun } from '../../src/core/run.ts';
import { buildTree } from '../../src/core/tree.ts';
import { span } from './support/tree.ts';

interface Step {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly tool?: string;
  readonly failed?: boolean;
  readonly more?: Partial<Span>;
  readonly below?: readonly Step[];
}

const call = (more: Partial<Span> = {}): Step => ({ name: 'llm_call', kind: 'llm', more });
const tool = (name: string, failed = false): Step => ({
  name: 'tool_execution',
  kind: 'tool',
  tool: name,
  failed,
});

/** A run as nested steps; each takes a second and starts after the one before it. */
function run(steps: readonly Step[], root: Partial<Span> = {}): RunToCompare {
  const spans: Span[] = [
    span('root', { kind: 'agent', name: 'agent', start: 0, end: 1e6, ...root }),
  ];
  const add = (step: Step, parent: string): void => {
    const at = spans.length * 1000;
    const id = `s${spans.length}`;
    spans.push(
      span(id, {
        parentSpanId: parent,
        name: step.name,
        kind: step.kind ?? 'other',
        toolName: step.tool,
        status: step.failed ? 'error' : 'ok',
        start: at,
        end: at + 1000,
        ...step.more,
      }),
    );
    for (const one of step.below ?? []) add(one, id);
  };
  for (const step of steps) add(step, 'root');
  const tree = buildTree(spans);
  return { run: summariseRun(tree, { now: later, staleAfter: 1 }), tree };
}

/** Long after all of them. */
const later = 1e9;
const compareRuns = (a: RunToCompare, b: RunToCompare): RunComparison => compareRunsAt(a, b, later);

const difference = (a: readonly Step[], b: readonly Step[]): StructuralDifference | undefined =>
  compareRuns(run(a), run(b)).difference;

const flip = <T>(pair: Pair<T> | undefined): Pair<T> | undefined =>
  pair && { a: pair.b, b: pair.a };

function mirrored({ a, b, names, namesTotal, difference: parted }: RunComparison): RunComparison {
  return {
    a: b,
    b: a,
    names: names.map(row => ({ ...row, a: row.b, b: row.a })),
    namesTotal,
    difference: parted && {
      ...parted,
      a: parted.b,
      b: parted.a,
      parent: flip(parted.parent),
      calls: flip(parted.calls),
    },
  };
}

describe('the first difference of two runs', () => {
  it('is none between equal structures, whatever they took', () => {
    assert.equal(
      difference([call({ cost: 1 }), tool('a')], [call({ end: 9e9 }), tool('a')]),
      undefined,
    );
  });

  it('is another tool, with the calls that asked for them', () => {
    const found = difference([call(), tool('read')], [call(), tool('write')]);
    assert.deepEqual(found?.path, ['agent']);
    assert.deepEqual(found?.parent, { a: 'root', b: 'root' });
    assert.equal(found?.position, 2);
    assert.deepEqual([found?.a?.toolName, found?.b?.toolName], ['read', 'write']);
    assert.deepEqual(found?.calls, { a: 's1', b: 's1' });
  });

  it('is the same tool that failed on one side only', () => {
    const found = difference([tool('read', true), call()], [tool('read'), call()]);
    assert.deepEqual([found?.a?.failed, found?.b?.failed], [true, false]);
    assert.equal(found?.calls, undefined, 'no call comes before it');
  });

  it('is where the failure began, not the root that failed with it', () => {
    const failed = run([call(), tool('read', true)], { status: 'error' });
    const found = compareRuns(failed, run([call(), tool('read')])).difference;
    assert.equal(found?.a?.toolName, 'read');
    const rootOnly = compareRuns(run([call()], { status: 'error' }), run([call()])).difference;
    assert.deepEqual(
      [rootOnly?.a?.spanId, rootOnly?.parent, rootOnly?.path],
      ['root', undefined, []],
    );
    const recovered = compareRuns(failed, run([call(), tool('read', true)])).difference;
    assert.equal(recovered?.a?.spanId, 'root', 'where nothing else differs, the root does');
  });

  it('is a span that one side lacks: at the end, and where the other goes on above', () => {
    const longer = difference([call(), tool('read'), call()], [call(), tool('read')]);
    assert.deepEqual([longer?.a?.spanId, longer?.b, longer?.position], ['s3', undefined, 3]);
    const inside: Step = { name: 'helper', kind: 'agent', below: [call(), tool('x')] };
    const shorter: Step = { ...inside, below: [call()] };
    const found = difference([inside, tool('end')], [shorter, tool('end')]);
    assert.deepEqual(found?.path, ['agent', 'helper']);
    assert.deepEqual([found?.a?.toolName, found?.b, found?.position], ['x', undefined, 2]);
    assert.deepEqual(found?.calls, { a: 's2', b: 's2' }, 'the counterpart of the call');
  });

  it('is the call itself where calls differ', () => {
    const found = difference([call()], [{ ...call(), name: 'llm_retry' }]);
    assert.deepEqual(found?.calls, { a: 's1', b: 's1' });
  });

  it('names a deep place by its beginning and end', () => {
    const nest = (depth: number, last: string): Step => {
      let step: Step = { name: last };
      for (let i = depth; i > 0; i--) step = { name: `n${i}`, below: [step] };
      return step;
    };
    const path = difference([nest(50, 'x')], [nest(50, 'y')])?.path ?? [];
    assert.equal(path.length, 12);
    assert.deepEqual([path[0], path[2], path.at(-1)], ['agent', '…', 'n50']);
  });

  it('is found in runs of 20,000 spans that nest as deep', () => {
    const deep = (last: string): RunToCompare => {
      const spans = Array.from({ length: 20_000 }, (_, i) =>
        span(`s${i}`, {
          ...(i > 0 && { parentSpanId: `s${i - 1}` }),
          name: i === 19_999 ? last : 'step',
          start: i,
          end: i + 1,
        }),
      );
      const tree = buildTree(spans);
      return { run: summariseRun(tree, { now: later, staleAfter: 1 }), tree };
    };
    const found = compareRuns(deep('x'), deep('y')).difference;
    assert.deepEqual([found?.a?.name, found?.b?.name], ['x', 'y']);
  });
});

describe('compareRuns', () => {
  const priced = (cost: number | undefined, input: number, output: number): Step =>
    call({
      cost,
      costSource: cost === undefined ? 'unpriced' : 'recorded',
      usage: { input, output },
    });

  it('counts what runs did and took, unpriced calls apart', () => {
    const { a, b } = compareRuns(
      run([priced(0.5, 10, 1), tool('x', true)]),
      run([priced(undefined, 20, 2), priced(0.25, 5, 1)]),
    );
    const { spans, llmCalls, toolCalls, failed, duration, cost, usage } = a.figures;
    assert.deepEqual(
      [spans, llmCalls, toolCalls, failed, duration, cost, usage.input],
      [3, 1, 1, 1, 1e6, 0.5, 10],
    );
    assert.deepEqual(
      [b.figures.cost, b.figures.pricedCost, b.figures.unpricedCalls],
      [undefined, 0.25, 1],
    );
  });

  it('has a row for each name of either side, tools by their own', () => {
    const { names } = compareRuns(
      run([tool('x'), tool('x'), priced(1, 1, 1)]),
      run([tool('y'), priced(3, 2, 2)]),
    );
    const row = (name: string) => names.find(one => one.name === name);
    assert.deepEqual(
      [row('x')?.a?.spans, row('x')?.a?.duration, row('x')?.b],
      [2, 2000, undefined],
    );
    assert.equal(row('y')?.a, undefined);
    assert.deepEqual([row('llm_call')?.a?.cost, row('llm_call')?.b?.cost], [1, 3]);
    assert.equal(row('tool_execution'), undefined);
  });

  it('bounds the names, and says how many there are', () => {
    const many = Array.from({ length: 700 }, (_, i): Step => ({ name: `n${i}` }));
    const { names, namesTotal } = compareRuns(run(many), run([]));
    assert.deepEqual([names.length, namesTotal], [500, 701]);
  });

  it('counts a run that is running up to now, as its row in the list does', () => {
    const running = run([call({ status: 'running', end: undefined })], {
      status: 'running',
      end: undefined,
    });
    const now = 5_000;
    const live = { ...running, run: { ...running.run, status: 'running' as const } };
    assert.equal(compareRunsAt(live, run([]), now).a.figures.duration, now);
  });

  it('sorts names by how much they differ, unknown differences last', () => {
    const { names } = compareRuns(
      run([tool('x'), priced(1, 5, 0), { ...priced(undefined, 1, 0), name: 'z' }]),
      run([tool('x'), tool('x'), priced(4, 2, 0), { ...priced(1, 9, 0), name: 'z' }]),
    );
    const by = (measure: Parameters<typeof sortedNames>[1], ascending = false) =>
      sortedNames(names, measure, ascending).map(one => one.name);
    assert.deepEqual(by('cost').slice(0, 1), ['llm_call']);
    assert.equal(by('cost').at(-1), 'z', 'one side is unpriced');
    assert.equal(by('cost', true).at(-1), 'z');
    assert.equal(by('tokens')[0], 'z');
    assert.equal(by('tokens', true)[0], 'llm_call');
    assert.equal(by('spans')[0], 'x');
    assert.deepEqual(by('name', true), ['agent', 'llm_call', 'x', 'z']);
  });

  it('knows no difference to what is unknown', () => {
    assert.equal(differenceOf(1, 3), 2);
    assert.equal(differenceOf(undefined, 3), undefined);
    assert.equal(differenceOf(0, undefined), undefined);
  });

  it('finds no difference of a run to itself, and mirrors when the sides are swapped', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const steps = (depth: number): Step[] =>
      Array.from({ length: random(4) }, (): Step => {
        const kind = (['llm', 'tool', 'agent'] as const)[random(3)] ?? 'llm';
        return {
          name: `${kind}${random(2)}`,
          kind,
          failed: random(5) === 0,
          ...(kind === 'tool' && { tool: `t${random(2)}` }),
          more: { usage: random(2) ? { input: random(9) } : {}, end: random(9) ? 1e5 : undefined },
          below: depth > 0 ? steps(depth - 1) : [],
        };
      });
    let parted = 0;
    for (let i = 0; i < 300; i++) {
      const [a, b] = [run(steps(3)), run(steps(3))];
      const itself = compareRuns(a, a);
      assert.equal(itself.difference, undefined);
      assert.deepEqual(itself.a, itself.b);
      for (const row of itself.names) assert.deepEqual(row.a, row.b);
      const there = compareRuns(a, b);
      assert.deepEqual(mirrored(compareRuns(b, a)), there);
      if (there.difference) parted++;
    }
    assert.ok(parted > 200, `${parted} pairs were different`);
  });
});
