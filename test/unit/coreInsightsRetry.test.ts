import assert from 'node:assert/strict';
import { foundOf, type Look, type Story } from './support/story.ts';

const storms = (tell: (story: Story) => void, look?: Look) => foundOf('retry-storm', tell, look);
const failed: Look = { root: { status: 'error', error: 'gave up' } };
const times = (count: number, tell: (index: number) => void): void => {
  for (let i = 0; i < count; i++) tell(i);
};
const retries = (count: number, attributes: unknown = { status: 529, wait_ms: 1500 }) =>
  Array.from({ length: count }, (_, i) => ({
    name: 'retry',
    time: i,
    attributes: JSON.stringify(attributes),
  }));

describe('a storm of retries', () => {
  it('is within one call, with what it waited for', () => {
    assert.deepEqual(
      storms(s => s.llm({ events: retries(4) })),
      ['warning llm1: think was answered only after 4 retries, which waited for 6.00 s together.'],
    );
    assert.deepEqual(
      storms(s => s.llm({ metadata: { retries: 3 } })),
      ['warning llm1: think was answered only after 3 retries.'],
    );
  });

  it('is within a call that failed all the same', () => {
    const tell = (s: Story) => s.llm({ events: retries(3), status: 'error', error: '529' });
    assert.deepEqual(storms(tell, failed), ['error llm1: think failed after 3 retries.']);
  });

  it('is two retries in most calls', () => {
    const tell = (s: Story) => {
      times(5, () => s.llm({ events: retries(2) }));
      times(2, () => s.llm());
    };
    assert.deepEqual(storms(tell), [
      'warning llm1: 5 of 7 model calls took several retries, 10 together.',
    ]);
  });

  it('is within a tool', () => {
    assert.equal(storms(s => s.tool('get', {}, 'r', { events: retries(5) })).length, 1);
  });

  it('is several failed attempts of a tool, one after another', () => {
    const tell = (s: Story) => {
      s.llm();
      times(4, () => s.failed('get', { url: 'a' }, 'timeout'));
    };
    assert.deepEqual(storms(tell, failed), [
      'error tool1: get was tried 4 times one after another, and failed each time.',
    ]);
    assert.match(storms(tell)[0] ?? '', /^warning/, 'the run got over it');
  });

  it('is several failed attempts before one that succeeds', () => {
    const tell = (s: Story) => {
      times(3, () => s.failed('get', { url: 'a' }, 'timeout'));
      s.tool('get', { url: 'a' }, 'r');
    };
    assert.deepEqual(storms(tell), [
      'warning tool1: get failed 3 times before the same call succeeded.',
    ]);
  });

  it('is several failed model calls with the same prompt, or one that was not recorded', () => {
    for (const metadata of [{}, { request: [{ role: 'user', content: 'x' }] }]) {
      const tell = (s: Story) =>
        times(4, () => s.llm({ status: 'error', error: '529 overloaded', metadata }));
      assert.deepEqual(storms(tell, failed), [
        'error llm1: think was tried 4 times one after another, and failed each time.',
      ]);
    }
  });

  it('is several failed attempts that the model asks for, or whose spans are numbered', () => {
    const asked = (s: Story) =>
      times(3, () => {
        s.llm();
        s.failed('get', { url: 'a' }, 'timeout');
      });
    assert.equal(storms(asked, failed).length, 1);
    const numbered = (s: Story) =>
      times(3, i => s.llm({ name: `attempt ${i}`, status: 'error', error: '529' }));
    assert.equal(storms(numbered, failed).length, 1);
  });

  it('is several failed attempts with waits between, or other work beside them', () => {
    const waiting = (s: Story) =>
      times(3, () => {
        s.failed('get', { url: 'a' }, 'timeout');
        s.tool('sleep', { seconds: 1 }, 'ok');
        s.add('other', { name: 'log' });
      });
    assert.equal(storms(waiting, failed).length, 1);
    const beside = (s: Story) => {
      s.failed('get', { url: 'a' }, 'timeout', { beside: true });
      s.tool('read', { path: 'b' }, 'words', { beside: true });
      s.wait(110);
      times(2, () => s.failed('get', { url: 'a' }, 'timeout'));
    };
    assert.equal(storms(beside, failed).length, 1);
    const untimed = { start: undefined, end: undefined } as const;
    const noTimes = (s: Story) => times(3, () => s.failed('get', { url: 'a' }, '503', untimed));
    assert.equal(storms(noTimes, failed).length, 1, 'where no times were recorded, too');
    const noEnds = (s: Story) =>
      times(3, () => s.failed('get', { url: 'a' }, '503', { end: undefined }));
    assert.equal(storms(noEnds, failed).length, 1, 'nor where no ends were');
  });

  it('is told once where several attempts had retries of their own', () => {
    const tell = (s: Story) => {
      for (let i = 0; i < 3; i++) s.llm({ status: 'error', error: '529', events: retries(3) });
    };
    assert.deepEqual(storms(tell, failed), [
      'error llm1: think was tried 3 times one after another, and failed each time.',
    ]);
  });

  it('is several failed requests of a tool that recorded nothing but their error', () => {
    const tell = (s: Story) =>
      s.within('tool', { toolName: 'get', status: 'error' }, () =>
        times(3, () => s.add('other', { name: 'GET /', status: 'error', error: '503' })),
      );
    assert.equal(storms(tell, failed).length, 1);
    assert.equal(
      storms(s => times(3, () => s.failed('get', undefined, '503')), failed).length,
      1,
      'nor its input',
    );
  });
});

describe('no storm', () => {
  const none = (tell: (story: Story) => void, look?: Look) =>
    assert.deepEqual(storms(tell, look), []);

  it('is a retry or two', () => {
    none(s => s.llm({ events: retries(2) }));
    none(s => {
      s.failed('get', { url: 'a' }, 'timeout');
      s.failed('get', { url: 'a' }, 'timeout');
      s.tool('get', { url: 'a' }, 'r');
    });
  });

  it('is a retry in each of many calls', () => {
    none(s => times(20, () => s.llm({ events: retries(1) })));
    none(s => times(40, i => s.llm({ events: retries(i < 9 ? 2 : 0) })));
    none(s => times(4, () => s.llm({ events: retries(2) })));
  });

  it('is a call that fails again after other work was done: tests between edits', () => {
    none(s =>
      times(5, i => {
        s.llm();
        s.tool('edit', { path: 'a.ts', old_string: `${i}`, new_string: `${i + 1}` }, 'ok');
        s.llm();
        s.failed('run_tests', {}, 'exit code 1');
      }),
    );
  });

  it('is a failure that comes back once the call had succeeded', () => {
    none(s =>
      times(4, () => {
        s.failed('get', { url: 'a' }, 'timeout');
        s.tool('get', { url: 'a' }, 'r');
      }),
    );
  });

  it('is several calls that fail side by side', () => {
    none(s => {
      s.llm();
      times(5, () => s.failed('get', { url: 'a' }, '503', { beside: true }));
    }, failed);
  });

  it('is several different calls that fail', () => {
    none(s => times(5, i => s.failed('get', { url: `a${i}` }, '404')), failed);
    none(
      s =>
        times(5, i =>
          s.llm({
            status: 'error',
            error: '400',
            metadata: { request: [{ role: 'user', content: `${i}` }] },
          }),
        ),
      failed,
    );
  });

  it('is an event that only has such a word in its name', () => {
    const events = ['retry_after parsed', 'retrieval', 'no-retryable', 'retrying?'].flatMap(name =>
      Array.from({ length: 3 }, (_, time) => ({ name, time, attributes: undefined })),
    );
    none(s => s.tool('a', {}, 'r', { events: events.slice(3) }));
  });

  it('is several sub-agents that fail: each has work of its own', () => {
    none(s => times(4, () => s.add('agent', { name: 'worker', status: 'error' })), failed);
  });
});
