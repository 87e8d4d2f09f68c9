import { Conversation, type ToolUse, tool } from './conversation.ts';
import type { Random } from './random.ts';
import { htmlPage, htmlPageUrl, questions } from './researchTexts.ts';
import { Run, type ToolOptions } from './run.ts';

const source = { file: 'agents/research.py', line: 74, function: 'run_agent' };
const execute = { file: 'agents/research.py', line: 58, function: 'execute_tool' };

const tools = [
  tool('search_web', 'Searches the web and returns titles, addresses and excerpts.', {
    query: { type: 'string' },
    limit: { type: 'integer', minimum: 1, maximum: 10 },
  }),
  tool('fetch_page', 'Fetches one page and returns its main text as an excerpt.', {
    url: { type: 'string', format: 'uri' },
  }),
  tool('save_note', 'Saves a short note that the final answer may cite.', {
    text: { type: 'string' },
    url: { type: 'string' },
  }),
];

const parameters = {
  model: 'claude-sonnet-4-5',
  maxTokens: 2048,
  system: `You answer research questions for a product team. Search first, read at most three pages, then answer.
Cite the address of every page you rely on. Prefer primary sources: documentation, release notes, standards.
If two sources disagree, say so and say which one is newer. If nothing reliable is found, say that instead of guessing.
Answer in the language of the question, in at most 200 words.`,
  tools,
};

const begin = (random: Random, start: number, question: string) => ({
  run: new Run(random, { name: 'research_agent', start, input: question, source }),
  talk: new Conversation(random, parameters).user(question),
});

const searched = (query: string, hits: readonly unknown[]) => ({ query, hits });

const retrieval: ToolOptions = { kind: 'retrieval', source: execute };

/** One search, one or two pages read side by side, an answer. */
export function plainResearch(random: Random, start: number, index: number): Run {
  const it = questions[index % questions.length]!;
  const { run, talk } = begin(random, start, it.question);
  const search = talk.use('search_web', { query: it.query, limit: 5 });
  run.llm('llm_initial_call', talk, talk.answer(search), { source });
  const hits = searched(it.query, it.hits);
  run.tool(search, hits, { ...retrieval, ms: random.between(300, 900) });
  talk.results({ use: search, content: hits });

  const reads = it.hits
    .slice(0, it.pages.length)
    .map(hit => talk.use('fetch_page', { url: hit.url }));
  run.llm('llm_continuation', talk, talk.answer('I read the most relevant pages.', ...reads), {
    source,
  });
  reads.forEach((read, at) => {
    const ms = random.between(500, 1600);
    run.tool(read, it.pages[at], {
      ...retrieval,
      ms,
      after: at * 3,
      beside: at < reads.length - 1,
    });
  });
  run.now = Math.max(run.now, ...run.spans.map(span => span.end ?? 0)) + 12;
  talk.results(...reads.map((use, at) => ({ use, content: it.pages[at] })));
  run.llm('llm_continuation', talk, talk.answer(it.answer), { source });
  return run.finish(it.answer);
}

const turnLimit = 15;

/** The index answers with nothing, and the model asks it the same question again and again. */
export function runawayLoop(random: Random, start: number): Run {
  const question =
    'Which rate limits does the Kestrel Freight booking API apply per client, and do they differ between sandbox and production?';
  const { run, talk } = begin(random, start, question);
  const input = { query: 'Kestrel Freight booking API rate limits per client', limit: 5 };
  const nothing = {
    query: input.query,
    hits: [],
    note: 'index is being rebuilt, results may be incomplete',
  };
  const words = [
    'I will look for the published limits.',
    'The index is being rebuilt, so the result may be incomplete. I try the search once more.',
    'Still no hits. The index may be ready by now.',
    'No result yet. I repeat the search.',
  ];
  for (let turn = 0; turn < turnLimit; turn++) {
    const search = talk.use('search_web', input);
    const words1 = words[Math.min(turn, words.length - 1)]!;
    const call = talk.answer(words1, search);
    run.llm(turn === 0 ? 'llm_initial_call' : 'llm_continuation', talk, call, { source });
    if (turn === turnLimit - 1) break;
    run.tool(search, nothing, { ...retrieval, ms: random.between(210, 420) });
    talk.results({ use: search, content: nothing });
  }
  const error = `MaxTurnsExceeded: stopped after ${turnLimit} turns, the last answer still asks for search_web`;
  run.event(run.root, 'max turns', { limit: turnLimit, tool: 'search_web', same_arguments: 14 });
  return run.fail(error);
}

/** fetch_page returns the whole HTML page instead of an excerpt, and every later call pays for it. */
export function costSpike(random: Random, start: number): Run {
  const it = questions[0]!;
  const { run, talk } = begin(random, start, it.question);
  const search = talk.use('search_web', { query: it.query, limit: 5 });
  run.llm('llm_initial_call', talk, talk.answer(search), { source });
  const hits = searched(it.query, [
    { title: 'Data types: NUMERIC and rounding', url: htmlPageUrl, excerpt: it.hits[0]!.excerpt },
    ...it.hits,
  ]);
  run.tool(search, hits, { ...retrieval, ms: 540 });
  talk.results({ use: search, content: hits });

  const html = htmlPage();
  const read = talk.use('fetch_page', { url: htmlPageUrl });
  run.llm('llm_continuation', talk, talk.answer('I read the manual page.', read), { source });
  const kept = html.slice(0, 84_000);
  const fetched = run.tool(read, kept, { ...retrieval, ms: 1480 });
  run.event(
    fetched,
    'context truncation',
    {
      reason: 'result larger than the tool result limit',
      content_type: 'text/html; charset=utf-8',
      characters: html.length,
      kept: kept.length,
    },
    fetched.end,
  );
  talk.results({ use: read, content: kept });

  const second = talk.use('fetch_page', { url: it.hits[1]!.url });
  const note: ToolUse = talk.use('save_note', {
    text: 'NUMERIC rounds half away from zero; real and double precision round half to even.',
    url: htmlPageUrl,
  });
  const both = talk.answer(
    'The manual states the rule. I note it and check the second source as well.',
    note,
    second,
  );
  run.llm('llm_continuation', talk, both, { source, ms: 6120 });
  run.tool(note, { saved: true, id: 'note-1' }, { source: execute, ms: 60, beside: true });
  const page = it.pages[1] ?? it.pages[0];
  run.tool(second, page, { ...retrieval, after: 4, ms: 880 });
  talk.results(
    { use: note, content: { saved: true, id: 'note-1' } },
    { use: second, content: page },
  );
  run.llm('llm_continuation', talk, talk.answer(it.answer), { source, ms: 7340 });
  return run.finish(it.answer);
}
