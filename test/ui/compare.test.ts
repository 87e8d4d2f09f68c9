// Compare With…, the status bar and the text filter, used the way a person does. Screenshots: test/out/shots.
import assert from 'node:assert/strict';
import path from 'node:path';
import { inRepo } from '../tools/repo.ts';
import {
  chooseInMenu,
  openView,
  runCommand,
  screenshot,
  tab,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { sampleWindow } from './support/sampleWindow.ts';
import { drawn, setTheme } from './support/theme.ts';

const shots = inRepo('test/out/shots');

describe('comparing, counting and filtering', () => {
  let workbench: Workbench;
  let folder: string;
  const shot = (what: string) => screenshot(workbench.page, path.join(shots, `${what}.png`));
  const rows = () => workbench.page.locator('.part.sidebar .monaco-list-row');
  const failedRun = () =>
    rows().filter({ hasText: 'invoice_reconcile' }).filter({ hasText: 'failed' }).first();
  const input = () => workbench.page.locator('.quick-input-widget input:visible').first();
  const focusedItem = () => workbench.page.locator('.quick-input-list .monaco-list-row.focused');
  const selected = () => workbench.page.locator('.part.sidebar .monaco-list-row.selected');

  before(async () => {
    ({ workbench, folder } = await sampleWindow({ width: 1500, height: 900 }));
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    const file = treeRow(page, 'agent_traces.db');
    await file.waitFor();
    if ((await file.getAttribute('aria-expanded')) === 'false') await file.click();
    await failedRun().waitFor();
    // Rows that are drawn anew take an open menu away: what stands out in runs is told once, a moment later.
    await rows().filter({ hasText: 'silent failure' }).first().waitFor();
  });

  it('sets a failed run beside one that went well, from its row', async () => {
    const { page } = workbench;
    await chooseInMenu(failedRun(), 'Compare With…');
    await focusedItem().filter({ hasText: 'invoice_reconcile' }).waitFor();
    await shot('compare-pick-dark');
    await page.keyboard.press('Enter');
    const compare = await webviewFrame(page, 'First Difference');
    await compare.getByText('Difference', { exact: true }).first().waitFor();
    assert.match(await compare.locator('.figure-table').innerText(), /Duration[\s\S]*[+−]/);
    await shot('compare-dark');
  });

  it('sorts names by how much they differ, by keyboard', async () => {
    const compare = await webviewFrame(workbench.page, 'First Difference');
    const head = compare.getByRole('columnheader', { name: 'Cost' });
    await head.getByRole('button').focus();
    await workbench.page.keyboard.press('Enter');
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await workbench.page.keyboard.press('Enter');
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  });

  it('shows where they part, and the prompts that led there in the diff editor', async () => {
    const { page } = workbench;
    const compare = await webviewFrame(page, 'First Difference');
    await compare.getByRole('button', { name: 'Show', exact: true }).first().click();
    await page.locator('.part.sidebar .monaco-list-row.selected[aria-level="3"]').waitFor();
    await compare.getByRole('button', { name: 'Compare Prompts' }).click();
    await page.locator('.monaco-diff-editor').first().waitFor();
    await page.locator('.tab.active', { hasText: /↔ .*, prompt/ }).waitFor();
    await page.locator('.monaco-diff-editor .view-line').first().waitFor();
    await shot('compare-diff-dark');
  });

  it('compares two calls, from the menu of the span panel', async () => {
    const { page } = workbench;
    await rows()
      .filter({ hasText: /^llm_continuation/ })
      .nth(1)
      .click();
    await page.locator('.tab.active', { hasText: 'llm_continuation' }).waitFor();
    const panel = await webviewFrame(page, 'Response');
    await panel.getByRole('button', { name: 'More Actions' }).click();
    await panel.getByRole('menuitem', { name: 'Compare With…' }).click();
    await focusedItem().filter({ hasText: 'llm_continuation' }).waitFor();
    await page.keyboard.press('Enter');
    await focusedItem().filter({ hasText: 'Prompt' }).waitFor();
    await shot('compare-part-dark');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: /↔ .*, response/ }).waitFor();
  });

  it('counts runs, failures and cost in the status bar, and lists the failures', async () => {
    const { page } = workbench;
    const item = page.locator('.statusbar-item', { hasText: /51 runs · \d+ failed · \$/ });
    await rows().filter({ hasText: 'support_triage' }).first().click();
    await selected().filter({ hasText: 'support_triage' }).waitFor();
    await item.hover();
    await item.click();
    await focusedItem().first().waitFor();
    await selected().filter({ hasText: 'failed' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await shot('failures-dark');
    await page.keyboard.press('Escape');
    await selected().filter({ hasText: 'support_triage' }).waitFor();
    await item.click();
    await input().fill('balance');
    await focusedItem().filter({ hasText: 'invoice_reconcile' }).waitFor();
    await page.keyboard.press('Enter');
    const panel = await webviewFrame(page, 'Asked for');
    // It takes the focus, from any list that would be open by then.
    await panel.waitForFunction(() => document.hasFocus());
  });

  it('filters runs by what is typed, and says how many of how many', async () => {
    const { page } = workbench;
    const list = focusedItem().filter({ hasText: 'All runs' });
    // The panel of the failure may take the focus once more, which closes a list; a person opens it again.
    for (let attempt = 0; attempt < 3 && !(await list.isVisible()); attempt++) {
      await runCommand(page, 'Agent Traces: Filter Runs…');
      await list.waitFor({ timeout: 8000 }).catch(error => {
        if (attempt === 2) throw error;
      });
    }
    await input().fill('LedgerERROR');
    await focusedItem()
      .filter({ hasText: /^Runs with “LedgerERROR”/ })
      .waitFor();
    await page.keyboard.press('Enter');
    const message = page.locator('.part.sidebar .message', { hasText: /1 of 51/ });
    await message.waitFor();
    await shot('filter-dark');
    await page.getByRole('button', { name: 'Clear Filter' }).first().click();
    await message.waitFor({ state: 'detached' });
  });

  it('opens our walkthrough', async () => {
    const { page } = workbench;
    const step = (title: string) => page.locator('.getting-started-step', { hasText: title });
    // VS Code reads the walkthroughs of extensions only when it is first asked for one, and takes up to five
    // seconds where it waits for its experiments in vain; until then it shows its own.
    for (let attempt = 0; attempt < 5 && !(await step('Jump to its cause').count()); attempt++) {
      await runCommand(page, 'Agent Traces: Open Walkthrough');
      await step('Jump to its cause')
        .first()
        .waitFor({ timeout: 2500 })
        .catch(() => undefined);
    }
    for (const title of ['Find the span that failed', 'Record your own agent', 'Jump to its cause'])
      await step(title).first().click();
    await page.locator('.getting-started-step.expanded', { hasText: 'Go to Cause' }).waitFor();
    await shot('walkthrough-dark');
  });

  it('reads as well in other themes and at 400 pixels', async () => {
    const { page } = workbench;
    await tab(page, 'Compare invoice_reconcile').click();
    for (const theme of ['light', 'hc'] as const) {
      const frame = await webviewFrame(page, 'First Difference');
      await setTheme(page, folder, theme, [frame]);
      await drawn(frame);
      await shot(`compare-${theme}`);
    }
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await runCommand(page, 'View: Close Editors in Other Groups');
    await page.setViewportSize({ width: 448, height: 900 });
    const compare = await webviewFrame(page, 'First Difference');
    const fits = await compare.evaluate(() => {
      const view = document.querySelector('.view');
      return view !== null && view.scrollWidth <= view.clientWidth;
    });
    await shot('compare-400');
    assert.ok(fits, 'nothing has to be scrolled sideways');
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
