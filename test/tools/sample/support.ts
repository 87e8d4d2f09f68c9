import { Conversation, tool } from './conversation.ts';
import type { Random } from './random.ts';
import { Run } from './run.ts';
import { tickets } from './supportTexts.ts';

const source = { file: 'agents/support.py', line: 39, function: 'triage' };
const desk = { file: 'agents/tools/desk.py', line: 22, function: 'call' };

const tools = [
  tool('lookup_customer', 'Finds a customer and the state of their last order.', {
    email: { type: 'string' },
  }),
  tool('search_articles', 'Searches the help articles.', { query: { type: 'string' } }),
  tool('set_queue', 'Puts a ticket into a queue with a priority from 1 (now) to 4 (whenever).', {
    ticket: { type: 'integer' },
    queue: { type: 'string', enum: ['billing', 'shipping', 'technical', 'returns', 'privacy'] },
    priority: { type: 'integer', minimum: 1, maximum: 4 },
  }),
];

const system = `You sort incoming support tickets. Look up the customer, find the article that helps if there is one, then choose the queue and the priority.
Priority 1 is for lost money, lost data or a blocked shop. Never promise a refund. Draft the first reply in the customer's language, in at most five sentences.`;

const parameters = (model: string) => ({ model, maxTokens: 1024, system, tools });

export interface TriageOptions {
  readonly model?: string;
  /** The article's tracer leaves roots as they are: without an end, still running. */
  readonly leaveRootOpen?: boolean;
}

export function triage(
  random: Random,
  start: number,
  index: number,
  options: TriageOptions = {},
): Run {
  const it = tickets[index % tickets.length]!;
  const { run, talk } = begin(random, start, index, options.model);
  const look = talk.use('lookup_customer', { email: it.email });
  const search = talk.use('search_articles', { query: it.search });
  run.llm('llm_initial_call', talk, talk.answer(look, search), { source });
  run.tool(look, it.customer, { source: desk, ms: random.between(80, 260), beside: true });
  run.tool(
    search,
    { articles: it.articles },
    { source: desk, kind: 'retrieval', after: 3, ms: 280 },
  );
  talk.results(
    { use: look, content: it.customer },
    { use: search, content: { articles: it.articles } },
  );
  const queue = talk.use('set_queue', { ticket: 48_100 + index, ...it.decision });
  run.llm('llm_continuation', talk, talk.answer(queue), { source });
  run.tool(queue, { ok: true }, { source: desk, ms: random.between(60, 190) });
  talk.results({ use: queue, content: { ok: true } });
  run.llm('llm_continuation', talk, talk.answer(it.reply), { source });
  if (options.leaveRootOpen) return run;
  return run.finish({ ...it.decision, reply: it.reply });
}

/** Ctrl-C during a tool: the tracer's `finally` writes the end, and the status still says running. */
export function interrupted(random: Random, start: number, index: number): Run {
  const it = tickets[index % tickets.length]!;
  const { run, talk } = begin(random, start, index);
  const look = talk.use('lookup_customer', { email: it.email });
  run.llm('llm_initial_call', talk, talk.answer(look), { source });
  const span = run.tool(look, undefined, { source: desk, ms: 18_400 });
  span.status = 'running';
  return run;
}

function begin(random: Random, start: number, index: number, model = 'claude-haiku-4-5') {
  const it = tickets[index % tickets.length]!;
  const input = { ticket: 48_100 + index, from: it.email, subject: it.subject, text: it.text };
  const run = new Run(random, {
    name: 'support_triage',
    start,
    input,
    source,
    session: `inbox-${Math.floor(index / 10) + 1}`,
  });
  const talk = new Conversation(random, parameters(model));
  talk.user(`Ticket ${input.ticket} from ${it.email}\nSubject: ${it.subject}\n\n${it.text}`);
  return { run, talk };
}
