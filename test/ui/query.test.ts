// Searching and filtering by queries, as a person does it. Screenshots go to test/out/shots.
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { runCommand, tab, treeRow, type Workbench, webviewFrame } from '../tools/workbench.ts';
import { sampleWindow } from './support/sampleWindow.ts';
import { inDarkAndLight, type Pictures } from './support/theme.ts';

const field = (frame: Frame) => frame.getByRole('combobox', { name: 'Filter:' });
const matching = (frame: Frame) => frame.locator('.toolbar output');
const results = (page: Page) => page.locator('.quick-input-list .monaco-list-row');

async function search(page: Page, text: string, tries = 3): Promise<void> {
  const title = page.locator('.quick-input-title', { hasText: 'Search agent_traces.db' });
  const isShown = (): Promise<boolean> =>
    title.waitFor({ timeout: 8000 }).then(
      () => true,
      () => false,
    );
  // A page that takes the focus late closes it again.
  for (let left = tries; left > 0; left--) {
    await runCommand(page, 'Agent Traces: Search');
    if (await isShown()) break;
  }
  await page.locator('.quick-input-widget input:visible').first().fill(text);
}

describe('queries', () => {
  let workbench: Workbench;
  let pictures: Pictures;

  before(async () => {
    const window = await sampleWindow({ width: 1400, height: 900 });
    workbench = window.workbench;
    pictures = inDarkAndLight(workbench.page, window.folder);
    await treeRow(workbench.page, 'agent_traces.db').dblclick();
  });

  it('are told where they are wrong, and mended', async () => {
    const frame = await webviewFrame(workbench.page, 'Duration', 40_000);
    await frame.getByRole('grid').waitFor();
    await field(frame).fill('status:error cots>0.01');
    const problem = frame.getByRole('alert').filter({ hasText: 'There is no field “cots”' });
    await problem.waitFor();
    assert.equal(await problem.locator('mark').textContent(), 'cots');
    assert.equal(await matching(frame).textContent(), '51 of 51 runs', 'the list is as it was');
    await pictures('query-problem', [frame]);
    await problem.getByRole('button', { name: 'Did you mean cost?' }).click();
    assert.equal(await field(frame).inputValue(), 'status:error cost>0.01');
    await matching(frame)
      .filter({ hasText: /^\d of 51 runs$/ })
      .waitFor();
  });

  it('are completed with the keyboard', async () => {
    const { page } = workbench;
    const frame = await webviewFrame(page, 'Duration');
    await field(frame).fill('');
    await field(frame).pressSequentially('to');
    await frame.getByRole('option', { name: 'tool', exact: true }).waitFor();
    await pictures('query-offers', [frame]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await field(frame).inputValue(), 'tool:');
    await page.keyboard.type('post_journal');
    assert.equal(await field(frame).inputValue(), 'tool:post_journal');
    await matching(frame)
      .filter({ hasText: /^[1-9]\d? of 51 runs$/ })
      .waitFor();
  });

  it('are completed by a click, and left as they are by Tab', async () => {
    const frame = await webviewFrame(workbench.page, 'Duration');
    const option = frame.getByRole('option', { name: 'tokens', exact: true });
    const isInField = () => field(frame).evaluate(input => input === document.activeElement);
    await field(frame).fill('');
    await field(frame).pressSequentially('to');
    await option.click();
    assert.equal(await field(frame).inputValue(), 'tokens');
    assert.equal(await isInField(), true);
    await field(frame).fill('');
    await field(frame).pressSequentially('to');
    await option.waitFor();
    await workbench.page.keyboard.press('Tab');
    await option.waitFor({ state: 'detached' });
    assert.equal(await field(frame).inputValue(), 'to');
    assert.equal(await isInField(), false);
  });

  it('find spans, and lead to where the text stands', async () => {
    const { page } = workbench;
    await search(page, 'balance');
    await results(page).filter({ hasText: 'entry does not balance: debit' }).first().waitFor();
    await page.locator('.quick-input-title', { hasText: /\d+ found$/ }).waitFor();
    await pictures('search');
    await results(page).filter({ hasText: 'prompt ·' }).first().click();
    await tab(page, 'llm_').waitFor();
    const span = await webviewFrame(page, 'Metadata');
    await span.getByRole('tab', { name: 'Prompt', selected: true }).waitFor();
  });

  it('that are none are mended in the search as well', async () => {
    const { page } = workbench;
    await search(page, 'kind:tol');
    await results(page).filter({ hasText: 'Did you mean tool?' }).waitFor();
    await pictures('search-problem');
    await page.keyboard.press('Enter');
    await results(page).filter({ hasText: 'post_journal' }).first().waitFor();
    await page.keyboard.press('Escape');
    await tab(page, 'agent_traces.db').waitFor();
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
