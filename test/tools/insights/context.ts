import { type Agent, type AgentOptions, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { fileOf } from './promptCache.ts';
import type { Recording } from './recording.ts';

const type = 'context-growth';

const tools = { read_chapter: ['number'] };
const reader = (model: string, more: Partial<AgentOptions> = {}): AgentOptions => ({
  name: 'book_reader',
  model,
  system: 'You read a book chapter by chapter and answer questions about it.',
  ask: 'Who is the narrator? Read chapter 1 and those after it.',
  tools,
  ...more,
});

/** Chapters that are handed over as files, so that a call of 170,000 tokens is no file of a megabyte here. */
function read(
  file: Recording,
  options: AgentOptions,
  chapters: readonly number[],
  mark = true,
): Agent {
  const agent = file.run(options);
  chapters.forEach((tokens, at) => {
    agent.turn(
      { text: `I read chapter ${at + 1}.`, ms: 2400 },
      use('read_chapter', { number: at + 1 }, `Chapter ${at + 1} is attached.`),
    );
    agent.ask([fileOf(`file_${file.runId.slice(0, 8)}_${at}`, tokens)]);
  });
  agent.done({ text: 'The narrator is the cook.', ms: 3000, ...(mark && { mark: 'it' }) });
  return agent;
}

const may = ['cost-spike'] as const;
const growing = (count: number, from: number, to: number): readonly number[] => {
  const step = (to / from) ** (1 / count);
  return Array.from({ length: count }, (_, at) => Math.round(from * step ** at * (step - 1)));
};

const near: readonly (readonly [
  name: string,
  options: AgentOptions,
  chapters: readonly number[],
])[] = [
  ['85 % of 200,000 tokens', reader('claude-haiku-4-5'), [30_000, 40_000, 50_000, 49_000]],
  ['95 % of the window', reader('claude-sonnet-4-5', { style: 'steps' }), [60_000, 60_000, 69_000]],
  [
    'most of it read from the cache',
    reader('claude-opus-4-5', { cached: 5 }),
    [50_000, 60_000, 56_000],
  ],
  [
    'a smaller window, of another provider',
    reader('gpt-4o', { style: 'genai' }),
    [40_000, 38_000, 36_000],
  ],
  [
    'a window of a million',
    reader('gemini-2.5-pro', { style: 'genai' }),
    [300_000, 320_000, 330_000],
  ],
  [
    'recorded in columns alone',
    reader('claude-haiku-4-5', { style: 'columns' }),
    [70_000, 60_000, 48_000],
  ],
  ['an older model', reader('claude-opus-4-1'), [82_000, 84_000]],
  [
    'a small model of another provider',
    reader('gpt-4o-mini', { style: 'genai' }),
    [50_000, 61_000],
  ],
];

const positives: readonly Label[] = [
  ...near.map(([name, options, chapters]) =>
    yes(type, name, 'it', file => void read(file, options, chapters), { may }),
  ),
  yes(type, 'a sub-agent near its window', 'it', file => {
    const agent = file.run({
      name: 'editor',
      model: 'claude-haiku-4-5',
      ask: 'Have the book read.',
      tools: { delegate: ['task'] },
    });
    agent.turn(
      'I delegate.',
      use('delegate', { task: 'Have the book read.' }, 'The cook.', {
        sub: {
          options: reader('claude-haiku-4-5'),
          tell: sub => {
            sub.ask([fileOf('file_book', 178_000)]);
            sub.done({ text: 'The cook.', mark: 'it' });
          },
        },
      }),
    );
    agent.done('The narrator is the cook.');
  }),
  yes(
    type,
    'a prompt that is too long, as the provider says',
    'it',
    file => {
      const agent = read(file, reader('claude-sonnet-4-5'), [90_000, 95_000]);
      agent.ask([fileOf('file_more', 30_000)]);
      agent.call({
        error: '400 invalid_request_error: prompt is too long: 216113 tokens > 200000 maximum',
        metadata: { http_status: 400, error_type: 'invalid_request_error' },
      });
      agent.fail('400 invalid_request_error: prompt is too long: 216113 tokens > 200000 maximum');
    },
    { may: ['cost-spike', 'truncation'] },
  ),
  yes(
    type,
    'a call that grows sixtyfold in twelve steps',
    'it',
    file => {
      read(file, reader('claude-haiku-4-5'), growing(12, 1900, 124_000));
    },
    { may },
  ),
  yes(
    type,
    'steady growth, run after run of tools, to two thirds of the window',
    'it',
    file => {
      read(
        file,
        reader('claude-sonnet-4-5'),
        Array.from({ length: 20 }, () => 6600),
      );
    },
    { may },
  ),
];

const negatives: readonly Label[] = [
  no(type, 'half of the window, from the first call on', file => {
    const agent = file.run(
      reader('claude-haiku-4-5', {
        ask: [fileOf('file_half', 98_000), { type: 'text', text: 'Who is the narrator?' }],
      }),
    );
    agent.call({ text: 'The cook, I think.' });
    agent.ask('Are you sure?');
    agent.done('Yes, the cook.');
  }),
  no(
    type,
    'a little more with each call',
    file => void read(file, reader('claude-sonnet-4-5'), [900, 700, 1100, 800], false),
  ),
  no(type, 'a window of a million that was asked for', file => {
    const agent = file.run(
      reader('claude-sonnet-4-5', {
        ask: [fileOf('file_large', 240_000), { type: 'text', text: 'Who is the narrator?' }],
      }),
    );
    agent.call({ text: 'The cook, I think.', metadata: { betas: ['context-1m-2025-08-07'] } });
    agent.ask('Are you sure?');
    agent.done({ text: 'Yes, the cook.', metadata: { betas: ['context-1m-2025-08-07'] } });
  }),
  no(type, 'a third of a large window', file => {
    const agent = file.run(
      reader('gemini-2.5-pro', {
        style: 'genai',
        ask: [fileOf('file_third', 330_000), { type: 'text', text: 'Who is the narrator?' }],
      }),
    );
    agent.done('The cook.');
  }),
  no(
    type,
    'a million tokens over many small calls',
    file => {
      const agent = file.run({ ...reader('claude-haiku-4-5'), ask: 'Label the sentences.' });
      for (let i = 0; i < 24; i++) {
        agent.messages = [];
        agent.ask([fileOf(`file_part_${i % 5}`, 40_000 + (i % 5) * 300)]);
        agent.call({ text: `Labelled part ${i}.` });
      }
      agent.end('labelled');
    },
    { may: ['cache-miss'] },
  ),
  no(
    type,
    'compacted whenever it is half full',
    file => {
      const agent = file.run(reader('claude-sonnet-4-5'));
      for (let i = 0; i < 9; i++) {
        agent.turn(
          { text: `I read chapter ${i + 1}.` },
          use('read_chapter', { number: i + 1 }, 'It is attached.'),
        );
        agent.ask([fileOf(`file_c_${i}`, 30_000)]);
        if (i % 3 === 2)
          agent.messages = [
            { role: 'user', content: `So far: the cook tells the story, up to chapter ${i + 1}.` },
          ];
      }
      agent.done('The cook.');
    },
    { may: ['truncation', 'cache-miss', 'reasoning-drift'] },
  ),
  no(
    type,
    'one large document, then without it',
    file => {
      const agent = file.run(reader('claude-haiku-4-5'));
      agent.ask([fileOf('file_once', 110_000)]);
      agent.call({ text: 'A summary of it.' });
      agent.messages = [{ role: 'user', content: 'Who is the narrator, by this summary?' }];
      agent.done('The cook.');
    },
    { may: ['reasoning-drift', 'cache-miss'] },
  ),
  no(type, 'sub-agents with a context of their own', file => {
    const agent = file.run({
      name: 'editor',
      model: 'claude-haiku-4-5',
      ask: 'Have all five books read.',
      tools: { delegate: ['book'] },
    });
    agent.turn(
      'I delegate.',
      ...[1, 2, 3, 4, 5].map(book =>
        use('delegate', { book }, 'read', {
          sub: {
            options: { ...reader('claude-haiku-4-5'), name: `reader ${book}` },
            tell: sub => {
              sub.ask([fileOf(`file_book_${book}`, 60_000 + book * 2000)]);
              sub.done('read');
            },
          },
        }),
      ),
    );
    agent.done('All five were read.');
  }),
  no(
    type,
    'a model of unknown window',
    file => {
      const agent = file.run(
        reader('acme-large-2', {
          ask: [fileOf('file_acme', 150_000), { type: 'text', text: 'Who is the narrator?' }],
        }),
      );
      agent.done('The cook.');
    },
    { has: { unpriced: '' } },
  ),
  no(type, 'two calls', file => void read(file, reader('claude-haiku-4-5'), [5000], false)),
  no(type, 'a conversation of twenty short turns', file => {
    const agent = file.run(reader('claude-haiku-4-5', { ask: 'Let us talk.' }));
    for (let i = 0; i < 20; i++) {
      agent.call({ text: `I see, ${i}.` });
      agent.ask(`And then, in the ${i + 2}th year?`);
    }
    agent.done('So it was.');
  }),
];

export const contextCases: readonly Label[] = [...positives, ...negatives];
