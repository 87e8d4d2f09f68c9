import { integer } from '../../src/core/format.ts';
import { launchBrowser } from '../tools/browser.ts';
import { manyRuns } from '../unit/support/runs.ts';
import { frameRow, heading, row } from './figures.ts';
import { deliver, framesOf, heapOf, openTable } from './panelPage.ts';

const sizes = [1000, 20_000, 100_000] as const;

/** A list of many runs: what the page needs for its rows. Its host answers each page of rows at once. */
export async function benchTable(): Promise<void> {
  const [run] = manyRuns(1);
  if (!run) return;
  const browser = await launchBrowser();
  try {
    for (const runs of sizes) {
      console.log(`\nTable of ${integer(runs)} runs\n${heading}`);
      const page = await openTable(browser, run, runs);
      console.log(row('page: rows delivered, first rows painted', [await deliver(page)], '< 150'));
      await page.waitForTimeout(1000);
      for (const [how, what] of [
        ['steady', '4,000 px/s'],
        ['drag', 'bar dragged through all'],
      ] as const) {
        const frames = await framesOf(page, '.run-scroller', how, 3000);
        console.log(frameRow(`page: frames, ${what}`, frames));
      }
      const { objects, buffers } = await heapOf(page);
      console.log(`  page: heap ${(objects + buffers).toFixed(1)} MB`);
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
}
