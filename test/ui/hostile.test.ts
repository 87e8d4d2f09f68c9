// What an agent recorded may come from anyone. The packed extension in a real VS Code shows it as text.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  runCommand,
  screenshot,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { type Alarms, setAlarms } from './support/alarms.ts';
import { hebrew, image, links, markup, scripts } from './support/hostileTexts.ts';
import { deepest, hostileTraces, iconTraces, linkName } from './support/hostileTraces.ts';

const shots = inRepo('test/out/shots');

describe('hostile text in a trace file', () => {
  let workbench: Workbench;
  let alarms: Alarms;
  const folder = temporaryFolder('ui');
  const shot = (what: string) =>
    screenshot(workbench.page, path.join(shots, `hostile-${what}.png`));
  /** The first row of the tree that holds a text. */
  const row = (text: string) =>
    workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: text }).first();
  const unfold = async (text: string) => {
    await row(text).click();
    await workbench.page.keyboard.press('ArrowRight');
  };

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    const file = (name: string) => path.join(folder.path, name);
    fs.copyFileSync(inRepo('dist/sample.agent-traces.db'), file('agent_traces.db'));
    fs.writeFileSync(file('hostile.agent-traces.db'), await hostileTraces());
    fs.writeFileSync(file('icons.agent-traces.db'), await iconTraces());
    workbench = await openWorkbench({
      folder: folder.path,
      settings: { 'workbench.hover.delay': 0 },
      viewport: { width: 1400, height: 900 },
    });
    alarms = await setAlarms(workbench.page);
  });

  after(async () => {
    await workbench?.close();
    folder.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return;
    assert.deepEqual(await alarms.made(), [], 'no element is made of recorded text');
    assert.deepEqual([...alarms.ran, ...workbench.problems], []);
  });

  it('draws no icon in a list to choose from, and is no link in a notification', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    // A click is lost on a row that VS Code is just asking for anew.
    for (const runs of ['51 runs', '6 runs', '1 run']) await row(runs).waitFor();
    await runCommand(page, 'Agent Traces: Replay Span');
    const list = page.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: 'icons.agent-traces.db' }).click();
    for (const words of ['$(flame)', '$(error)']) {
      const choice = list.filter({ hasText: words.slice(2, -1) }).first();
      await choice.waitFor();
      assert.ok(plain((await choice.textContent()) ?? '').includes(words), words);
      assert.equal(await choice.locator('.codicon-flame, .codicon-error').count(), 0);
      await page.keyboard.press('Enter');
    }
    const toast = page.locator('.notifications-toasts .notification-list-item-message').first();
    await toast.waitFor();
    const said = plain((await toast.textContent()) ?? '');
    assert.ok(said.includes(linkName), said);
    assert.equal(await toast.locator('a').count(), 0, 'nothing in it can be clicked');
    await screenshot(page, path.join(shots, 'recorded-names.png'));
    await runCommand(page, 'Notifications: Clear All Notifications');
    await toast.waitFor({ state: 'detached' });
  });

  it('is text in the rows of the tree and in their tooltips', async () => {
    const { page } = workbench;
    await treeRow(page, 'hostile.agent-traces.db').click();
    await unfold(`run ${markup}`);
    await unfold(links);
    await row(`inner ${links}`).waitFor();
    const tooltip = page.locator('.monaco-hover:visible');
    for (const [name, words] of [
      [`tool ${markup}`, [`tool ${markup} failed`, `fails ${markup}`, links]],
      [`llm ${markup}`, [`llm ${markup}`, `model ${markup}`]],
      [`inner ${links}`, [`inner ${links} failed`, `span ${image} · parent links`]],
    ] as const) {
      await hover(row(name), tooltip.filter({ hasText: words[0] }));
      const text = (await tooltip.innerText()).replaceAll('\u00a0', ' ');
      for (const one of words) assert.ok(text.includes(one), `${text} holds ${one}`);
      assert.equal(await tooltip.locator('a, img, [data-href]').count(), 0);
    }
    await shot('tooltip');
    await page.keyboard.press('Escape');
  });

  it('is text in each tab of the panel, and stays within its width', async () => {
    await row(`tool ${markup}`).click();
    const panel = await webviewFrame(workbench.page, 'Asked for');
    await shot('cause');
    await reads(panel, {
      Cause: [`fails ${markup}`, `thinks ${markup}`, links, `returns ${markup}`],
      Tool: [`"plain": "${markup}"`, `fails ${markup}`, links, `returns ${markup}`],
      Metadata: [`"${image}": "${scripts}"`, `"${scripts}": "${image}"`],
      Events: [markup, `{"${image}":"${scripts}"}`],
      Raw: [`${image}\t\n${scripts}`, `tool ${markup}`],
    });
    await row(`llm ${markup}`).click();
    await panel.getByText(`model ${markup}`.slice(0, 50)).first().waitFor();
    await reads(panel, {
      Prompt: [`system ${markup}`, `1 definition: ${markup}`, links, `\n${image}\n`],
      // Markdown, of whose links only the words are left.
      Response: [
        `answers ${markup}`,
        'go (command:workbench.action.toggleZenMode)',
        `"type": "${scripts}"`,
        `stopped for ${markup}`,
      ],
      Metadata: [`"${image}": "${scripts}"`, links],
    });
  });

  it('is text in toasts and lists', async () => {
    const { page } = workbench;
    await row(`inner ${links}`).click();
    await webviewFrame(page, `inner ${links} failed`);
    await page.keyboard.press('Alt+C');
    const toast = page.locator('.notifications-toasts .notification-list-item');
    await toast.waitFor();
    assert.equal(await toast.locator('a[href]').count(), 0, 'a link would run a command');
    assert.ok(plain(await toast.innerText()).includes(`“inner ${links}”`));
    await shot('toast');
    await runCommand(page, 'Agent Traces: Show Span');
    const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: 'inner' });
    await choice.waitFor();
    assert.ok(plain(await choice.innerText()).includes(`inner ${links}`), 'no icon is made of it');
    await page.keyboard.press('Escape');
  });

  it('does not turn round what stands beside it', async () => {
    const { page } = workbench;
    await unfold('safegpj.exe');
    await row('null␀ bell␇').click();
    const panel = await webviewFrame(
      page,
      'null␀ bell␇ escape␛[31m delete␡ next\ufffd in a prompt',
    );
    await row('open open').click();
    await panel.getByText('“open open”').waitFor();
    await reads(panel, { Metadata: ['"open \ufffd\ufffdopen": "open \ufffd\ufffdopen"'] });
    await row(hebrew).click();
    await panel.getByText(`${hebrew} in a prompt`).waitFor();
    const boxes = await row(hebrew)
      .locator('.label-name, .label-description')
      .evaluateAll(all =>
        all.map(one => [...one.getClientRects()].map(box => [box.left, box.right])),
      );
    const [[name] = [], description = []] = boxes;
    assert.equal(description.length, 1, 'the description is in one piece');
    assert.ok(name![1]! <= description[0]![0]!, 'and follows the name');
    await shot('bidi');
  });

  it('says what is odd about metadata, of 20 MB as well, about parents and about NULL', async () => {
    const { page } = workbench;
    await unfold('odd metadata');
    await row('not JSON').click();
    const panel = await webviewFrame(page, 'This metadata is not JSON');
    await reads(panel, { Metadata: [`${scripts} {"request": `] });
    await row('20 MB').click();
    await panel.locator('.cut-bar', { hasText: '20.0 kB of 20.0 MB' }).waitFor();
    await unfold('ring 1');
    await row('ring 2').waitFor();
    await webviewFrame(page, 'is its own ancestor');
    await unfold('(no name)');
    await reads(await webviewFrame(page, 'no start'), { Raw: ['NULL'] });
  });

  it('goes to a failure a thousand levels down and shows its row', async () => {
    const { page } = workbench;
    await row('level 1').click();
    await webviewFrame(page, 'level 1 failed');
    await page.keyboard.press('Alt+F8');
    await webviewFrame(page, `level ${deepest} failed`);
    const selected = page.locator('.part.sidebar .monaco-list-row.selected');
    await selected.filter({ hasText: `level ${deepest}failed · level 1,000` }).waitFor();
    await shot('deep');
  });

  it('is text in the list of runs, and the file beside it opens and answers', async () => {
    const { page } = workbench;
    await openView(page, 'Explorer');
    await treeRow(page, 'hostile.agent-traces.db').dblclick();
    const list = await webviewFrame(page, `run ${markup}`);
    await list.getByText(links).filter({ visible: true }).first().waitFor();
    await shot('runs');
    await treeRow(page, 'agent_traces.db').dblclick();
    const good = await webviewFrame(page, 'support_triage');
    await good.locator('.run-row', { hasText: 'invoice_reconcile' }).first().dblclick();
    await webviewFrame(page, 'invoice_reconcile failed');
  });
});

/** Without what keeps VS Code from finding links and icons. */
const plain = (text: string): string => text.replaceAll('\u2060', '');

/** Points at a row until it says something: a panel that opens meanwhile takes the tooltip away. */
async function hover(target: Locator, tooltip: Locator): Promise<void> {
  for (let attempt = 1; !(await tooltip.isVisible()); attempt++) {
    await target.page().mouse.move(700, 800);
    await target.hover();
    await tooltip.waitFor({ timeout: 3000 }).catch(error => {
      if (attempt === 5) throw error;
    });
  }
}

/** Each tab shows its texts, and none makes the page wider than it is. */
async function reads(panel: Frame, tabs: Readonly<Record<string, readonly string[]>>) {
  const sheet = panel.getByRole('tabpanel');
  for (const [tab, texts] of Object.entries(tabs)) {
    await panel.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    await panel.locator(`#panel-${tab.toLowerCase()}`).waitFor();
    let shown = '';
    const missing = () => texts.filter(text => !shown.includes(text));
    // Markdown stands as it was written until its parser is loaded.
    for (let attempt = 0; attempt < 40 && (attempt === 0 || missing().length > 0); attempt++) {
      if (attempt > 0) await panel.page().waitForTimeout(100);
      shown = (await sheet.innerText()).replaceAll('\u00a0', ' ');
    }
    assert.deepEqual(missing(), [], `${tab} shows ${shown}`);
    const over = await panel.locator('.view').evaluate(view => view.scrollWidth - view.clientWidth);
    assert.equal(over, 0, `${tab} is not wider than the page`);
  }
}
