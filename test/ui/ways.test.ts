// Ways that must stay open in the overview: to the cause, to the order, to a run that is filtered out, and
// to what was seen before a file broke.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Frame } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import { runCommand, tab, treeRow, type Workbench, webviewFrame } from '../tools/workbench.ts';
import { sampleWindow } from './support/sampleWindow.ts';

const usualSize = { width: 1400, height: 900 };

describe('ways through the overview', () => {
  let workbench: Workbench;
  let frame: Frame;
  let file: string;
  const press = async (...keys: string[]) => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const failed = () =>
    frame
      .locator('.run-row', { hasText: 'research_agent' })
      .filter({ hasText: /failed/i })
      .first();
  const treegrid = () => frame.getByRole('treegrid');
  const rowCount = async () => Number(await treegrid().getAttribute('aria-rowcount'));

  before(async () => {
    ({ workbench, file } = await sampleWindow(usualSize));
    await treeRow(workbench.page, 'agent_traces.db').dblclick();
    frame = await webviewFrame(workbench.page, 'Duration', 40_000);
    await failed().click();
    await treegrid().waitFor();
  });

  it('say where a cause is that is out of sight, and lead there', async () => {
    await frame.getByText('MaxTurnsExceeded').last().waitFor();
    const cause = frame.locator('.wf-jump', { hasText: 'cause below' });
    await cause.focus();
    await press('Enter');
    await frame.locator('.wf-current .wf-tag', { hasText: 'cause' }).waitFor();
    await frame.locator('.wf-jump', { hasText: /^cause(?! below)/ }).waitFor();
    await webviewFrame(workbench.page, 'ended on it and failed');
  });

  it('tell of a row only what is of that row, also when others take its place', async () => {
    await treegrid().focus();
    await press('Home');
    await frame.locator('.wf-row').nth(4).hover();
    await frame.locator('.wf-row[title]').waitFor();
    await press('End', 'PageUp', 'End');
    const stale = await frame
      .locator('.wf-row[title]')
      .evaluateAll(rows =>
        rows
          .filter(row => row.getAttribute('title') !== row.getAttribute('aria-label'))
          .map(row => row.getAttribute('title')),
      );
    assert.deepEqual(stale, []);
  });

  it('lead to any order where columns have no room', async () => {
    const { page } = workbench;
    await page.setViewportSize({ width: 860, height: 900 });
    await frame.waitForFunction(() => innerWidth < 480);
    await frame.getByLabel('Sort Runs').selectOption('spans true');
    await frame.locator('.run-row[aria-rowindex="2"]', { hasText: 'research_agent' }).waitFor();
    await frame.getByLabel('Sort Runs').selectOption('start true');
    await frame.locator('.run-row[aria-rowindex="2"]', { hasText: 'invoice' }).waitFor();
    await page.setViewportSize(usualSize);
  });

  it('lead back from a run that is filtered out', async () => {
    const says = frame.getByText('This run is not among those shown above.');
    assert.equal(await says.count(), 0);
    await frame.getByRole('combobox', { name: 'Filter:' }).fill('support');
    await says.waitFor();
    await frame.getByRole('button', { name: 'Show All Runs' }).click();
    await says.waitFor({ state: 'detached' });
    assert.equal(await frame.getByRole('combobox', { name: 'Filter:' }).inputValue(), '');
  });

  it('are as they were when the tab was hidden for a while', async () => {
    const { page } = workbench;
    await treegrid().focus();
    await press('1');
    assert.equal(await rowCount(), 1);
    await press('+');
    const end = await frame.locator('.wf-tick-last').textContent();
    // What a wheel may still change is kept a tenth of a second later.
    await page.waitForTimeout(150);
    await treeRow(page, 'notes.txt').click();
    await tab(page, 'notes.txt').waitFor();
    await tab(page, 'agent_traces.db').click();
    frame = await webviewFrame(page, 'Duration');
    await treegrid().waitFor();
    assert.equal(await rowCount(), 1);
    assert.equal(await frame.locator('.wf-tick-last').textContent(), end);
  });

  it('keep what was read of a file that breaks, and say why it is not newer', async () => {
    fs.writeFileSync(file, 'this is no database');
    const notice = frame.getByRole('alert').filter({ hasText: 'An older state is shown.' });
    await notice.filter({ hasText: 'is not a SQLite database' }).waitFor();
    assert.equal(await notice.count(), 1);
    assert.equal(await rowCount(), 1);
    fs.copyFileSync(inRepo('dist/sample.agent-traces.db'), file);
    await notice.waitFor({ state: 'detached' });
  });

  it('mark the span of the panel when the tab comes back, and none once it is of another run', async () => {
    const { page } = workbench;
    const marked = () => frame.locator('.wf-shown');
    await frame
      .locator('.run-row', { hasText: 'support_triage' })
      .filter({ hasText: 'OK' })
      .first()
      .click();
    await frame.getByRole('treegrid', { name: /support_triage/ }).focus();
    await press('Home', 'Enter');
    await marked().filter({ hasText: 'support_triage' }).waitFor();
    await treeRow(page, 'notes.txt').click();
    await tab(page, 'notes.txt').waitFor();
    await tab(page, 'agent_traces.db').click();
    frame = await webviewFrame(page, 'Duration');
    await marked().filter({ hasText: 'support_triage' }).waitFor();
    await runCommand(page, 'Agent Traces: Go to Next Failure');
    await marked().waitFor({ state: 'detached' });
    await frame.getByRole('treegrid', { name: /support_triage/ }).waitFor();
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
