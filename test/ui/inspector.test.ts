// The packed extension in a real VS Code, used the way a person does. Screenshots go to test/out/shots.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
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
import { sampleWindow } from './support/sampleWindow.ts';
import { inDarkAndLight, type Pictures } from './support/theme.ts';

const shots = inRepo('test/out/shots');

describe('the inspector', () => {
  let workbench: Workbench;
  let pictures: Pictures;

  before(async () => {
    const window = await sampleWindow({ width: 1400, height: 900 });
    workbench = window.workbench;
    pictures = inDarkAndLight(workbench.page, window.folder);
  });

  it('finds the trace file and shows its runs, newest first', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    const file = treeRow(page, 'agent_traces.db');
    await file.waitFor();
    if ((await file.getAttribute('aria-expanded')) === 'false') await file.click();
    await treeRow(page, 'invoice_reconcile').waitFor();
    await pictures('runs');
  });

  it('shows a failing span beside its cause, and leaves the focus in the tree', async () => {
    const { page } = workbench;
    const run = failedRun(page);
    await run.click();
    await page.keyboard.press('ArrowRight');
    await failedCall(page).click();
    const panel = await webviewFrame(page, 'Asked for');
    await panel.getByText('entry does not balance').first().waitFor();
    const focused = await page.evaluate(() => document.activeElement?.closest('.part')?.className);
    assert.match(focused ?? '', /sidebar/, 'selecting a row never takes the focus away');
    await pictures('cause', [panel]);
  });

  it('goes from the failure to its cause and back with one key', async () => {
    const { page } = workbench;
    await page.keyboard.press('Alt+C');
    await tab(page, 'llm_continuation').waitFor();
    const panel = await webviewFrame(page, 'its call');
    await panel.getByRole('tab', { name: /Prompt/ }).waitFor();
    await pictures('span', [panel]);
    await page.keyboard.press('Alt+C');
    await webviewFrame(page, 'Asked for');
  });

  it('reads a span by its tabs', async () => {
    const { page } = workbench;
    const panel = await webviewFrame(page, 'Asked for');
    for (const [title, text] of [
      ['Tool', 'INV-2304'],
      ['Metadata', 'toolu_'],
      ['Raw', 'parent_span_id'],
    ] as const) {
      await panel.getByRole('tab', { name: new RegExp(`^${title}`) }).click();
      await panel.getByRole('tabpanel').getByText(text).first().waitFor();
    }
  });

  it('goes to the next failure from the palette', async () => {
    const { page } = workbench;
    await runCommand(page, 'Agent Traces: Go to Next Failure');
    await page
      .locator('.part.sidebar .monaco-list-row.selected', { hasNotText: 'post_journal_entry' })
      .filter({ hasText: 'failed' })
      .waitFor();
  });

  it('opens the recorded request of a call for replay', async () => {
    const { page } = workbench;
    // Back to where it came from, which may be far up.
    await runCommand(page, 'Agent Traces: Go to Previous Failure');
    const selected = page.locator('.part.sidebar .monaco-list-row.selected');
    await selected.filter({ hasText: 'post_journal_entry' }).waitFor();
    await failedCall(page).click();
    // Any failure is shown with what was asked for; the key is about the one that the panel has by then.
    await tab(page, 'post_journal_entry').waitFor();
    const panel = await webviewFrame(page, 'Asked for');
    await panel.getByText('entry does not balance').first().waitFor();
    await page.keyboard.press('Alt+C');
    await tab(page, 'llm_continuation').click();
    await runCommand(page, 'Agent Traces: Replay Span');
    await page.locator('.monaco-editor', { hasText: '"budget_tokens"' }).first().waitFor();
    await runCommand(page, 'Agent Traces: Replay Span');
    // Another editor is in front, so the palette's command asks; what is shown is chosen already.
    await page.locator('.quick-input-widget', { hasText: 'Replay Span' }).waitFor();
    await page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'cause' })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.monaco-editor', { hasText: '"budget_tokens"' }).first().waitFor();
    await pictures('replay');
  });

  it('opens a trace file from the Explorer as a list of its runs', async () => {
    const { page } = workbench;
    await openView(page, 'Explorer');
    await treeRow(page, 'agent_traces.db').dblclick();
    const list = await webviewFrame(page, 'support_triage');
    await list.getByRole('grid').waitFor();
    await pictures('overview', [list]);
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});

const failedRun = (page: Workbench['page']) =>
  page
    .locator('.part.sidebar .monaco-list-row[aria-level="2"]', { hasText: 'invoice_reconcile' })
    .filter({ hasText: 'failed' })
    .first();

const failedCall = (page: Workbench['page']) =>
  page
    .locator('.part.sidebar .monaco-list-row', {
      hasText: /^tool_execution\s*failed · post_journal_entry/,
    })
    .first();

describe('a folder of many files, some of which cannot be read', () => {
  let workbench: Workbench;
  const folder = temporaryFolder('ui');

  before(async () => {
    const sample = inRepo('dist/sample.agent-traces.db');
    fs.copyFileSync(sample, path.join(folder.path, 'agent_traces.db'));
    fs.writeFileSync(path.join(folder.path, 'empty.agent-traces.db'), '');
    // So large together that none is read before it is unfolded; what lies behind a database is not read.
    for (let i = 10; i < 30; i++) {
      fs.copyFileSync(sample, path.join(folder.path, `z${i}.agent-traces.db`));
    }
    fs.truncateSync(path.join(folder.path, 'z29.agent-traces.db'), 70_000_000);
    fs.writeFileSync(path.join(folder.path, 'text.agent-traces.db'), 'no database\n'.repeat(100));
    const part = fs.readFileSync(sample).subarray(0, 600_000);
    fs.writeFileSync(path.join(folder.path, 'cut.agent-traces.db'), part);
    workbench = await openWorkbench({
      folder: folder.path,
      viewport: { width: 1400, height: 900 },
    });
  });

  after(() => workbench?.close().finally(folder.remove));

  it('says why, and the others go on working', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    for (const [name, words] of [
      ['empty', /is empty/],
      ['text', /is not a SQLite database/],
      ['cut', /is damaged or cut off/],
    ] as const) {
      await treeRow(page, `${name}.agent-traces.db`).click();
      await page.locator('.part.sidebar .monaco-list-row', { hasText: words }).first().waitFor();
    }
    await screenshot(page, path.join(shots, 'unreadable-dark.png'));
    await treeRow(page, 'agent_traces.db').click();
    // What is said of the file comes when its rows are drawn.
    await page.locator('.part.sidebar .monaco-list-row', { hasText: '51 runs' }).waitFor();
    await failedRun(page).click();
    await failedCall(page).click();
    await webviewFrame(page, 'Asked for');
    // Two files unfolded at once, the lower one first.
    await treeRow(page, 'agent_traces.db').click();
    for (const name of ['z11', 'z10']) await treeRow(page, `${name}.agent-traces.db`).click();
    await page.locator('.monaco-list-row', { hasText: /^z10.*51 runs/ }).waitFor();
    await failedRun(page).click();
    await failedCall(page).click();
    await webviewFrame(page, 'Asked for');
  });

  it('shows the same span again after the window was loaded anew', async () => {
    const { page } = workbench;
    // The page of before shows the same for a moment.
    const loaded = page.waitForEvent('load');
    await runCommand(page, 'Developer: Reload Window');
    await loaded;
    await webviewFrame(page, 'Asked for', 40_000);
    await tab(page, 'post_journal_entry').waitFor();
  });
});
