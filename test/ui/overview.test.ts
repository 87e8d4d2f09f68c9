// The overview of a trace file, used by keyboard. Screenshots go to test/out/shots.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import initSqlJs from 'sql.js';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  runCommand,
  screenshot,
  tab,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { setTheme, setWidth, type Theme } from './support/theme.ts';

const shots = inRepo('test/out/shots');

/** As a tracer does it, in one write. */
async function addRun(file: string): Promise<void> {
  const sqlite = await initSqlJs({ locateFile: name => inRepo('dist', name) });
  const db = new sqlite.Database(fs.readFileSync(file));
  const now = Date.now() / 1000;
  db.run(
    "INSERT INTO spans VALUES ('new', 'new', NULL, 'newcomer', ?, ?, 'ok', 0, 0, 0, '', '{}', NULL)",
    [now - 2, now],
  );
  fs.writeFileSync(file, db.export());
  db.close();
}

/** @param runs the list of runs is shown */
async function overview({ page }: Workbench, runs = true): Promise<Frame> {
  const frame = await webviewFrame(page, 'Duration', 40_000);
  if (runs) await frame.getByRole('grid').waitFor();
  return frame;
}

/** In the widths that a split editor, a laptop and a large screen give it; the side bar is hidden. */
async function picture({ page }: Workbench, frame: Frame, theme: Theme): Promise<void> {
  for (const width of [400, 1400, 2000]) {
    await setWidth(page, width + 48, frame);
    await screenshot(page, path.join(shots, `overview-${theme}-${width}.png`));
  }
  await setWidth(page, 1400, frame);
}

const first = (frame: Frame) => frame.locator('.run-row[aria-rowindex="2"]');
const found = (frame: Frame) => frame.locator('.toolbar output');

describe('the overview', () => {
  let workbench: Workbench;
  const folder = temporaryFolder('ui');
  const file = path.join(folder.path, 'agent_traces.db');

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    fs.copyFileSync(inRepo('dist/sample.agent-traces.db'), file);
    workbench = await openWorkbench({
      folder: folder.path,
      viewport: { width: 1400, height: 900 },
    });
    await openView(workbench.page, 'Explorer');
    await treeRow(workbench.page, 'agent_traces.db').dblclick();
  });

  after(() => workbench?.close().finally(folder.remove));

  it('says how many runs there are, and sums them up', async () => {
    const frame = await overview(workbench);
    assert.equal(await found(frame).textContent(), '51 of 51 runs');
    assert.equal(await frame.getByRole('img').count(), 5, 'five charts, each with its words');
  });

  it('is sorted by cost with the keyboard', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await frame.getByRole('grid').focus();
    for (const key of ['ArrowUp', 'End', 'Enter']) await page.keyboard.press(key);
    await frame.locator('th[aria-sort="descending"]', { hasText: 'Cost' }).waitFor();
    await frame.locator('.run-row[aria-rowindex="2"]', { hasText: 'research_agent' }).waitFor();
    const costs = await frame.locator('.run-row td:last-child').allTextContents();
    const amounts = costs.slice(0, 8).map(text => Number(text.replace(/[^\d.]/g, '')));
    assert.deepEqual(
      amounts,
      [...amounts].sort((a, b) => b - a),
    );
  });

  it('has its rows in their order, whatever order they have in the page', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await frame.getByRole('grid').focus();
    for (const key of ['ArrowDown', 'End']) await page.keyboard.press(key);
    await frame.locator('.run-row[aria-rowindex="52"]').waitFor();
    const { owned, inPage } = await frame.locator('.run-grid tbody').evaluate(body => {
      const place = (row: Element | null) => Number(row?.getAttribute('aria-rowindex'));
      const ids = body.getAttribute('aria-owns')?.split(' ') ?? [];
      return {
        owned: ids.map(id => place(document.getElementById(id))),
        inPage: [...body.children].map(place),
      };
    });
    const sorted = [...inPage].sort((a, b) => a - b);
    assert.notDeepEqual(inPage, sorted, 'after a scroll they stand in another order');
    assert.deepEqual(owned, sorted);
    await page.keyboard.press('Home');
  });

  it('is filtered from anywhere with /, and a run is selected', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await page.keyboard.press('/');
    await page.keyboard.type('error:balance');
    await found(frame)
      .filter({ hasText: /^1 of 51 runs$/ })
      .waitFor();
    await first(frame).filter({ hasText: 'entry does not balance' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await first(frame).and(frame.locator('[aria-selected="true"]')).waitFor();
    await frame.getByRole('region', { name: 'Selected Run' }).waitFor();
  });

  it('is the same after the window was loaded anew', async () => {
    // The page of before shows the same for a moment.
    const loaded = workbench.page.waitForEvent('load');
    await runCommand(workbench.page, 'Developer: Reload Window');
    await loaded;
    const frame = await overview(workbench);
    assert.equal(
      await frame.getByRole('combobox', { name: 'Filter:' }).inputValue(),
      'error:balance',
    );
    assert.equal(await found(frame).textContent(), '1 of 51 runs');
    assert.equal(await first(frame).getAttribute('aria-selected'), 'true');
    await frame.locator('th[aria-sort="descending"]', { hasText: 'Cost' }).waitFor();
  });

  it('takes in a new run of a live file, and keeps filter, order and selection', async () => {
    await addRun(file);
    const frame = await overview(workbench);
    await found(frame).filter({ hasText: '1 of 52 runs' }).waitFor();
    assert.equal(await first(frame).getAttribute('aria-selected'), 'true');
    await frame.getByRole('combobox', { name: 'Filter:' }).fill('');
    await found(frame).filter({ hasText: '52 of 52 runs' }).waitFor();
    await frame.getByRole('combobox', { name: 'Filter:' }).fill('newcomer');
    await first(frame).filter({ hasText: 'newcomer' }).waitFor();
  });

  it('says that nothing matches, and shows everything again', async () => {
    const frame = await overview(workbench);
    await frame.getByRole('combobox', { name: 'Filter:' }).fill('ledgerdemain');
    await frame.getByText('No run matches “ledgerdemain”.').waitFor();
    assert.equal(await found(frame).textContent(), '0 of 52 runs');
    await frame.getByRole('button', { name: 'Clear' }).click();
    await found(frame).filter({ hasText: '52 of 52 runs' }).waitFor();
    await frame.getByRole('button', { name: 'Group by Session' }).click();
    const session = frame.locator('.session-row').first();
    await session.filter({ hasText: 'Session inbox-' }).waitFor();
    const rows = Number(await frame.getByRole('grid').getAttribute('aria-rowcount'));
    await session.click();
    await frame.locator('.session-row[aria-expanded="false"]').first().waitFor();
    assert.ok(Number(await frame.getByRole('grid').getAttribute('aria-rowcount')) < rows);
    await session.click();
    await frame.getByRole('button', { name: 'Group by Session' }).click();
  });

  it('lists what stands out; a press shows the span, with what it was concluded from', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await frame.locator('.run-row', { hasText: 'MaxTurnsExceeded' }).scrollIntoViewIfNeeded();
    const marks = frame.locator('.run-row', { hasText: 'MaxTurnsExceeded' }).locator('.run-mark');
    await marks.filter({ hasText: 'Loop' }).waitFor();
    await frame.getByRole('tab', { name: /^Insights/ }).click();
    const rows = frame.locator('.insight-row');
    await rows.filter({ hasText: 'called 14 times' }).click();
    const panel = await webviewFrame(page, 'Metadata');
    const insight = panel.locator('.span-insight', { hasText: 'called 14 times' });
    await insight.click();
    await panel.locator('.insight-evidence li').first().waitFor();
    await panel.locator('.other-spans button').first().click();
    await insight.and(panel.locator('[aria-expanded="false"]')).waitFor();
    assert.equal(await frame.locator('.selected-run h2').textContent(), 'research_agent');
    await rows.first().focus();
    for (const key of ['End', 'ArrowUp', 'Home', 'ArrowDown']) await page.keyboard.press(key);
    await rows.nth(1).and(frame.locator(':focus')).waitFor();
    const all = await rows.count();
    await frame.getByRole('button', { name: /^Failed/ }).click();
    await frame.waitForFunction(
      before => document.querySelectorAll('.insight-row').length < before,
      all,
    );
    await frame.getByRole('button', { name: /^All/ }).click();
    await frame.locator('.insights-failed button', { hasText: /runs failed/ }).click();
    await frame.locator('.segment[aria-pressed="true"]', { hasText: 'Failed' }).waitFor();
    await frame.getByRole('button', { name: /^All/ }).click();
    await tab(page, 'tool_execution')
      .getByRole('button', { name: /^Close/ })
      .click();
  });

  it('sums costs up by tool, model and day, and draws the calls of a run', async () => {
    const { page } = workbench;
    const frame = await overview(workbench, false);
    await frame.getByRole('tab', { name: 'Costs' }).click();
    const rows = frame.locator('.cost-table tbody tr');
    await rows.filter({ hasText: 'fetch_page' }).locator('.bar-passed').waitFor();
    await rows.filter({ hasText: 'acme-large-2' }).filter({ hasText: 'unpriced' }).waitFor();
    await frame
      .getByRole('img', { name: /^Failed from/ })
      .last()
      .waitFor();
    const chart = frame.getByRole('slider', { name: /^Context per call: from/ });
    await chart.waitFor();
    const columns = chart.locator('.call-hit');
    const current = frame.locator('.call-dot.call-current');
    assert.equal(await current.count(), 0, 'a tool is selected');
    // Without the menu that VS Code opens on a real one: it comes late, and would lie over the chart.
    for (const type of ['pointerdown', 'pointerup', 'auxclick']) {
      await columns.first().dispatchEvent(type, { button: 2 });
    }
    assert.equal(await current.count(), 0, 'only a press of the main button goes to a call');
    await columns.first().click();
    await current.waitFor();
    const first = await current.getAttribute('cx');
    await chart.focus();
    await page.keyboard.press('End');
    await frame
      .locator('.call-charts figcaption')
      .getByText(/^Call [1-9]\d*, /)
      .waitFor();
    await page.keyboard.press('Enter');
    await frame.waitForFunction(
      was => document.querySelector('.call-dot.call-current')?.getAttribute('cx') !== was,
      first,
    );
    await tab(page, 'llm_continuation')
      .getByRole('button', { name: /^Close/ })
      .click();
    await frame.getByRole('button', { name: 'Tokens per Call' }).click();
    await frame.locator('.call-charts').waitFor({ state: 'detached' });
    const isAsked = (text: string) =>
      frame.waitForFunction(
        wanted => document.querySelector<HTMLInputElement>('.toolbar input')?.value === wanted,
        text,
      );
    await rows.filter({ hasText: 'fetch_page' }).locator('.bar-cell').click();
    await isAsked('tool="fetch_page"');
    await frame.locator('.run-row').first().waitFor();
    await frame.getByRole('tab', { name: 'Costs' }).click();
    await frame.getByRole('button', { name: 'claude-sonnet-4-5' }).press('Enter');
    await isAsked('model="claude-sonnet-4-5"');
    await frame.getByRole('grid').and(frame.locator(':focus')).waitFor();
    await frame.getByRole('tab', { name: 'Costs' }).click();
    const cut = await frame
      .locator('.cost-table:not(.unseen *) td:last-child')
      .evaluateAll(cells => {
        const right = document.querySelector('.costs')?.getBoundingClientRect().right ?? 0;
        return cells.filter(cell => cell.getBoundingClientRect().right > right).length;
      });
    assert.equal(cut, 0, 'figures that are cut off');
    await setWidth(workbench.page, 448, frame);
    for (const name of ['Costs', 'Insights']) {
      await frame.getByRole('tab', { name }).click();
      await frame.locator(`.${name.toLowerCase()}`).waitFor();
      const blank = await frame.evaluate(() => {
        const view = document.querySelector('.view');
        const end = document.querySelector('.split')?.getBoundingClientRect().bottom ?? 0;
        const top = view?.getBoundingClientRect().top ?? 0;
        return (view?.scrollHeight ?? 0) - (view?.scrollTop ?? 0) - (end - top);
      });
      assert.ok(blank < 2, `${blank} pixels of nothing below ${name}`);
    }
    await screenshot(workbench.page, path.join(shots, 'insights-dark-400.png'));
    await setWidth(workbench.page, 1400, frame);
    await frame.getByRole('tab', { name: 'Runs' }).click();
    await frame.locator('.toolbar input').fill('');
    await found(frame).filter({ hasText: '52 of 52 runs' }).waitFor();
  });

  it('is pictured in every theme and width', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await picture(workbench, frame, 'dark');
    await frame.locator('.run-row').nth(2).click();
    for (const theme of ['light', 'hc'] as const) {
      await setTheme(page, folder.path, theme, [frame]);
      await picture(workbench, frame, theme);
    }
  });

  it('shows the root of a run', async () => {
    const { page } = workbench;
    const frame = await overview(workbench);
    await frame.getByRole('grid').focus();
    for (const key of ['Home', 'Enter']) await page.keyboard.press(key);
    await tab(page, 'research_agent').waitFor();
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
