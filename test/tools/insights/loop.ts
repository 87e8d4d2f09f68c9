import { type Agent, type AgentOptions, type Use, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import type { Recording } from './recording.ts';

const type = 'loop';

type Steps = (index: number) => readonly Use[];

/** A run whose turns are made by a rule. */
function turns(
  file: Recording,
  options: AgentOptions,
  count: number,
  steps: Steps,
  text = 'I go on.',
): Agent {
  const agent = file.run(options);
  for (let i = 0; i < count; i++) agent.turn(text, ...steps(i));
  return agent;
}

const searcher: AgentOptions = {
  name: 'search_agent',
  model: 'claude-sonnet-4-5',
  ask: 'What are the rate limits of the Kestrel API?',
  tools: { search: ['query', 'limit'], read_page: ['url'] },
};
const builder: AgentOptions = {
  name: 'build_agent',
  model: 'claude-opus-4-5',
  style: 'steps',
  ask: 'Make the build of src/pay.ts green. The build is B-12.',
  tools: {
    edit_file: ['path', 'old_text', 'new_text'],
    write_file: ['path', 'content'],
    run_tests: ['filter'],
    build_state: ['build'],
    read_file: ['path'],
    list_files: [],
  },
};
const shopper: AgentOptions = {
  name: 'shop_agent',
  model: 'gpt-4o',
  style: 'genai',
  ask: 'Is HW-204 there, and what does it cost?',
  tools: { stock: ['sku'], price: ['sku'], shipping: ['sku'] },
};
const bot: AgentOptions = {
  name: 'weather_loop',
  style: 'columns',
  ask: 'What is the weather in Graz?',
  tools: { get_weather: ['city'] },
};

const again = { mark: 'it' };
const nothing = { hits: [], note: 'the index is being rebuilt' };
const edit = (old_text: string, new_text: string, options = {}): Use =>
  use('edit_file', { path: 'src/pay.ts', old_text, new_text }, 'edited', options);
const red = use('run_tests', { filter: 'pay' }, 'pay: 3 passed, 1 failed');

const positives: readonly Label[] = [
  yes(type, 'the same search, again and again', 'it', file => {
    turns(file, searcher, 14, () => [
      use('search', { query: 'Kestrel API rate limits', limit: 5 }, nothing, {
        ...again,
        kind: 'retrieval',
      }),
    ]).fail('MaxTurns: stopped after 14 turns');
  }),
  yes(
    type,
    'three times is enough',
    'it',
    file => {
      turns(file, searcher, 3, () => [
        use('read_page', { url: 'https://kestrel.example/limits' }, 'Page is loading…', again),
      ]).done('I could not find them at https://kestrel.example/limits.');
    },
    { may: ['reasoning-drift'] },
  ),
  yes(type, 'the same input with its fields in another order', 'it', file => {
    turns(file, searcher, 5, i => [
      use(
        'search',
        i % 2 ? { limit: 5, query: 'Kestrel limits' } : { query: 'Kestrel limits', limit: 5 },
        nothing,
        again,
      ),
    ]).done('Nothing found.');
  }),
  yes(type, 'two tools in turns', 'it', file => {
    turns(file, shopper, 8, i => [
      i % 2
        ? use('price', { sku: 'HW-204' }, { price: null, see: 'stock' }, again)
        : use('stock', { sku: 'HW-204' }, { stock: null, see: 'price' }, again),
    ]).fail('MaxTurns: 8');
  }),
  yes(type, 'three tools in turns', 'it', file => {
    turns(file, shopper, 12, i => [
      use(
        (['stock', 'price', 'shipping'] as const)[i % 3] ?? 'stock',
        { sku: 'HW-204' },
        { wait: true },
        again,
      ),
    ]).done('I do not know.');
  }),
  yes(type, 'an edit, its reverse, and the edit again', 'it', file => {
    turns(file, builder, 6, i => [
      i % 2 ? edit('round(up)', 'round(down)', again) : edit('round(down)', 'round(up)', again),
    ]).done('Done.');
  }),
  yes(type, 'edits and reverts with the same failing tests in between', 'it', file => {
    turns(file, builder, 8, i => [
      [edit('await pay()', 'pay()', again), red, edit('pay()', 'await pay()', again), red][i % 4] ??
        red,
    ]).fail('gave up');
  }),
  yes(type, 'two contents of one file, written in turns', 'it', file => {
    turns(file, builder, 6, i => [
      use(
        'write_file',
        { path: 'src/pay.ts', content: i % 2 ? 'export const a = 1;' : 'export const a = 2;' },
        { written: 19 },
        again,
      ),
    ]).done('Done.');
  }),
  yes(type, 'recorded in columns alone', 'it', file => {
    turns(file, bot, 7, () => [use('get_weather', { city: 'Graz' }, { sky: 'unknown' }, again)]);
  }),
  yes(type, 'in a sub-agent', 'it', file => {
    const agent = file.run({
      name: 'boss',
      ask: 'Have HW-204 checked.',
      tools: { delegate: ['task'] },
    });
    agent.turn(
      'I delegate.',
      use('delegate', { task: 'Have HW-204 checked.' }, 'unclear', {
        sub: {
          options: { ...shopper, style: 'messages', model: 'claude-haiku-4-5' },
          tell: sub => {
            for (let i = 0; i < 6; i++)
              sub.turn('Once more.', use('stock', { sku: 'HW-204' }, { stock: 'unknown' }, again));
            sub.done('unclear');
          },
        },
      }),
    );
    agent.done('It is unclear.');
  }),
  yes(type, 'with other steps in between', 'it', file => {
    turns(file, builder, 12, i => [
      i % 3 === 0
        ? use('list_files', {}, ['src/pay.ts', 'src/tax.ts'], again)
        : use(
            'read_file',
            { path: i % 3 === 1 ? 'src/pay.ts' : 'src/tax.ts' },
            'export {};',
            again,
          ),
    ]).done('I see nothing.');
  }),
];

const pages = ['one', 'two', 'three', 'four', 'five', 'six'];

const negatives: readonly Label[] = [
  no(type, 'polling a build whose state changes', file => {
    const states = ['queued', 'running 10 %', 'running 45 %', 'running 80 %', 'linking', 'green'];
    turns(file, builder, 6, i => [
      use('build_state', { build: 'B-12' }, { build: 'B-12', state: states[i] }),
    ]).done('B-12 is green.');
  }),
  no(type, 'pages one after the other', file => {
    const agent = file.run({
      ...searcher,
      tools: { list_orders: ['page'] },
      ask: 'List the orders, from page 1 to page 9.',
    });
    for (let page = 1; page < 10; page++)
      agent.turn(
        'Next.',
        use('list_orders', { page }, { page, orders: [`SO-${page}`], more: page < 9 }),
      );
    agent.done('That is all.');
  }),
  no(type, 'a cursor that moves', file => {
    const agent = file.run({ ...searcher, tools: { scan: ['cursor'] }, ask: 'Scan the bucket.' });
    for (let i = 0; i < 7; i++)
      agent.turn(
        'Next.',
        use('scan', i ? { cursor: `c${i}` } : {}, { keys: [`k${i}`], cursor: `c${i + 1}` }),
      );
    agent.done('Seven keys.');
  }),
  no(type, 'tests after each of several edits', file => {
    turns(file, builder, 8, i => [
      i % 2
        ? use('run_tests', { filter: 'pay' }, `pay: ${i + 1} passed, ${7 - i} failed`)
        : edit(`line ${i}`, `line ${i}, mended`),
    ]).done('Green.');
  }),
  no(type, 'a file read again after each change', file => {
    turns(file, builder, 8, i => [
      i % 2
        ? edit(`v${i - 1}`, `v${i + 1}`)
        : use('read_file', { path: 'src/pay.ts' }, `export const version = 'v${i}';`),
    ]).done('It is v8 now.');
  }),
  no(type, 'twice the same', file => {
    turns(file, searcher, 2, () => [
      use('search', { query: 'Kestrel API rate limits', limit: 5 }, nothing),
    ]).done('Nothing is published.');
  }),
  no(type, 'the same look-up by each of four sub-agents', file => {
    const agent = file.run({
      name: 'boss',
      ask: 'Ask all four about HW-204.',
      tools: { delegate: ['task'] },
    });
    agent.turn(
      'I ask all.',
      ...pages.slice(0, 4).map(page =>
        use('delegate', { task: `Ask ${page} about HW-204.` }, 'there', {
          sub: {
            options: {
              ...shopper,
              style: 'messages',
              model: 'claude-haiku-4-5',
              name: `asker ${page}`,
            },
            tell: sub => {
              sub.turn('I look.', use('stock', { sku: 'HW-204' }, { stock: 4 }));
              sub.done('there');
            },
          },
        }),
      ),
    );
    agent.done('All have it.');
  }),
  no(type, 'different queries with the same tool', file => {
    turns(file, searcher, 6, i => [
      use('search', { query: `Kestrel API ${pages[i]}`, limit: 5 }, { hits: [`hit ${i}`] }),
    ]).done('Here they are.');
  }),
  no(type, 'an edit that was reverted once, for a reason', file => {
    const steps = [
      edit('round(down)', 'round(up)'),
      red,
      edit('round(up)', 'round(down)'),
      use('run_tests', { filter: 'pay' }, 'pay: 4 passed'),
    ];
    turns(file, builder, 4, i => [steps[i] ?? red]).done('Reverted.');
  }),
  no(type, 'a file put back as it was by a run that failed', file => {
    const steps = [edit('round(down)', 'round(up)'), red, edit('round(up)', 'round(down)'), red];
    turns(file, builder, 4, i => [steps[i] ?? red]).fail('The tests are red.');
  }),
  no(type, 'the time, asked now and then', file => {
    const agent = file.run({
      name: 'timer',
      ask: 'Tell me when it is 14:05.',
      tools: { get_time: [] },
    });
    for (let i = 0; i < 6; i++) agent.turn('Not yet.', use('get_time', {}, `14:0${i}`)).end;
    agent.done('It is 14:05.');
  }),
  no(
    type,
    'two tools in turns that get on',
    file => {
      turns(file, shopper, 8, i => [
        i % 2
          ? use('price', { sku: `HW-20${i}` }, { price: 40 + i })
          : use('stock', { sku: `HW-20${i + 1}` }, { stock: i }),
      ]).done('Four of them are there.');
    },
    { may: ['reasoning-drift'] },
  ),
  no(type, 'recorded in columns, with other cities', file => {
    const agent = file.run({
      ...bot,
      ask: 'What is the weather in Graz, Brno, Turku, Leiden and Bergen?',
    });
    for (const city of ['Graz', 'Brno', 'Turku', 'Leiden', 'Bergen'])
      agent.turn('Next.', use('get_weather', { city }, { sky: 'clear' }));
    agent.done('All clear.');
  }),
];

export const loopCases: readonly Label[] = [...positives, ...negatives];
