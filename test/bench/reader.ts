import fs from 'node:fs';
import path from 'node:path';
import { formatBytes, integer } from '../../src/core/format.ts';
import { startReader } from '../../src/node/readerProcess.ts';
import { dist } from '../unit/support/traceDb.ts';
import { heading, row, times } from './figures.ts';

/** The reader process: its start, opening a file, its first runs, and single spans. */
export async function benchReader(file: string, spans: number): Promise<void> {
  const source = { kind: 'path', path: file, name: path.basename(file) } as const;
  const clock = { now: Date.now(), staleAfter: 600_000 };
  const query = { filter: 'all', offset: 0, limit: 200, clock } as const;
  const start = () => startReader(path.join(dist, 'reader.js'), () => undefined);

  console.log(`\nReader process, ${integer(spans)} spans, ${formatBytes(fs.statSync(file).size)}`);
  console.log(heading);
  const ready = await times(7, async () => {
    const reader = start();
    await reader.api.close('none');
    reader.dispose();
  });
  console.log(row('started, first answer', ready, '< 150'));

  const opened: number[] = [];
  const listed: number[] = [];
  for (let i = 0; i < 5; i++) {
    const reader = start();
    await reader.api.close('none');
    opened.push(...(await times(1, () => reader.api.open('f', source))));
    listed.push(...(await times(1, () => reader.api.runs('f', query))));
    reader.dispose();
  }
  console.log(row('open the file', opened));
  console.log(row('first 200 runs, all runs summed', listed));

  const reader = start();
  await reader.api.open('f', source);
  await reader.api.runs('f', query);
  const anywhere = (i: number) => `span-${(i * 7919) % spans}`;
  console.log(
    row(
      'a span anywhere in the file',
      await times(60, i => reader.api.span('f', anywhere(i), clock)),
      '< 100',
    ),
  );
  console.log(
    row('where a span is in the tree', await times(60, i => reader.api.locate('f', anywhere(i)))),
  );
  const page = { offset: 0, limit: 200 };
  console.log(
    row(
      'the spans of a run',
      await times(60, i =>
        reader.api.children('f', `run-${(i * 31) % (spans / 20)}`, undefined, page),
      ),
    ),
  );
  let from = await reader.api.nextFailure('f', undefined, 'next', clock);
  const next = async () => {
    from = await reader.api.nextFailure('f', from, 'next', clock);
  };
  console.log(row('the next failure', await times(40, next)));
  reader.dispose();
}
