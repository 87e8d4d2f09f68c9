import assert from 'node:assert/strict';
import { type Block, cut, type Message } from '../../src/core/content.ts';
import type { Mark } from '../../src/core/describe.ts';
import { glyphSvg, kindGlyphs, markGlyphs, statusGlyphs } from '../../src/core/glyphs.ts';
import type { Insight } from '../../src/core/insights/insight.ts';
import { type Span, spanKinds } from '../../src/core/model.ts';
import { readPriceOverrides } from '../../src/core/priceOverrides.ts';
import { englishWords } from '../../src/core/words.ts';
import { foldKeys } from '../../webview/insights/foldKeys.ts';
import { type Call, failureOfCall } from '../../webview/span/failedCalls.ts';
import { gist, latestFrom, sizeOf } from '../../webview/span/gist.ts';
import { isOwnPrice, priceNote, withOwnPrices } from '../../webview/span/priceNote.ts';
import { callSettings } from '../../webview/span/settings.ts';
import {
  chooseTab,
  emptySentence,
  failedBelow,
  type TabContent,
  tabsOf,
} from '../../webview/span/tabs.ts';
import { usageRows } from '../../webview/span/usageRows.ts';

const text = (content: string): Block => ({ type: 'text', text: cut(content) });
const said = (role: string, ...blocks: Block[]): Message => ({ role, blocks, answersOnly: false });
const use = (name: string, answer?: string): Block => ({
  type: 'toolUse',
  id: `id ${name}`,
  name,
  input: cut('{}'),
  result: answer === undefined ? undefined : { failed: false, blocks: [text(answer)] },
});
const definition = (label: string): Block => ({ type: 'json', label, json: cut('{}') });

const span: Span = {
  spanId: 's',
  runId: 'r',
  parentSpanId: 'p',
  name: 'llm_call',
  kind: 'llm',
  toolName: undefined,
  start: Date.UTC(2026, 10, 18),
  end: undefined,
  status: 'ok',
  recordedStatus: 'ok',
  interrupted: false,
  model: 'claude-sonnet-4-5',
  usage: {},
  cost: undefined,
  costSource: 'none',
  error: undefined,
};
const row = { ...span, children: 0, depth: 1, flaw: undefined, recovered: false, isCause: false };

describe('gist', () => {
  const of = (message: Message): string => gist(message, englishWords);

  it('is the first words of a message on one line', () => {
    assert.equal(of(said('user', text('  '), text('one\ntwo'))), 'one two');
  });

  it('names the tools that were asked for and what came back', () => {
    assert.equal(
      of(said('assistant', use('read', 'two\npages'), use('rate'))),
      'read, rate · two pages',
    );
    assert.equal(of(said('assistant', text('I read.'), use('read'))), 'read · I read.');
    assert.equal(of(said('assistant', use('read'))), 'read');
  });

  it('counts definitions', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map(definition);
    assert.equal(of(said('tools', ...names)), '6 definitions: a, b, c, d and 2 more');
    assert.equal(of(said('tools', definition('a'))), '1 definition: a');
  });

  it('says where results stand that are shown with their calls', () => {
    const blocks = [text('a'), text('b')];
    assert.match(of({ role: 'user', blocks, answersOnly: true }), /^2 tool results/);
  });

  it('is short and harmless for hostile texts', () => {
    const line = of(said('user', text(`</script>\u0000\u202e\n${'x'.repeat(1e6)}`)));
    assert.ok(line.length <= 200);
    assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
    assert.equal(of(said('user')), englishWords.emptyMessage);
  });
});

describe('latestFrom', () => {
  it('begins at the last answer of the model', () => {
    const messages = [
      said('system'),
      said('user'),
      said('assistant'),
      said('user'),
      said('assistant'),
    ];
    assert.equal(latestFrom(messages), 4);
  });

  it('is the question where nothing was answered yet', () => {
    assert.equal(latestFrom([said('system'), said('tools'), said('user')]), 2);
    assert.equal(latestFrom([said('system')]), 1);
    assert.equal(latestFrom([]), 0);
  });
});

describe('sizeOf', () => {
  it('counts whole texts, results included', () => {
    assert.equal(sizeOf([text('abc'), use('x', 'four')]), 3 + 2 + 4);
  });
});

describe('tabs', () => {
  const content: TabContent = {
    span: row,
    run: { rootSpanId: 'root', failingSpanId: undefined },
    prompt: undefined,
    response: undefined,
    tool: { useId: undefined, input: undefined, result: undefined, resultLength: undefined },
    documents: undefined,
    metadata: undefined,
    events: [],
    cause: undefined,
  };

  it('begin with the cause of a failure, and only of one', () => {
    const failed = { ...content, span: { ...row, status: 'error' as const } };
    assert.equal(tabsOf(failed)[0], 'cause');
    assert.equal(chooseTab(failed, undefined, 'metadata'), 'cause');
    assert.ok(!tabsOf(content).includes('cause'));
    assert.equal(chooseTab(content, 'cause', undefined), 'prompt');
  });

  it('of a run that failed below its root begin with that failure', () => {
    const root = {
      ...content,
      span: { ...row, spanId: 'root', kind: 'agent' as const },
      run: { rootSpanId: 'root', failingSpanId: 'tool' },
    };
    assert.equal(chooseTab(root, undefined, undefined), 'cause');
    assert.equal(failedBelow(root), 'tool');
    assert.equal(failedBelow({ ...root, span: row }), undefined, 'another span of that run');
    const self = { ...root, run: { rootSpanId: 'root', failingSpanId: 'root' } };
    assert.equal(failedBelow(self), undefined, 'the root failed by itself');
  });

  it('stay where they were while there is something to show', () => {
    const recorded = { ...content, metadata: cut('{}') };
    assert.equal(chooseTab(recorded, undefined, 'metadata'), 'metadata');
    assert.equal(chooseTab(content, undefined, 'metadata'), 'prompt');
    assert.equal(chooseTab(recorded, 'events', 'metadata'), 'events');
  });

  it('show what a span is about', () => {
    const tool = { ...content, span: { ...row, kind: 'tool' as const } };
    assert.equal(chooseTab(tool, undefined, undefined), 'tool');
    const agent = { ...content, span: { ...row, kind: 'agent' as const } };
    assert.equal(chooseTab(agent, undefined, undefined), 'raw');
  });

  it('say that what comes at the end of a call is not there yet while it is open', () => {
    const says = (part: Partial<Span>, tab: 'tool' | 'response' | 'prompt') =>
      emptySentence(tab, { ...content, span: { ...row, ...part } }, englishWords);
    const open = { status: 'running', recordedStatus: 'running' } as const;
    assert.equal(says({ kind: 'tool' }, 'tool'), englishWords.noTool);
    assert.equal(says({ kind: 'tool', ...open }, 'tool'), englishWords.notRecordedYet);
    assert.equal(says({ kind: 'llm', ...open }, 'response'), englishWords.notRecordedYet);
    assert.equal(says({ kind: 'llm', ...open }, 'prompt'), englishWords.noPrompt);
  });
});

describe('the failure that a call led to', () => {
  const call = (id: string | undefined, name: string): Call => ({
    type: 'toolUse',
    id,
    name,
    input: cut('{}'),
    result: undefined,
  });
  const failed = (spanId: string, toolName: string, toolUseId: string | undefined) => ({
    spanId,
    name: 'tool_execution',
    toolName,
    toolUseId,
    rule: 'tool-use-id' as const,
  });

  it('is told by the id of the call, of two calls of one tool too', () => {
    const calls = [call('u1', 'search'), call('u2', 'search')];
    const of = calls.map(one => failureOfCall(one, calls, [failed('bad', 'search', 'u2')])?.spanId);
    assert.deepEqual(of, [undefined, 'bad']);
  });

  it('is told by the tool only where no id was recorded and one call has it', () => {
    const [one, two, read] = [call('u1', 'search'), call('u2', 'search'), call('u3', 'read')];
    assert.equal(
      failureOfCall(read, [one, read], [failed('bad', 'read', undefined)])?.spanId,
      'bad',
    );
    assert.equal(failureOfCall(one, [one, two], [failed('bad', 'search', undefined)]), undefined);
    assert.equal(failureOfCall(read, [read], [failed('bad', 'read', 'other')]), undefined);
  });
});

describe('priceNote', () => {
  it('says the prices that hold for a call, and of which day the table is', () => {
    const model = 'claude-haiku-4-5-20251001';
    const note = priceNote({ ...row, model, usage: { input: 1 } }, englishWords);
    assert.match(
      note ?? '',
      /claude-haiku-4-5\W+per million tokens: input \$1, cache read \$0.1, cache write \$1.25 \(5m\) and \$2 \(1h\), output \$5. Price table of \d{4}-\d\d-\d\d\./,
    );
    const long = priceNote(
      { ...row, model: 'claude-haiku-5-5', usage: { input: 100_001 } },
      englishWords,
    );
    assert.match(long ?? '', /input \$0.5,/);
    assert.equal(priceNote({ ...row, model: 'gpt-99' }, englishWords), undefined);
  });

  it("names the user's own prices as such, and the parts of a cost rest on them", () => {
    const { prices } = readPriceOverrides({ 'gpt-99': { input: 2, output: 8 } });
    const table = withOwnPrices(prices);
    const span = { ...row, model: 'gpt-99', usage: { input: 1_000_000, output: 0 }, cost: 2 };
    assert.match(
      priceNote(span, englishWords, table) ?? '',
      /input \$2, .* output \$8\. From the setting agentTraces\.prices\.$/,
    );
    assert.deepEqual([isOwnPrice(span, table), isOwnPrice(row, table)], [true, false]);
    assert.equal(usageRows(span, table)[0]?.cost, '$2.00');
    assert.equal(usageRows(span)[0]?.cost, '');
  });
});

describe('usageRows', () => {
  const usage = { input: 1_000_000, cacheRead: 0, output: 1_000_000 };

  it('add up to the cost of the span', () => {
    // Long prompts of this model are billed at 6 and 22.5 dollars.
    const rows = usageRows({ ...row, usage, cost: 28.5, costSource: 'computed' });
    assert.deepEqual(
      rows.map(one => `${one.label} ${one.tokens} ${one.cost}`),
      [
        'uncachedInput 1,000,000 $6.00',
        'cacheRead 0 $0.00',
        'output 1,000,000 $22.50',
        'total 2,000,000 $28.50',
      ],
    );
  });

  it('name no parts of a cost that rests on other prices', () => {
    const rows = usageRows({ ...row, usage, cost: 1, costSource: 'recorded' });
    assert.deepEqual(
      rows.map(one => one.cost),
      ['', '', '', '$1.00'],
    );
    assert.deepEqual(usageRows(row), []);
  });
});

describe('callSettings', () => {
  it('takes objects apart and leaves the model to the header', () => {
    const settings = [
      ['model', 'm'],
      ['max_tokens', '4096'],
      ['thinking', '{"type":"enabled","budget_tokens":2048}'],
    ] as const;
    assert.deepEqual(
      callSettings({ prompt: { messages: [], omitted: 0, settings }, stopReason: 'end' }, 'Stop'),
      [
        ['Max tokens', '4,096'],
        ['Thinking type', 'enabled'],
        ['Thinking budget tokens', '2,048'],
        ['Stop', 'end'],
      ],
    );
  });
});

describe('glyphSvg', () => {
  const marks = ['none', ...Object.keys(markGlyphs)] as Mark[];
  // Tags with their attributes, self-closing or paired; nothing else.
  const tag = /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<>]*")*) ?(\/?)>/g;

  it('is well-formed for every kind and mark', () => {
    for (const kind of spanKinds) {
      for (const mark of marks) {
        const svg = glyphSvg(kind, mark, { kind: '#ccc', mark: 'url("<&' });
        const open: string[] = [];
        const rest = svg.replace(tag, (_, end: string, name: string, __, alone: string) => {
          if (end) assert.equal(open.pop(), name, svg);
          else if (!alone) open.push(name);
          return '';
        });
        assert.equal(rest, '', `${kind} ${mark}`);
        assert.deepEqual(open, []);
      }
    }
  });

  it('cuts a gap only where there is a mark', () => {
    assert.doesNotMatch(glyphSvg('llm', 'none', { kind: '#ccc', mark: '#f00' }), /mask|#f00/);
    assert.match(
      glyphSvg('llm', 'failed', { kind: '#ccc', mark: '#f00' }),
      /mask="url\(#m\)".*#f00/,
    );
  });

  it('has paths that are drawn by numbers only', () => {
    const glyphs = [kindGlyphs, markGlyphs, statusGlyphs].flatMap(all => Object.values(all).flat());
    for (const { path } of glyphs) assert.match(path, /^M[MLHVCSQTAZa-z0-9 .-]+$/);
  });
});

describe('insights above a span', () => {
  it('unfold one by one, also where two of a type are about the same span', () => {
    const insight = (type: Insight['type'], spanId: string): Insight => ({
      type,
      severity: 'warning',
      runId: 'r',
      spanIds: [spanId],
      said: { word: 'insightOrphanOne', values: ['x'] },
      evidence: [],
    });
    const all = [insight('loop', 'a'), insight('loop', 'a'), insight('loop', 'b')];
    const keys = foldKeys(all);
    assert.equal(new Set(keys).size, 3);
    assert.equal(foldKeys(all.slice(0, 1))[0], keys[0], 'it stays open when another is found');
  });
});
