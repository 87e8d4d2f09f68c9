import type { Json } from '../sample/conversation.ts';
import { type Agent, type AgentOptions, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { minute, type Recording } from './recording.ts';

const type = 'cache-miss';

/** Some 2,500 tokens: long enough to be cached. */
const handbook = 'You help the desk of a library. '.concat(
  'Answer from the handbook, name the section, and ask when two sections disagree. '.repeat(115),
);
const desk: AgentOptions = {
  name: 'library_desk',
  model: 'claude-sonnet-4-5',
  system: handbook,
  cached: 5,
  ask: 'How long may I keep a book?',
  tools: { find_section: ['topic'], read_section: ['section'], note: ['text'] },
};

/** A desk that looks things up; before each call, something may change. */
function run(
  file: Recording,
  options: AgentOptions,
  calls: number,
  change: (agent: Agent, call: number) => void = () => undefined,
  mark: (call: number) => boolean = () => false,
): Agent {
  const agent = file.run({ ...desk, ...options });
  for (let i = 0; i < calls; i++) {
    change(agent, i);
    agent.turn(
      { text: `I look, ${i}.`, ...(mark(i) && { mark: 'it' }) },
      use(
        'find_section',
        { topic: 'keep a book' },
        `Section ${i + 3}: ${'Books are lent for four weeks, films for one. '.repeat(40)}`,
      ),
    );
  }
  change(agent, calls);
  return agent.done({ text: 'Four weeks.', ...(mark(calls) && { mark: 'it' }) });
}
const at = (wanted: number) => (call: number) => call === wanted;
const fromSecond = (call: number): boolean => call > 0;
// Each call asks for the same; whether that is a loop as well is not the question here.
const may = ['loop', 'cost-spike'] as const;

/** A message whose results are no longer in it. */
const cleared = (one: Json): Json =>
  Array.isArray(one.content)
    ? {
        ...one,
        content: (one.content as Json[]).map(block =>
          block.type === 'tool_result' ? { ...block, content: '[cleared]' } : block,
        ),
      }
    : one;

const changes: readonly (readonly [
  name: string,
  options: Partial<AgentOptions>,
  change: (agent: Agent, call: number) => void,
  mark: (call: number) => boolean,
])[] = [
  [
    'the time in the system prompt',
    {},
    (agent, i) => {
      agent.system = `It is 14:0${i}:2${i}. ${handbook}`;
    },
    fromSecond,
  ],
  [
    'tools in another order',
    { style: 'steps' },
    (agent, i) => {
      if (i === 2 && agent.tools) agent.tools = [...agent.tools].reverse();
    },
    at(2),
  ],
  [
    'a tool more than before',
    {},
    (agent, i) => {
      if (i === 2)
        agent.tools = [
          { name: 'aloud', description: 'Reads aloud.', input_schema: {} },
          ...(agent.tools ?? []),
        ];
    },
    at(2),
  ],
  [
    'a result that was taken out of the conversation',
    { model: 'claude-opus-4-1' },
    (agent, i) => {
      if (i === 4)
        agent.messages = agent.messages.map((one, place) =>
          place === 2
            ? {
                ...one,
                content: (one.content as Json[]).map(block => ({ ...block, content: '[removed]' })),
              }
            : one,
        );
    },
    at(4),
  ],
  [
    'another system prompt in the middle',
    {},
    (agent, i) => {
      if (i === 3) agent.system = `${handbook} Be brief.`.replace('You help', 'You kindly help');
    },
    at(3),
  ],
  [
    'an id of the request in the first message',
    {},
    (agent, i) => {
      agent.messages = [
        { role: 'user', content: `[req ${4411 + i * 17}] How long may I keep a book?` },
        ...agent.messages.slice(1),
      ];
      agent.system = handbook;
    },
    fromSecond,
  ],
  [
    'a date in a tool’s description',
    { style: 'steps' },
    (agent, i) => {
      agent.tools = agent.tools?.map(tool => ({
        ...tool,
        description: `${tool.description} State of call ${i}.`,
      }));
    },
    fromSecond,
  ],
  [
    'the oldest messages left out',
    {},
    (agent, i) => {
      if (i === 5) agent.messages = [agent.messages[0] ?? {}, ...agent.messages.slice(5)];
    },
    at(5),
  ],
  [
    'documents put before the question',
    { model: 'claude-sonnet-4' },
    (agent, i) => {
      if (i === 3)
        agent.messages = [{ role: 'user', content: 'Document: opening hours.' }, ...agent.messages];
    },
    at(3),
  ],
  [
    'one word of the question mended',
    { cached: 60 },
    (agent, i) => {
      if (i === 2)
        agent.messages = [
          { role: 'user', content: 'How long can I keep a book?' },
          ...agent.messages.slice(1),
        ];
    },
    at(2),
  ],
];

const positives: readonly Label[] = [
  ...changes.map(([name, options, change, mark]) =>
    yes(type, name, 'it', file => void run(file, { ...desk, ...options }, 6, change, mark), {
      may: [...may, 'reasoning-drift'],
    }),
  ),
  yes(
    type,
    'in a sub-agent',
    'it',
    file => {
      const agent = file.run({
        name: 'front',
        ask: 'Ask the desk how long books may be kept.',
        tools: { ask_desk: ['question'] },
      });
      agent.turn(
        'I ask.',
        use('ask_desk', { question: 'how long books may be kept' }, 'Four weeks.', {
          sub: {
            options: desk,
            tell: sub => {
              for (let i = 0; i < 4; i++) {
                sub.system = `Session ${i * 731}. ${handbook}`;
                sub.turn(
                  { text: `I look, ${i}.`, ...(i > 0 && { mark: 'it' }) },
                  use('find_section', { topic: `books ${i}` }, `Section ${i}.`),
                );
              }
              sub.done({ text: 'Four weeks.', mark: 'it' });
            },
          },
        }),
      );
      agent.done('Four weeks.');
    },
    { may: [...may, 'reasoning-drift'] },
  ),
];

const negatives: readonly Label[] = [
  no(
    type,
    'the first call, which fills the cache',
    file => void file.run(desk).done('Four weeks.'),
  ),
  no(type, 'a conversation that only grows', file => void run(file, desk, 6), { may }),
  no(
    type,
    'large results cleared, which saves more than it costs',
    file => {
      const agent = file.run(desk);
      for (let i = 0; i < 5; i++) {
        const section = `Section ${i}: ${'Books are lent for four weeks. '.repeat(900)}`;
        agent.turn(`I look, ${i}.`, use('read_section', { section: `books ${i}` }, section));
      }
      agent.messages = agent.messages.map(cleared);
      agent.done('Four weeks.');
    },
    { may: ['context-growth'] },
  ),
  no(
    type,
    'a pause of six minutes, in which the cache expired',
    file => {
      run(file, desk, 5, (agent, i) => {
        if (i === 3) agent.wait(6 * minute);
      });
    },
    { may },
  ),
  no(
    type,
    'a changed prompt after a pause of ten minutes, when nothing was left to hit',
    file => {
      run(file, desk, 4, (agent, i) => {
        if (i !== 2) return;
        agent.wait(10 * minute);
        agent.system = `${handbook} Be brief.`.replace('You help', 'You kindly help');
      });
    },
    { may: [...may, 'reasoning-drift'] },
  ),
  no(
    type,
    'a changing prompt without a wish for caching',
    file => {
      const agent = file.run({
        name: 'plain_desk',
        model: 'claude-haiku-4-5',
        ask: 'How long may I keep a book?',
        system: handbook,
      });
      for (let i = 0; i < 5; i++) {
        agent.system = `It is 14:0${i}. ${handbook}`;
        agent.call({ text: `Four weeks, ${i}.` });
        agent.ask('And a film?');
      }
      agent.done('One week.');
    },
    { may: ['reasoning-drift'] },
  ),
  no(
    type,
    'a prompt too short to be cached',
    file => {
      const agent = file.run({
        ...desk,
        name: 'short_desk',
        system: 'It is 14:00. You help the desk.',
      });
      for (let i = 0; i < 4; i++) {
        agent.system = `It is 14:0${i}. You help the desk.`;
        agent.call({ text: 'Four weeks.' });
        agent.ask(`And book ${i}?`);
      }
      agent.done('Four weeks.');
    },
    { may: ['reasoning-drift'] },
  ),
  no(
    type,
    'kept for an hour, over a pause of twenty minutes',
    file => {
      run(file, { ...desk, cached: 60 }, 4, (agent, i) => {
        if (i === 2) agent.wait(20 * minute);
      });
    },
    { may },
  ),
  no(type, 'a sub-agent with a prompt of its own in between', file => {
    const agent = file.run({ ...desk, tools: { ask_archive: ['question'] } });
    for (let i = 0; i < 3; i++) {
      agent.turn(
        `I ask the archive, ${i}.`,
        use('ask_archive', { question: `keep a book, ${i}` }, `Box ${i}.`, {
          sub: {
            options: {
              ...desk,
              name: 'archive',
              system: `You are the archive. ${handbook}`,
              ask: `keep a book, ${i}`,
              tools: {},
            },
            tell: sub => void sub.done(`Box ${i}.`),
          },
        }),
      );
    }
    agent.done('Four weeks.');
  }),
  no(type, 'two calls side by side, which cannot hit each other', file => {
    const agent = file.run(desk);
    const begin = agent.at;
    const messages = agent.messages;
    for (let i = 0; i < 2; i++) {
      agent.at = begin + i;
      agent.messages = [...messages];
      agent.call({ text: 'Four weeks.', ms: 4000 });
    }
    agent.at = begin + 4100;
    agent.end('Four weeks.');
  }),
  no(type, 'a small model asked for a title in between', file => {
    const agent = file.run(desk);
    agent.turn('I look.', use('find_section', { topic: 'keep a book' }, 'Section 3: four weeks.'));
    const { messages, system, tools } = agent;
    agent.messages = [{ role: 'user', content: 'A title for: How long may I keep a book?' }];
    agent.system = 'You find titles of at most four words.';
    agent.tools = undefined;
    agent.call({ text: 'Lending period', model: 'claude-haiku-4-5', name: 'title' });
    agent.messages = messages;
    agent.system = system;
    agent.tools = tools;
    agent.done('Four weeks.');
  }),
  no(type, 'a call that failed and was sent again', file => {
    const agent = file.run(desk);
    agent.turn('I look.', use('find_section', { topic: 'keep a book' }, 'Section 3: four weeks.'));
    agent.call({ error: '529 overloaded_error: Overloaded' });
    agent.done('Four weeks.');
  }),
  no(
    type,
    'the same question by two runs after another',
    file => {
      run(file, desk, 2);
      run(file, desk, 2);
    },
    { may },
  ),
];

export const cacheMissCases: readonly Label[] = [...positives, ...negatives];
