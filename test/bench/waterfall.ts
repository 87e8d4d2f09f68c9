import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { formatBytes, integer } from '../../src/core/format.ts';
import { startReader } from '../../src/node/readerProcess.ts';
import type { Waterfall } from '../../src/protocol/reader.ts';
import { launchBrowser } from '../tools/browser.ts';
import { dist } from '../unit/support/traceDb.ts';
import { frameRow, heading, row, times } from './figures.ts';
import { writeLongRun } from './longRun.ts';
import { deliver, foldTimes, framesOf, heapOf, openPanel } from './panelPage.ts';

const sizes = [1000, 20_000, 100_000] as const;

/** Measured on the same kind of machine; see issue 3. */
const jaeger = `  Jaeger UI at 20,000 / 100,000 spans: first rows 680 / 1,750 ms, drag p95 425 - 630 ms a frame,
  expand root 150 - 190 ms, heap 79 / 315 MB, critical path fails with a stack overflow
  a bare virtual list with tree columns only: first rows 85 ms, every frame under 18 ms, expand root 5 ms`;

/** A run as a waterfall: what the reader needs for its columns, and what the page needs for its rows. */
export async function benchWaterfall(folder: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    for (const spans of sizes) {
      const columns = await benchColumns(path.join(folder, `run-${spans}.db`), spans);
      await benchPage(browser, columns);
    }
    console.log(`\n${jaeger}`);
  } finally {
    await browser.close();
  }
}

async function benchColumns(file: string, spans: number): Promise<Waterfall> {
  writeLongRun(file, spans);
  const size = formatBytes(fs.statSync(file).size);
  console.log(`\nWaterfall of ${integer(spans)} spans, ${size}\n${heading}`);
  const source = { kind: 'path', path: file, name: path.basename(file) } as const;
  const clock = { now: Date.now(), staleAfter: 600_000 };
  const query = { filter: 'all', offset: 0, limit: 200, clock } as const;
  const reader = startReader(path.join(dist, 'reader.js'), line => console.log(line));
  try {
    await reader.api.open('f', source);
    const indexed = await times(1, () => reader.api.runs('f', query));
    console.log(row('reader: the run is listed (not the waterfall)', indexed));
    const ask = () => reader.api.waterfall('f', 'run', clock);
    console.log(row('reader: columns, asked for the first time', await times(1, ask)));
    console.log(row('reader: columns, asked for again', await times(5, ask)));
    return await ask();
  } finally {
    reader.dispose();
  }
}

async function benchPage(browser: Browser, columns: Waterfall): Promise<void> {
  const page = await openPanel(browser, columns.run);
  try {
    const aim = columns.count > 20_000 ? '< 300' : '< 150';
    console.log(
      row('page: data delivered, first rows painted', [await deliver(page, columns)], aim),
    );
    await page.waitForTimeout(1000);
    for (const [how, what] of [
      ['steady', '4,000 px/s'],
      ['drag', 'bar dragged through all'],
    ] as const) {
      const frames = await framesOf(page, '.wf-scroller', how, 3000);
      console.log(frameRow(`page: frames, ${what}`, frames));
    }
    console.log(row('page: fold and unfold a node', await foldTimes(page, 1, 10), '< 16'));
    console.log(row('page: fold and unfold the root', await foldTimes(page, 0, 10), '< 16'));
    const { objects, buffers } = await heapOf(page);
    const held = `${objects.toFixed(1)} MB objects + ${buffers.toFixed(1)} MB buffers`;
    console.log(`  ${'page: heap'.padEnd(54)}${held.padStart(27)}  < 60`);
  } finally {
    await page.context().close();
  }
}
