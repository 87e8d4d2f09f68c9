import assert from 'node:assert/strict';
import { foundOf, type Look, type Story } from './support/story.ts';

const loops = (tell: (story: Story) => void, look?: Look) => foundOf('loop', tell, look);
const failed: Look = { root: { status: 'error', error: 'gave up' } };
const times = (count: number, tell: (index: number) => void): void => {
  for (let i = 0; i < count; i++) tell(i);
};

describe('a loop', () => {
  it('is the same call again and again, asked for anew each time', () => {
    const tell = (s: Story) =>
      times(4, () => {
        s.llm();
        s.tool('search', { q: 'rates', limit: 5 }, { hits: ['old'] });
      });
    assert.deepEqual(loops(tell), [
      'warning tool1: search was called 4 times with the same input, and gave the same result each time.',
    ]);
    assert.match(loops(tell, failed)[0] ?? '', /^error/, 'the run failed on it');
  });

  it('is one where nothing comes of it, in which order ever the input was written', () => {
    const tell = (s: Story) =>
      times(3, i => {
        s.llm();
        s.tool('search', i % 2 ? { q: 'x', n: 1 } : { n: 1, q: 'x' }, {
          hits: [],
          request_id: `r${i}`,
        });
      });
    assert.deepEqual(loops(tell), [
      'warning tool1: search was called 3 times with the same input, and gave nothing each time.',
    ]);
  });

  it('is found where only the length of results was recorded, or nothing of them', () => {
    for (const more of [{ result_length: 12 }, {}]) {
      const tell = (s: Story) =>
        times(3, () => {
          s.llm();
          s.tool('search', { q: 'x' }, undefined, { metadata: more });
        });
      assert.equal(loops(tell).length, 1);
    }
  });

  it('is found without model calls, and where one answer asked once and the program called thrice', () => {
    assert.equal(loops(s => times(3, () => s.tool('a', { q: 1 }, 'r'))).length, 1);
    const once = (s: Story) => {
      s.llm({}, [['a', { q: 1 }]]);
      times(4, () => s.tool('a', { q: 1 }, 'r'));
    };
    assert.equal(loops(once).length, 1);
  });

  it('is a ring of several calls', () => {
    for (const size of [2, 3, 6]) {
      const tell = (s: Story) =>
        times(3 * size, i => {
          s.llm();
          s.tool(`tool_${i % size}`, { x: 1 }, 'same');
        });
      const names = Array.from({ length: size }, (_, i) => `tool_${i}`).join(' → ');
      assert.deepEqual(loops(tell), [
        `warning tool1: ${names} went round 3 times with the same inputs and results.`,
      ]);
    }
  });

  it('goes on across steps that have spans of their own', () => {
    for (const kind of ['agent', 'chain'] as const) {
      const tell = (s: Story) =>
        times(4, i =>
          s.within(kind, { name: `iteration_${i}` }, () => {
            s.llm();
            s.tool('search', { q: 'x' }, 'r');
          }),
        );
      assert.equal(loops(tell).length, 1, kind);
    }
  });

  it('is a call that fails whenever the model asks for it again, in steps of its own', () => {
    const post = (s: Story) => {
      s.llm();
      s.failed('post', { amount: 'x' }, '422: no number');
    };
    const steps = (s: Story) => times(4, () => s.within('chain', { name: 'step' }, () => post(s)));
    assert.deepEqual(loops(steps, failed), [
      'error tool1: post was asked for 4 times with the same input, and failed each time.',
    ]);
    const attempts = (s: Story) => times(4, () => post(s));
    assert.deepEqual(loops(attempts, failed), [], 'each was an attempt of the same');
    assert.match(foundOf('retry-storm', attempts, failed).join(), /^error/);
  });

  it('begins after good work, and within a sub-agent', () => {
    const tell = (s: Story) => {
      times(5, i => {
        s.llm();
        s.tool('read', { page: i }, `page ${i}`);
      });
      s.within('agent', { name: 'researcher' }, () =>
        times(3, () => {
          s.llm();
          s.tool('read', { page: 9 }, 'page 9');
        }),
      );
    };
    assert.deepEqual(loops(tell), [
      'warning tool6: read was called 3 times with the same input, and gave the same result each time.',
    ]);
  });

  it('is waiting that never ends', () => {
    const tell = (s: Story) =>
      times(20, () => {
        s.llm();
        s.tool('job_status', { id: 7 }, { status: 'pending' }, {});
        s.tool('sleep', { seconds: 5 }, 'ok');
      });
    assert.deepEqual(loops(tell), [
      'error tool1: job_status was called 20 times with the same input, and what it waits for did not come.',
    ]);
  });

  it('is an edit to and fro', () => {
    const edit = (s: Story, old_string: string, new_string: string) => {
      s.llm();
      s.tool('edit', { path: 'a.ts', old_string, new_string }, 'ok');
    };
    const tell = (s: Story) => {
      edit(s, 'x', 'y');
      edit(s, 'y', 'x');
      edit(s, 'x', 'y');
    };
    assert.deepEqual(loops(tell), [
      'warning tool1: edit changed a.ts to and fro: 2 changes undid the one before.',
    ]);
    const write = (s: Story) => {
      for (const content of ['a', 'b', 'a', 'b']) {
        s.llm();
        s.tool('write_file', { path: 'a.ts', content }, 'ok');
      }
    };
    assert.equal(loops(write).length, 1);
    const once = (s: Story) => {
      edit(s, 'x', 'y');
      edit(s, 'y', 'x');
    };
    assert.deepEqual(loops(once, failed), [], 'it was a change of mind');
  });
});

describe('no loop', () => {
  const none = (tell: (story: Story) => void, look?: Look) =>
    assert.deepEqual(loops(tell, look), []);

  it('is a call that was made twice', () => {
    none(s => times(2, () => s.tool('a', { q: 1 }, 'r')));
  });

  it('is polling: results that change, or an end of the wait', () => {
    const poll =
      (results: readonly unknown[], name = 'get_build', wait = 0) =>
      (s: Story) => {
        for (const result of results) {
          s.llm();
          s.tool(name, { id: 7 }, result);
          s.wait(wait);
        }
      };
    none(poll([10, 20, 30, 40, 50].map(progress => ({ progress }))));
    none(poll([...Array(9).fill({ status: 'pending' }), { status: 'done' }]));
    none(poll([...Array(9).fill('nothing yet'), 'here it is']));
    none(poll(Array(6).fill({ status: 'running' })), failed);
    none(poll(Array(6).fill('same'), 'job_status'));
    none(poll(Array(6).fill('same'), 'get_build', 5000));
  });

  it('is asking again after a pause, a few times', () => {
    none(s =>
      times(6, () => {
        s.llm();
        s.tool('get_quote', { id: 1 }, 'no news');
        s.wait(60_000);
      }),
    );
    const many = (s: Story) =>
      times(12, () => {
        s.llm();
        s.tool('get_quote', { id: 1 }, 'no news');
        s.wait(60_000);
      });
    assert.match(loops(many)[0] ?? '', /what it waits for did not come/);
  });

  it('is going through pages', () => {
    none(s =>
      times(9, page => {
        s.llm();
        s.tool('list', { page }, 'full');
      }),
    );
    none(s =>
      times(9, page => {
        s.llm();
        s.tool('next_page', {}, `page ${page}`);
      }),
    );
    none(s =>
      times(9, () => {
        s.llm();
        s.tool('scroll_down', {}, 'ok');
      }),
    );
  });

  it('is a retry that succeeds in the end', () => {
    none(s => {
      times(3, () => {
        s.llm();
        s.failed('get', { q: 1 }, 'timeout');
      });
      s.llm();
      s.tool('get', { q: 1 }, 'r');
    });
  });

  it('is a retry of the program’s', () => {
    none(s => times(5, () => s.failed('get', { q: 1 }, 'timeout')), failed);
    none(s => {
      s.llm();
      times(5, () => s.failed('get', { q: 1 }, 'timeout'));
    }, failed);
  });

  it('is one answer that asks for the same several times, side by side or in turn', () => {
    none(s => {
      s.llm();
      times(5, () => s.tool('roll', { sides: 6 }, 4, { beside: true }));
    });
    none(s => {
      s.llm(
        {},
        Array.from({ length: 5 }, () => ['roll', { sides: 6 }] as const),
      );
      times(5, () => s.tool('roll', { sides: 6 }, 4));
    });
    none(s => times(5, () => s.tool('roll', { sides: 6 }, 4, { beside: true })));
  });

  it('is what one answer asked for, though a model call failed between', () => {
    none(s => {
      s.llm({}, Array(4).fill(['roll', { sides: 6 }]));
      times(4, () => {
        s.tool('roll', { sides: 6 }, 4);
        s.llm({ status: 'error', error: '529' });
      });
    });
  });

  it('is the same call in several sub-agents, or branches side by side', () => {
    none(s =>
      times(4, () =>
        s.within('agent', { name: 'worker' }, () => {
          s.llm();
          s.tool('read', { path: 'README.md' }, 'words');
        }),
      ),
    );
    none(s =>
      times(4, i =>
        s.within('chain', { name: 'branch', start: 10 + i }, () => {
          s.llm();
          s.tool('read', { path: 'README.md' }, 'words');
        }),
      ),
    );
  });

  it('is reading again after an edit, or testing after each', () => {
    none(s =>
      times(5, i => {
        s.llm();
        s.tool('read', { path: 'a.ts' }, `text ${i}`);
        s.llm();
        s.tool('edit', { path: 'a.ts', old_string: `${i}`, new_string: `${i + 1}` }, 'ok');
      }),
    );
    none(s =>
      times(5, i => {
        s.llm();
        s.tool('edit', { path: 'a.ts', old_string: `${i}`, new_string: `${i + 1}` }, 'ok');
        s.llm();
        s.tool('run_tests', {}, '1 failed');
      }),
    );
  });

  it('is asking the same now and then, with new work between', () => {
    none(s =>
      times(6, i => {
        s.llm();
        s.tool('list_todos', {}, ['a']);
        s.llm();
        s.tool('read', { page: i }, `page ${i}`);
      }),
    );
    none(s =>
      times(40, i => {
        s.llm();
        if (i % 13 === 0) s.tool('get_config', {}, 'c');
        else s.tool('read', { page: i }, `page ${i}`);
      }),
    );
  });

  it('is a call whose input was not recorded', () => {
    none(s =>
      times(9, () => {
        s.llm();
        s.tool('search', undefined, undefined);
      }),
    );
  });

  it('is going through many things once more', () => {
    none(s =>
      times(60, i => {
        s.llm();
        s.tool('read', { page: i % 10 }, `page ${i % 10}`);
      }),
    );
    none(s =>
      times(13, i => {
        s.llm();
        s.tool('read', { page: i % 11 < 2 ? 0 : i }, 'page');
      }),
    );
  });

  it('is an edit undone in another file, a translation back, or a change and a new one', () => {
    none(s => {
      s.tool('edit', { path: 'a.ts', old_string: 'x', new_string: 'y' }, 'ok');
      s.tool('edit', { path: 'b.ts', old_string: 'y', new_string: 'x' }, 'ok');
      s.tool('translate', { text: 'Hund', from: 'de', to: 'en' }, 'dog');
      s.tool('translate', { text: 'dog', from: 'en', to: 'de' }, 'Hund');
      s.tool('write_file', { path: 'c.ts', content: 'a' }, 'ok');
      s.tool('write_file', { path: 'c.ts', content: 'b' }, 'ok');
      s.tool('write_file', { path: 'c.ts', content: 'c' }, 'ok');
      s.tool('write_file', { path: 'd.ts', content: 'a' }, 'ok');
      s.tool('edit', { path: 'd.ts', old_string: 'x', new_string: 'y' }, 'ok');
      s.tool('write_file', { path: 'd.ts', content: 'b' }, 'ok');
      s.tool('write_file', { path: 'd.ts', content: 'a' }, 'ok');
    }, failed);
    none(s => {
      s.tool('edit', { path: 'a.ts', old_string: 'x', new_string: 'y' }, 'ok');
      s.failed('edit', { path: 'a.ts', old_string: 'y', new_string: 'x' }, 'read-only');
    }, failed);
  });

  it('is a sub-agent in each of several tools that one answer asked for', () => {
    none(s => {
      s.llm();
      const metadata = { tool_input: { task: 'vote' }, tool_result: 'yes' };
      times(4, () =>
        s.within('tool', { toolName: 'delegate', start: 100, metadata }, () => {
          s.llm();
          s.tool('read', { path: 'README.md' }, 'words');
        }),
      );
    });
  });

  it('is made by tools within a tool: the inner call has the same name and input', () => {
    none(s =>
      times(2, () => {
        s.llm();
        s.within(
          'tool',
          { toolName: 'q', metadata: { tool_input: { a: 1 }, tool_result: 'r' } },
          () => s.tool('q', { a: 1 }, 'r'),
        );
      }),
    );
  });
});
