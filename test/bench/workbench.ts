import fs from 'node:fs';
import path from 'node:path';
import { openView, openWorkbench, treeRow, webviewFrame } from '../tools/workbench.ts';
import { heading, row } from './figures.ts';

/** From the key that selects a row of the tree until its span stands in the panel, as a person sees it. */
export async function benchSelecting(file: string, folder: string): Promise<void> {
  fs.copyFileSync(file, path.join(folder, 'agent_traces.db'));
  const { page, close } = await openWorkbench({ folder });
  try {
    await openView(page, 'Agent Traces');
    await treeRow(page, 'agent_traces.db').waitFor();
    await page.locator('.part.sidebar .monaco-list-row[aria-level="2"]').first().click();
    await page.keyboard.press('ArrowRight');
    await page.locator('.part.sidebar .monaco-list-row[aria-level="3"]').nth(17).waitFor();
    const panel = await webviewFrame(page, 'agent_');
    const taken: number[] = [];
    for (let i = 0; i < 18; i++) {
      const shown = panel.evaluate(
        async before => {
          while (document.querySelector('h1')?.textContent === before) {
            await new Promise(resolve => requestAnimationFrame(resolve));
          }
          return Date.now();
        },
        await panel.locator('h1').first().textContent(),
      );
      const start = Date.now();
      await page.keyboard.press('ArrowDown');
      taken.push((await shown) - start);
    }
    console.log('\nVS Code in Chromium, driven by keys');
    console.log(heading);
    console.log(row('a row is selected, its span is in the panel', taken, '< 100'));
  } finally {
    await close();
  }
}
