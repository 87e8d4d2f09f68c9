import type { SpanRecord } from '../sample/database.ts';
import { use } from './agent.ts';
import { type Label, no, yes } from './label.ts';
import type { Recording } from './recording.ts';
import { usual } from './usual.ts';
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
  type World,
  weather,
} from './worlds.ts';

const type = 'orphan';

/** A span whose parent is not in the file. */
const strayed = (
  file: Recording,
  span: SpanRecord | undefined,
  parent = 'a-span-that-was-dropped',
): void => {
  if (!span) throw new Error('there is no such span');
  (span as { parentSpanId: string }).parentSpanId = parent;
  file.mark('it', span);
};
const nth = (file: Recording, world: World, place: number): SpanRecord | undefined => {
  const { runId } = usual(file, world, 4).top;
  return file.spans.filter(span => span.runId === runId)[place];
};

/** An agent with a sub-agent below its tool: root, call, tool, agent, call, tool, call, call. */
const nested = (file: Recording): readonly SpanRecord[] => {
  const agent = file.run({
    name: 'editor',
    ask: 'Check the draft D-1.',
    tools: { delegate: ['draft'] },
  });
  agent.turn(
    'I delegate.',
    use('delegate', { draft: 'D-1' }, 'fine', {
      sub: {
        options: { name: 'checker', ask: 'Check the draft D-1.', tools: { read_draft: ['draft'] } },
        tell: sub => {
          sub.turn('I read.', use('read_draft', { draft: 'D-1' }, 'It was a dark night.'));
          sub.done('fine');
        },
      },
    }),
  );
  agent.done('The draft is fine.');
  return file.spans;
};

const worldsOf: readonly (readonly [name: string, world: World, place: number])[] = [
  ['a tool', support, 2],
  ['a model call', invoices, 3],
  ['a retrieval', legal, 4],
  ['the last call', coder, 5],
  ['a tool by the conventions', travel, 2],
  ['a tool recorded in columns', weather, 4],
];

const positives: readonly Label[] = [
  ...worldsOf.map(([name, world, place]) =>
    yes(type, name, 'it', file => strayed(file, nth(file, world, place)), { may: ['stuck'] }),
  ),
  yes(type, 'a sub-agent whose tool span was dropped', 'it', file => {
    const [, , tool, sub] = nested(file);
    if (tool && sub) {
      file.lose(tool);
      file.mark('it', sub);
    }
  }),
  yes(type, 'calls and tools whose agent was dropped', 'it', file => {
    const spans = nested(file);
    const sub = spans[3];
    if (!sub) return;
    for (const span of spans) if (span.parentSpanId === sub.spanId) file.mark('it', span);
    file.lose(sub);
  }),
  yes(type, 'two spans of two lost parents', 'it', file => {
    strayed(file, nth(file, analyst, 2), 'lost-1');
    strayed(file, file.spans[4], 'lost-2');
  }),
  yes(type, 'a run whose root was pruned', 'it', file => {
    const { top } = usual(file, crawler, 4);
    for (const span of file.spans) if (span.parentSpanId === top.spanId) file.mark('it', span);
    file.lose(top);
  }),
  yes(type, 'a parent id that was cut short', 'it', file => {
    const span = nth(file, devops, 2);
    strayed(file, span, span?.parentSpanId?.slice(0, 16));
  }),
];

/** Their parents are known, and yet they are not where a parent puts them. */
const misplaced: readonly Label[] = [
  yes(type, 'a second root', 'it', file => {
    const span = nth(file, support, 2);
    if (!span) return;
    (span as { parentSpanId: undefined }).parentSpanId = undefined;
    file.mark('it', span);
  }),
  yes(type, 'a ring of two parents', 'it', file => {
    const agent = usual(file, devops, 3);
    const [a, b] = ['one', 'other'].map(name => agent.span(name, { kind: 'chain' }));
    if (!a || !b) return;
    (a as { parentSpanId: string }).parentSpanId = b.spanId;
    (b as { parentSpanId: string }).parentSpanId = a.spanId;
    for (const span of [a, b]) {
      span.status = 'ok';
      span.end = span.start + 5;
      file.mark('it', span);
    }
  }),
];

const negatives: readonly Label[] = [
  no(type, 'an empty parent id', file => {
    (usual(file, invoices, 3).top as { parentSpanId: string }).parentSpanId = '';
  }),
  no(
    type,
    'children written long before their parent',
    file => void usual(file, research, 3, { last: { ms: 900_000 } }),
  ),
  no(
    type,
    'a parent that is still open',
    file => void usual(file, coder, 3, { before: 8000, end: () => undefined }),
  ),
  no(type, 'a parent that starts after its child', file => {
    const { top } = usual(file, legal, 3);
    (top as { start: number }).start += 3000;
  }),
  no(type, 'deep nesting', file => {
    const agent = file.run({ name: 'deep', ask: 'Go down.' });
    let under = agent.top;
    for (let i = 0; i < 60; i++) {
      under = agent.span(`level ${i}`, { kind: 'chain' }, under);
      under.status = 'ok';
      under.end = agent.at + 100 - i;
    }
    agent.done('At the bottom.');
  }),
  no(type, 'two runs side by side, each with a root', file => {
    usual(file, support, 3);
    usual(file, devops, 3);
  }),
  no(type, 'spans written in any order', file => {
    usual(file, analyst, 3);
    file.spans.reverse();
  }),
  no(type, 'a tool that failed below its call', file => {
    usual(file, analyst, 3, {
      more: agent => {
        const call = agent.turn('I look.');
        const span = agent.span('inner', { kind: 'other' }, call);
        span.status = 'error';
        span.error = 'closed';
        span.end = agent.at;
      },
    });
  }),
  no(type, 'one span alone', file => void file.run({ name: 'alone', ask: 'Hello?' }).end('hello')),
  no(type, 'a sub-agent of a sub-agent', file => void nested(file)),
  no(type, 'a root never closed', file => void usual(file, weather, 3)),
];

export const orphanCases: readonly Label[] = [...positives, ...misplaced, ...negatives];
