import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { integer } from '../../src/core/format.ts';
import { openView, openWorkbench, treeRow } from '../tools/workbench.ts';
import { percentileRow } from './figures.ts';

declare global {
  interface Window {
    /** When the row of a run was first in the tree, by the name of the run. */
    seen: Record<string, number>;
  }
}

const commits = 40;
/** Those while the file is still read for the first time, and the window draws its first rows. */
const before = 4;

/** From the end of a commit until the tree shows the run that it wrote, in a file of many spans. */
export async function benchFollowing(file: string, folder: string, spans: number): Promise<void> {
  const live = path.join(folder, 'agent_traces.db');
  fs.copyFileSync(file, live);
  const { page, close } = await openWorkbench({ folder });
  try {
    await openView(page, 'Agent Traces');
    await treeRow(page, 'agent_traces.db').waitFor();
    await page.locator('.part.sidebar .monaco-list-row[aria-level="2"]').first().waitFor();
    await watchTree(page);
    console.log(`\nVS Code in Chromium, a file of ${integer(spans)} spans that is written to`);
    for (const mode of ['delete', 'wal'] as const) {
      const taken = await write(page, live, mode);
      console.log(
        percentileRow(`commit (${mode}) to row in tree, after ${before}`, taken, 'p95 < 100'),
      );
    }
  } finally {
    await close();
  }
}

async function watchTree(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.seen = {};
    const look = () => {
      for (const label of document.querySelectorAll('.part.sidebar .monaco-list-row .label-name')) {
        const name = label.textContent ?? '';
        if (name.startsWith('live-'))
          window.seen[name] ??= performance.timeOrigin + performance.now();
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
}

async function write(page: Page, file: string, mode: string): Promise<readonly number[]> {
  const db = new DatabaseSync(file);
  const taken: number[] = [];
  try {
    db.exec(`PRAGMA journal_mode = ${mode}`);
    const insert = db.prepare(`INSERT OR REPLACE INTO spans
      VALUES (?, ?, NULL, ?, ?, NULL, 'running', 0, 0, 0, '', '{}', NULL)`);
    for (let i = -before; i < commits; i++) {
      const name = `live-${mode}-${i}`;
      insert.run(name, name, name, Date.now() / 1000);
      const committed = performance.timeOrigin + performance.now();
      await page.waitForFunction(run => window.seen[run] !== undefined, name, { timeout: 20_000 });
      const took = (await page.evaluate(run => window.seen[run] ?? 0, name)) - committed;
      if (i >= 0) taken.push(took);
      // Agents do something between two spans.
      await page.waitForTimeout(150 + ((Math.abs(i) * 37) % 100));
    }
  } finally {
    db.close();
  }
  return taken;
}
