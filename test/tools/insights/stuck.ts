import { type Agent, use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import { minute } from './recording.ts';
import { after, usual } from './usual.ts';
import {
  analyst,
  coder,
  crawler,
  devops,
  invoices,
  legal,
  research,
  support,
  travel,
  weather,
} from './worlds.ts';

const type = 'stuck';
const hanging = { open: true, ms: 0, mark: 'it' };

/** Open for long, with nothing written since: the span that is open, or the run, is what is stuck. */
const positives: readonly Label[] = [
  yes(type, 'a tool that has not come back for half an hour', 'it', file => {
    file.mark('it', after(file, support, 6, { second: hanging }).top);
  }),
  yes(type, 'a page that is fetched since hours', 'it', file => {
    file.mark('it', after(file, research, 6, { before: 3 * 60 * minute, second: hanging }).top);
  }),
  yes(type, 'a model call that never answers', 'it', file => {
    const agent = usual(file, legal, 3, {
      before: 40 * minute,
      end: agent => void agent.call({ open: true, mark: 'it' }),
    });
    file.mark('it', agent.top);
  }),
  yes(type, 'since 12 minutes, with tools that take seconds', 'it', file => {
    file.mark('it', after(file, crawler, 8, { before: 12 * minute, first: hanging }).top);
  }),
  yes(type, 'a program that died two days ago', 'it', file => {
    file.mark('it', usual(file, coder, 3, { before: 48 * 60 * minute, second: hanging }).top);
  }),
  yes(type, 'two tools side by side, of which one hangs', 'it', file => {
    const agent = file.run(
      { name: 'two_sides', ask: 'Compare A-1 with A-2.', tools: { load: ['id'] } },
      50 * minute,
    );
    agent.turn(
      'I load both.',
      use('load', { id: 'A-1' }, { id: 'A-1', size: 3 }),
      use('load', { id: 'A-2' }, undefined, hanging),
    );
    file.mark('it', agent.top);
  }),
  yes(type, 'inside a sub-agent', 'it', file => {
    const agent = file.run(
      { name: 'boss', ask: 'Have the report written.', tools: { delegate: ['task'] } },
      90 * minute,
    );
    agent.turn(
      'I delegate.',
      use('delegate', { task: 'Have the report written.' }, undefined, {
        ...hanging,
        sub: {
          options: {
            name: 'writer',
            ask: 'Have the report written.',
            tools: { read_notes: ['topic'] },
          },
          tell: sub =>
            void sub.turn('I read.', use('read_notes', { topic: 'report' }, undefined, hanging)),
        },
      }),
    );
    file.mark('it', agent.top);
  }),
  yes(type, 'in the conventions of OpenTelemetry', 'it', file => {
    file.mark('it', after(file, travel, 4, { before: 25 * minute, first: hanging }).top);
  }),
  yes(type, 'a run in columns, whose tool is open', 'it', file => {
    file.mark('it', after(file, weather, 4, { before: 35 * minute, first: hanging }).top);
  }),
  yes(type, 'the first call is open, and nothing else is there', 'it', file => {
    const agent = file.run({ name: 'fresh', ask: 'Say hello.' }, 20 * minute);
    agent.call({ open: true, mark: 'it' });
    file.mark('it', agent.top);
  }),
];

const thinking = (file: Parameters<typeof usual>[0], before: number): void => {
  const end = (agent: Agent): void => void agent.call({ open: true, mark: 'it' });
  after(file, legal, 6, { before, end });
};

const ended = (file: Parameters<typeof usual>[0]) => usual(file, invoices, 5);

const negatives: readonly Label[] = [
  no(
    type,
    'a run that is five seconds old',
    file => void after(file, support, 6, { before: 5000, first: { open: true, ms: 0 } }),
  ),
  no(type, 'a minute into a model call', file => {
    after(file, legal, 6, { before: 70_000, end: agent => void agent.call({ open: true }) });
  }),
  no(type, 'two minutes into one, after quick ones', file => thinking(file, 2 * minute)),
  yes(type, 'eight minutes into one, after quick ones', 'it', file => thinking(file, 8 * minute)),
  no(type, 'nine minutes into a tool that takes that long', file => {
    after(file, coder, 6, { before: 9 * minute, second: { open: true, ms: 0 } }, i => ({
      second: { ms: (8 + i * 0.4) * minute },
    }));
  }),
  no(
    type,
    'a run that ended while a child was open',
    file => {
      const agent = ended(file);
      agent.span('background_index', { kind: 'other' });
    },
    { may: ['orphan'] },
  ),
  no(type, 'a run that failed while a child was open', file => {
    const agent = usual(file, analyst, 5, { second: { open: true, ms: 0 } });
    agent.fail('killed by the operator');
  }),
  no(
    type,
    'a root that is never closed, with all done below it',
    file => void after(file, weather, 6),
  ),
  no(type, 'a tool that says every minute how far it is', file => {
    const progress = Array.from(
      { length: 29 },
      (_, at) => ['progress', { percent: at * 3 }, (at + 1) * minute] as const,
    );
    after(file, analyst, 6, { second: { open: true, ms: 0, events: progress } });
  }),
  no(
    type,
    'a clock that is some seconds ahead',
    file => void after(file, devops, 6, { before: -3000, first: { open: true, ms: 0 } }),
  ),
  no(type, 'long ago, and done', file => void after(file, research, 6, { before: 6000 * minute })),
  no(type, 'interrupted: it has an end and says running', file => {
    const agent = usual(file, crawler, 3, { second: { open: true, ms: 0 } });
    for (const span of file.spans.slice(-2)) span.end = agent.at + 40;
    agent.top.end = agent.at + 44;
  }),
  no(type, 'a run that wrote a call just now, after a pause of an hour', file => {
    const agent = file.run(
      {
        name: 'waits_for_mail',
        ask: 'Answer when the mail comes.',
        tools: { wait_for_mail: ['from'] },
      },
      62 * minute,
    );
    agent.turn(
      'I wait.',
      use('wait_for_mail', { from: 'anyone' }, 'mail from kim', { ms: 61 * minute }),
    );
    agent.call({ open: true });
  }),
];

export const stuckCases: readonly Label[] = [...positives, ...negatives];
