import assert from 'node:assert/strict';
import { foundOf, type Look, type Story } from './support/story.ts';

const failed: Look = { root: { status: 'error', error: 'gave up' } };

describe('an answer that was cut', () => {
  const cut = (tell: (story: Story) => void, look?: Look) => foundOf('truncation', tell, look);
  const answer = (response: unknown, max_tokens: number | undefined = 2048) => ({
    metadata: { request: { max_tokens, messages: [] }, response },
  });

  it('says so in the words of several interfaces', () => {
    const one = ['warning llm1: The answer of think was cut at its limit of 2,048 tokens.'];
    for (const response of [
      { stop_reason: 'max_tokens', content: [{ type: 'text', text: 'So it' }] },
      { choices: [{ finish_reason: 'length', message: { content: 'So it' } }] },
      [{ role: 'assistant', parts: [], finish_reason: 'length' }],
      { candidates: [{ finishReason: 'MAX_TOKENS' }] },
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] },
    ]) {
      assert.deepEqual(
        cut(s => s.llm(answer(response))),
        one,
        JSON.stringify(response),
      );
    }
    assert.deepEqual(
      cut(s => s.llm({ metadata: { 'gen_ai.response.finish_reasons': ['length'] } })),
      ['warning llm1: The answer of think was cut at its limit of tokens.'],
    );
  });

  it('is told by its tokens where nobody recorded why it stopped', () => {
    const tell = (output: number, response: unknown) => (s: Story) =>
      s.llm({ ...answer(response, 2048), usage: { output } });
    assert.equal(cut(tell(2048, { content: [] })).length, 1);
    assert.deepEqual(cut(tell(2047, { content: [] })), []);
    assert.deepEqual(cut(tell(2048, { stop_reason: 'end_turn' })), []);
  });

  it('is worse within a call of a tool, where the run failed', () => {
    const tell = (s: Story) =>
      s.llm(answer({ stop_reason: 'max_tokens', content: [{ type: 'tool_use', name: 'write' }] }));
    assert.deepEqual(cut(tell, failed), [
      'error llm1: The answer of think was cut at its limit of 2,048 tokens, in its call of write.',
    ]);
    assert.match(cut(tell)[0] ?? '', /^warning/);
  });

  it('is said once for several, and for each limit', () => {
    const tell = (s: Story) => {
      for (let i = 0; i < 4; i++) s.llm(answer({ stop_reason: 'max_tokens' }, i < 3 ? 100 : 200));
    };
    assert.deepEqual(cut(tell), [
      'warning llm1: 3 answers of think were cut at their limit of 100 tokens.',
      'warning llm4: The answer of think was cut at its limit of 200 tokens.',
    ]);
  });

  it('may be cut because the window is full', () => {
    const tell = (s: Story) => s.llm(answer({ stop_reason: 'model_context_window_exceeded' }));
    assert.deepEqual(cut(tell), [
      'warning llm1: The context window of the model was full in think: its answer was cut.',
    ]);
  });

  it('may be cut before it: an event says that the context was', () => {
    for (const name of [
      'context truncation',
      'context.truncated',
      'history_trimmed',
      'truncate messages',
    ]) {
      const tell = (s: Story) =>
        s.tool('fetch', {}, 'r', {
          events: [{ name, time: 1, attributes: '{"characters": 91000, "kept": 84000}' }],
        });
      assert.deepEqual(cut(tell), [
        `warning tool1: What the model is given was cut in fetch: “${name}”.`,
      ]);
    }
  });

  it('is none that ended by itself, or whose limit was meant', () => {
    const whole = (s: Story) => {
      for (const stop_reason of ['end_turn', 'tool_use', 'stop_sequence', 'pause_turn', null]) {
        s.llm(answer({ stop_reason, content: [{ type: 'text', text: 'max_tokens' }] }));
      }
      s.llm(answer({ choices: [{ finish_reason: 'stop' }] }));
      s.llm(answer({ stop_reason: 'max_tokens', content: [{ type: 'text', text: 'yes' }] }, 1));
      s.llm({ metadata: { response: { stop_reason: 'length' } }, usage: { output: 1 } });
      s.tool('read', {}, { stop_reason: 'max_tokens' });
      s.llm({
        events: [
          { name: 'context', time: 1 },
          { name: 'first token', time: 2 },
        ],
      });
      s.llm({
        events: [
          { name: 'context loaded', time: 1 },
          { name: 'message cutoff date', time: 2 },
        ],
      });
    };
    assert.deepEqual(cut(whole), []);
  });
});

describe('a run that hangs', () => {
  const stuck = (tell: (story: Story) => void, look?: Look) => foundOf('stuck', tell, look);
  const open = { status: 'running', end: undefined } as const;
  const hangs: Look = { root: open };
  const at = (now: number) => ({ now, staleAfter: 600_000 });

  it('is one with an open span in which nothing was written for a while', () => {
    const tell = (s: Story) => {
      s.llm();
      s.tool('crawl', {}, undefined, open);
    };
    assert.deepEqual(stuck(tell, hangs), [
      'warning tool1: Nothing was written for 2h 47m, and crawl is still open.',
    ]);
  });

  it('names the span that began last, the innermost of several', () => {
    const tell = (s: Story) => {
      s.tool('first', {}, undefined, open);
      s.within('agent', { name: 'sub', ...open }, () => s.llm(open));
    };
    assert.match(stuck(tell, hangs)[0] ?? '', /^warning llm1: .* think is still open/);
  });

  it('is said where no span has a time', () => {
    const untimed = { start: undefined, end: undefined } as const;
    const tell = (s: Story) => s.tool('crawl', {}, undefined, { ...open, ...untimed });
    assert.deepEqual(stuck(tell, { root: { ...open, ...untimed } }), [
      'warning tool1: crawl was never closed, and no span of the run has a time.',
    ]);
  });

  it('is one that runs, in which a call takes far longer than it ever took', () => {
    const tell = (s: Story) => s.tool('crawl', {}, undefined, open);
    const look = (now: number): Look => ({
      root: open,
      clock: at(now),
      tools: { crawl: { durations: [1e3, 2e3, 3e3, 4e3, 5e3] } },
    });
    assert.deepEqual(stuck(tell, look(90_000)), [
      'warning tool1: crawl has been open for 1m 30s; the longest one before took 5.00 s.',
    ]);
    assert.deepEqual(stuck(tell, look(50_000)), [], 'nobody waits in vain yet');
    const thinking = (now: number) =>
      stuck(s => s.llm(open), { root: open, clock: at(now), calls: { think: Array(9).fill(9) } });
    assert.equal(thinking(190_000).length, 1);
    assert.deepEqual(thinking(90_000), [], 'a model may think for a while');
  });

  it('is one whose last answer asks for a tool that never ran, though no span is open', () => {
    const tell = (s: Story) => {
      s.llm({}, [['search', { q: 1 }]]);
      s.tool('search', { q: 1 }, 'r');
      s.llm({}, [['fetch', { q: 2 }]]);
    };
    assert.deepEqual(stuck(tell, hangs), [
      'warning llm2: Nothing was written for 2h 47m, and fetch, which think asked for, never ran.',
    ]);
    assert.deepEqual(stuck(tell), [], 'its root ended');
    assert.deepEqual(stuck(tell, { ...hangs, clock: at(1000) }), [], 'it may still come');
    const whole = (s: Story) => {
      s.llm({}, [['search', { q: 1 }]]);
      s.tool('search', { q: 1 }, 'r');
      s.llm({ metadata: { response: { stop_reason: 'end_turn', content: 'So it is.' } } });
    };
    assert.deepEqual(stuck(whole, hangs), []);
    assert.deepEqual(
      stuck(s => s.llm({}, [['final_result', {}]]), hangs),
      [],
      'that is the form of its answer',
    );
    const server = { stop_reason: 'end_turn', content: [{ type: 'server_tool_use', name: 'web' }] };
    assert.deepEqual(
      stuck(s => s.llm({ metadata: { response: server } }), hangs),
      [],
    );
  });

  it('weighs less where it waits for a person', () => {
    const tell = (s: Story) => s.tool('ask_user', {}, undefined, open);
    assert.match(stuck(tell, hangs)[0] ?? '', /^info/);
  });

  it('is none that ended, that wrote something lately, or that is still being read', () => {
    const tell = (s: Story) => s.tool('crawl', {}, undefined, open);
    assert.deepEqual(stuck(tell), [], 'its root ended');
    assert.deepEqual(stuck(tell, { ...hangs, clock: at(500_000) }), []);
    assert.deepEqual(stuck(tell, { ...hangs, run: { partial: true } }), []);
    assert.deepEqual(
      stuck(s => s.tool('crawl', {}, 'r'), hangs),
      [],
      'only its root was never closed, as some tracers leave it',
    );
    const events = [{ name: 'progress', time: 9_900_000 }];
    assert.deepEqual(
      stuck(s => s.tool('crawl', {}, undefined, { ...open, events }), hangs),
      [],
      'it told of its progress',
    );
    const long: Look = {
      root: open,
      clock: at(90_000),
      tools: { crawl: { durations: [1e3, 2e3, 3e3, 4e3, 80e3] } },
    };
    assert.deepEqual(stuck(tell, long), [], 'it may take so long');
  });
});

describe('calls without a price', () => {
  const unpriced = (tell: (story: Story) => void) => foundOf('unpriced', tell);
  const of = (model: string | undefined) => ({ model, costSource: 'unpriced' }) as const;

  it('are said once for each model', () => {
    const tell = (s: Story) => {
      s.llm(of('acme-large-2'));
      s.llm(of('acme-large-2'));
      s.llm(of('other'));
      s.llm(of(undefined));
    };
    assert.deepEqual(unpriced(tell), [
      'info llm1: 2 calls of acme-large-2 have no price: the model is not in the table of prices.',
      'info llm3: A call of other has no price: the model is not in the table of prices.',
      'info llm4: A call has no price: its model was not recorded.',
    ]);
  });

  it('are none that cost nothing or were priced', () => {
    const tell = (s: Story) => {
      s.llm({ cost: 0, costSource: 'recorded' });
      s.llm({ cost: 0.1, costSource: 'computed' });
      s.tool('a', {}, 'r');
    };
    assert.deepEqual(unpriced(tell), []);
  });
});

describe('spans out of place', () => {
  const orphans = (tell: (story: Story) => void, look?: Look) => foundOf('orphan', tell, look);
  const child = (parentSpanId: string | undefined) => (s: Story) =>
    s.tool('a', {}, 'r', { parentSpanId });

  it('are those whose parent is missing', () => {
    assert.deepEqual(orphans(child('gone')), [
      'warning tool1: The parent of a is not in the file.',
    ]);
    const tell = (s: Story) => {
      child('gone')(s);
      child('lost')(s);
    };
    assert.deepEqual(orphans(tell), [
      'warning tool1: The parents of 2 spans, a the first, are not in the file.',
    ]);
    const runs: Look = {
      root: { status: 'running', end: undefined },
      clock: { now: 200, staleAfter: 999 },
    };
    assert.match(orphans(tell, runs)[0] ?? '', /^info/, 'they may still come');
  });

  it('are second roots, and those that are their own ancestors', () => {
    assert.deepEqual(orphans(child(undefined)), [
      'info tool1: a has no parent, but is not the root of the run.',
    ]);
    assert.deepEqual(orphans(child('tool1')), [
      'warning tool1: The recorded parents of a form a ring: it would be its own ancestor.',
    ]);
  });

  it('weigh less where the run as a whole was called from elsewhere', () => {
    const tell = (s: Story) => s.tool('a', {}, 'r', { parentSpanId: 'web' });
    assert.deepEqual(orphans(tell, { root: { parentSpanId: 'web' } }), [
      'info agent1: What called agent was recorded elsewhere: the parent of 2 spans is not in the file.',
    ]);
  });

  it('are none of a whole tree, and none of a run that is not read to its end', () => {
    assert.deepEqual(
      orphans(s => s.within('agent', { name: 'sub' }, () => s.llm())),
      [],
    );
    assert.deepEqual(orphans(child('gone'), { run: { partial: true } }), []);
  });
});
