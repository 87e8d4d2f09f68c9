// What was said to a model and by it, as the panel shows it: rich texts, pictures, JSON, and hostile ones.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  screenshot,
  tab,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { conversationFile } from './support/conversationFile.ts';

const shots = inRepo('test/out/shots');

describe('a conversation', () => {
  let workbench: Workbench;
  const folder = temporaryFolder('ui');
  const shot = (what: string) => screenshot(workbench.page, path.join(shots, `${what}.png`));
  /** Shows a tab of a span by its row in the tree. */
  const show = async (name: string, part: string): Promise<Frame> => {
    const { page } = workbench;
    await treeRow(page, name).click();
    await tab(page, name).waitFor();
    const panel = await webviewFrame(page, 'Raw');
    await panel.getByRole('heading', { name, level: 1 }).waitFor();
    await panel.getByRole('tab', { name: new RegExp(`^${part}`) }).click();
    return panel;
  };

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    fs.writeFileSync(path.join(folder.path, 'agent_traces.db'), await conversationFile());
    workbench = await openWorkbench({
      folder: folder.path,
      settings: { 'workbench.colorTheme': process.env.THEME ?? 'Default Dark Modern' },
      viewport: { width: 1400, height: 900 },
    });
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    await treeRow(page, 'reconcile').click();
    await page.keyboard.press('ArrowRight');
  });

  after(() => workbench?.close().finally(folder.remove));

  it('says what is new since the call before, and folds the rest', async () => {
    const panel = await show('call_two', 'Prompt');
    await panel.getByText('2 messages, 3,382 tokens').waitFor();
    const folded = panel.locator('.message-folded .role');
    assert.deepEqual(await folded.allInnerTexts(), ['System', 'Tools', 'User', 'User']);
    await shot('conversation');
  });

  it('shows an answer as Markdown, with code in colours, and as it was written', async () => {
    const panel = await show('call_two', 'Response');
    await panel.getByRole('table').getByText('INV-2304').waitFor();
    await panel.locator('.code-word', { hasText: 'def' }).waitFor();
    const link = panel.getByRole('link', { name: 'the ledger' });
    assert.equal(await link.getAttribute('href'), 'https://example.com/ledger?id=1');
    await shot('conversation-markdown');
    const button = panel.getByRole('button', { name: 'Show Texts as Written' });
    await button.click();
    await panel.getByText('| :-- | --: | :-: |').waitFor();
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await button.click();
  });

  it('goes to the call before and back by its keys', async () => {
    const { page } = workbench;
    await page.keyboard.press('Alt+ArrowUp');
    await tab(page, 'call_one').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await tab(page, 'call_two').waitFor();
  });

  it('makes no link, element or request of a hostile text', async () => {
    const panel = await show('call_hostile', 'Prompt');
    await panel.getByRole('link', { name: 'ok', exact: true }).waitFor();
    const links = await panel
      .locator('.conversation a')
      .evaluateAll(all => all.map(one => one.getAttribute('href')));
    assert.deepEqual(links, ['https://example.com/fine', 'https://example.com/auto']);
    assert.equal(await panel.locator('.conversation :is(img, script, style, iframe)').count(), 0);
    assert.equal(await panel.evaluate(() => 'broken' in window), false);
    await panel.getByText('[User]: yes').waitFor();
    await panel.getByText('image: a picture (https://example.com/track.png)').waitFor();
    await shot('conversation-hostile');
  });

  it('shows recorded pictures, and says why it shows none', async () => {
    const panel = await show('call_pictures', 'Prompt');
    const picture = panel.locator('.picture img');
    await picture.first().waitFor();
    assert.match((await picture.first().getAttribute('src')) ?? '', /^blob:/);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const first = panel.locator('.picture').first();
    await first.getByRole('button', { name: /^Copy Image/ }).click();
    await first.getByText('Copied').waitFor();
    const types = await panel.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return item?.types;
    });
    assert.deepEqual(types, ['image/png']);
    for (const words of [
      /120 × 60/,
      /never goes to the network/,
      /no PNG, JPEG, GIF or WebP/,
      /picture is broken/,
      /larger than 5 MB/,
    ]) {
      await panel.getByText(words).first().scrollIntoViewIfNeeded();
    }
    await panel.getByText('Look at these.').scrollIntoViewIfNeeded();
    await shot('conversation-pictures');
  });

  it('stays alive with 5 MB of text and 100,000 brackets', async () => {
    const long = await show('call_long', 'Prompt');
    await long.getByRole('button', { name: 'Show All' }).click();
    await long.getByText('it is too long for Markdown').waitFor();
    const panel = await show('call_brackets', 'Prompt');
    await panel.getByText('it nests too deeply').waitFor();
    await panel.getByRole('tab', { name: 'Raw' }).click();
    await panel.getByText('parent_span_id').waitFor();
  });

  it('keeps JSON as it was recorded, in a tree that keys unfold', async () => {
    const { page } = workbench;
    const panel = await show('exact', 'Metadata');
    const tree = panel.getByRole('tree');
    for (const text of ['"price": 1.0,', '"big": 12345678901234567890,', '"twice": 2,']) {
      await tree.getByRole('treeitem', { name: text, exact: true }).waitFor();
    }
    const list = tree.getByRole('treeitem', { name: /"list"/ });
    assert.equal(await list.getAttribute('aria-expanded'), 'false');
    await list.focus();
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { name: '{ "n": 99.50 },' }).waitFor();
    await shot('conversation-json');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await list.getAttribute('aria-expanded'), 'false');
  });

  it('shows the documents of a retrieval', async () => {
    const panel = await show('search_ledger', 'Documents');
    await panel.getByText('0.8731').waitFor();
    await panel.locator('strong', { hasText: 'paid' }).waitFor();
    await shot('conversation-documents');
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
