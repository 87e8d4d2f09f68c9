import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { openView, openWorkbench, treeRow, webviewFrame } from '../tools/workbench.ts';
import { heading, row } from './figures.ts';

declare global {
  interface Window {
    /** When the mouse was last pressed, and when the frame that shows another heading was begun. */
    bench: { pressed: number; drawn: number };
  }
}

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
    await watchClock(page, panel);
    const taken: number[] = [];
    for (let i = 0; i < 18; i++) {
      taken.push(await clickAndRead(page, panel, spans.nth(i)));
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

/** Both pages note the time themselves, by one clock: what Playwright itself takes is not ours. */
async function watchClock(page: Page, panel: Frame): Promise<void> {
  await page.evaluate(() => {
    window.bench = { pressed: 0, drawn: 0 };
    window.addEventListener(
      'mousedown',
      () => {
        window.bench.pressed = Date.now();
      },
      true,
    );
  });
  await panel.evaluate(() => {
    window.bench = { pressed: 0, drawn: 0 };
    const heading = () => document.querySelector('h1')?.textContent;
    let shown = heading();
    const changed = () => {
      if (heading() === shown) return;
      shown = heading();
      requestAnimationFrame(() => {
        window.bench.drawn = Date.now();
      });
    };
    new MutationObserver(changed).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
}

async function clickAndRead(page: Page, panel: Frame, span: Locator): Promise<number> {
  await panel.evaluate(() => {
    window.bench.drawn = 0;
  });
  await span.click();
  await panel.waitForFunction(() => window.bench.drawn > 0, undefined, { timeout: 5000 });
  const pressed = await page.evaluate(() => window.bench.pressed);
  return (await panel.evaluate(() => window.bench.drawn)) - pressed;
}
