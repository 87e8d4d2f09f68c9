// The waterfall of a run in a real VS Code, used by pointer and by keys. Screenshots go to test/out/shots.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import {
  runCommand,
  screenshot,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { sampleWindow } from './support/sampleWindow.ts';
import { setTheme, setWidth } from './support/theme.ts';

const shots = inRepo('test/out/shots');
const current = '.wf-current .wf-name bdi';

describe('the waterfall of a run', () => {
  let workbench: Workbench;
  let list: Frame;
  let folder: string;
  const shot = (what: string) => screenshot(workbench.page, path.join(shots, `${what}.png`));
  const press = async (...keys: string[]) => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const currentIs = async (name: string) =>
    list
      .locator(current)
      .filter({ hasText: new RegExp(`^${name}$`) })
      .waitFor();
  const rowCount = async () => Number(await grid().getAttribute('aria-rowcount'));
  const grid = () => list.getByRole('treegrid', { name: /invoice_reconcile/ });

  before(async () => {
    ({ workbench, folder } = await sampleWindow({ width: 1400, height: 900 }));
  });

  it('shows the spans of the run that is chosen, and where it failed and why', async () => {
    const { page } = workbench;
    await treeRow(page, 'agent_traces.db').dblclick();
    list = await webviewFrame(page, 'support_triage');
    await list
      .getByRole('row', { name: /failed.*invoice_reconcile/i })
      .first()
      .click();
    await grid().waitFor();
    assert.equal(await rowCount(), 15);
    await list.getByText('15 spans, all shown').waitFor();
    await list.getByText(/critical path 1\d\.\d\d s/).waitFor();
    const failing = list.getByRole('row', { name: /^post_journal_entry, tool, failed, 440 ms/ });
    await failing.waitFor();
    const cause = list.getByRole('row', { name: /^llm_continuation, LLM, OK, cause/ });
    await cause.locator('.wf-tag', { hasText: 'cause' }).waitFor();
    assert.equal(await list.locator('.wf-link').count(), 1, 'a line connects the two');
    await list.getByRole('row', { name: /failed, recovered/ }).waitFor();
  });

  it('is walked by keys, and Enter shows the span without taking the focus', async () => {
    await grid().focus();
    await press('Home', 'ArrowDown', 'ArrowDown');
    await currentIs('list_open_invoices');
    await press('End');
    await currentIs('post_journal_entry');
    await press('Enter');
    const panel = await webviewFrame(workbench.page, 'Asked for');
    await panel.getByText('entry does not balance').first().waitFor();
    assert.equal(await list.locator('.wf-shown .wf-name bdi').textContent(), 'post_journal_entry');
    await press('ArrowUp');
    await currentIs('llm_continuation');
  });

  it('marks the span that the panel goes to, and brings it into view', async () => {
    const panel = await webviewFrame(workbench.page, 'Asked for');
    await panel.getByRole('button', { name: 'Go to Cause' }).click();
    await list.locator('.wf-shown', { hasText: 'llm_continuation' }).waitFor();
    await currentIs('llm_continuation');
    await grid().focus();
  });

  it('folds and unfolds: one span, by levels, and all', async () => {
    await press('Home');
    for (let i = 0; i < 5; i++) await press('ArrowDown');
    await currentIs('fx_rate_agent');
    await press('ArrowLeft');
    await list.getByText('12 of 15 spans shown').waitFor();
    assert.equal(await list.locator('.wf-current').getAttribute('aria-expanded'), 'false');
    await press('ArrowRight');
    assert.equal(await rowCount(), 15);
    await press('1');
    await currentIs('invoice_reconcile');
    assert.equal(await rowCount(), 1);
    await press('2');
    assert.equal(await rowCount(), 12);
    await press('0');
    assert.equal(await rowCount(), 15);
    await list.locator('.wf-row', { hasText: 'fx_rate_agent' }).locator('.wf-twistie').click();
    assert.equal(await rowCount(), 12);
    await press('ArrowRight');
  });

  it('zooms by keys, wheel and the strip, and fits again', async () => {
    const { page } = workbench;
    const last = () => list.locator('.wf-tick-last').textContent();
    const whole = await last();
    await press('+', '+');
    assert.notEqual(await last(), whole);
    await press('f');
    assert.equal(await last(), whole);
    await page.mouse.move(0, 0);
    await list.locator('.wf-row').nth(8).locator('.wf-plot').hover();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    await list
      .locator('.wf-tick-last')
      .filter({ hasNotText: String(whole) })
      .waitFor();
    await press('f');
    const strip = await list.locator('.wf-strip').boundingBox();
    assert.ok(strip);
    const y = strip.y + strip.height / 2;
    await page.mouse.move(strip.x + strip.width * 0.7, y);
    await page.mouse.down();
    await page.mouse.move(strip.x + strip.width * 0.9, y, { steps: 4 });
    await page.mouse.up();
    await list
      .locator('.wf-tick-last')
      .filter({ hasNotText: String(whole) })
      .waitFor();
    await shot('waterfall-zoomed');
    await list.getByRole('button', { name: 'Fit (F)' }).click();
    assert.equal(await last(), whole);
  });

  it('goes to the cause and back', async () => {
    await list.getByRole('button', { name: /^Go to Cause/ }).click();
    await currentIs('llm_continuation');
    await press('Alt+C');
    await currentIs('post_journal_entry');
  });

  it('can be read in every theme and width', async () => {
    const { page } = workbench;
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    const look = async (width: number, name: string) => {
      await setWidth(page, width, list);
      await shot(`waterfall-${name}`);
      const beyond = await list.evaluate(() => document.body.scrollWidth > window.innerWidth);
      assert.ok(!beyond, `nothing reaches beyond a view of ${name}`);
    };
    // Half of it is the span's.
    await look(860, '400-dark');
    const narrow = await list.evaluate(() => window.innerWidth);
    assert.ok(narrow < 440, `${narrow} px`);
    await look(2000, '2000-dark');
    await look(1400, '1400-dark');
    for (const theme of ['light', 'hc'] as const) {
      await setTheme(page, folder, theme, [list]);
      await look(1400, `1400-${theme}`);
    }
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
