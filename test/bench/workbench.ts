import fs from 'node:fs';
import path from 'node:path';
import { openView, openWorkbench, treeRow, webviewFrame } from '../tools/workbench.ts';
import { heading, row } from './figures.ts';

/** From the click on a row of the tree until its span stands in the panel, as a person sees it. */
export async function benchSelecting(file: string, folder: string): Promise<void> {
  fs.copyFileSync(file, path.join(folder, 'agent_traces.db'));
  const { page, close } = await openWorkbench({ folder });
  try {
    await openView(page, 'Agent Traces');
    await treeRow(page, 'agent_traces.db').waitFor();
    await page.locator('.part.sidebar .monaco-list-row[aria-level="2"]').first().click();
    const spans = page.locator('.part.sidebar .monaco-list-row[aria-level="3"]');
    await spans.nth(17).waitFor();
    const panel = await webviewFrame(page, 'agent_');
    const title = panel.locator('h1').first();
    const taken: number[] = [];
    for (let i = 0; i < 18; i++) {
      const before = await title.textContent();
      const start = performance.now();
      await spans.nth(i).click();
      while ((await title.textContent({ timeout: 5000 })) === before) {
        if (performance.now() - start > 5000) throw new Error('The panel did not follow the tree.');
      }
      taken.push(performance.now() - start);
      // A person rests on a row before going on.
      await page.waitForTimeout(150);
    }
    console.log('\nVS Code in Chromium, clicked');
    console.log(heading);
    console.log(row('a row is clicked, its span is in the panel', taken, '< 100'));
  } finally {
    await close();
  }
}
