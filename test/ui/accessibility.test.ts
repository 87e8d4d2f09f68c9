// What axe finds in the pages, and that nothing is cut off or moves where a person asked for that.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';

const axe = fs.readFileSync(inRepo('node_modules/axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly impact: string;
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Serious and critical findings, each with the first element it was found at. */
async function findings(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe);
  const found: readonly Finding[] = await frame.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(what: Document): Promise<{ violations: readonly Finding[] }> };
    };
    return (await axe.run(document)).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes[0]?.html.slice(0, 200)}`);
}

for (const theme of ['Default Dark Modern', 'Default Light Modern']) {
  describe(`accessibility, ${theme}`, () => {
    let workbench: Workbench;
    const folder = temporaryFolder('ui');

    before(async () => {
      const sample = inRepo('dist/sample.agent-traces.db');
      fs.copyFileSync(sample, path.join(folder.path, 'agent_traces.db'));
      workbench = await openWorkbench({
        folder: folder.path,
        settings: { 'workbench.colorTheme': theme },
        viewport: { width: 1700, height: 1000 },
      });
    });

    after(async () => {
      await workbench?.close();
      folder.remove();
    });

    it('axe finds nothing serious in the overview with its waterfall, nor in the tabs of a span', async () => {
      const { page } = workbench;
      await openView(page, 'Explorer');
      await treeRow(page, 'agent_traces.db').dblclick();
      const overview = await webviewFrame(page, 'Duration');
      const failed = overview.locator('.run-row', { hasText: 'invoice_reconcile' }).first();
      await failed.click();
      await overview.locator('.wf-row').first().waitFor();
      assert.deepEqual(await findings(overview), []);
      await failed.dblclick();
      const panel = await webviewFrame(page, 'Asked for');
      assert.deepEqual(await findings(panel), []);
      await panel.getByRole('button', { name: 'Go to Cause' }).click();
      await panel.getByRole('tab', { name: /^Response/, selected: true }).waitFor();
      for (const name of ['Response', 'Prompt', 'Metadata', 'Events', 'Raw']) {
        await panel.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
        await panel.locator(`#panel-${name.toLowerCase()}`).waitFor();
        assert.deepEqual(await findings(panel), [], name);
      }
    });

    it('at twice the size no page is wider than its place, and nothing moves unasked', async () => {
      const { page } = workbench;
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 850, height: 500 });
      for (const text of ['Duration', 'call 6']) {
        const frame = await webviewFrame(page, text);
        const over = await frame.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(over, 0, `the page with ${text}`);
        assert.equal(await frame.evaluate(() => document.getAnimations().length), 0);
      }
    });
  });
}
