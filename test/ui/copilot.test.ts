// The traces of VS Code's own agents: found beside our storage, and the way to record them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { writeCopilotFiles } from '../tools/copilotDb.ts';
import type { Profile } from '../tools/profile.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  screenshot,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';

const shot = (name: string): string => inRepo(`test/out/shots/copilot-${name}.png`);
const setting = (description: string) => ({ type: 'boolean', default: false, description });

/** What of Copilot Chat concerns us, under another name: VS Code lets no stranger stand in for it. */
function installCopilot({ extensionsDir }: Profile): void {
  const folder = path.join(extensionsDir, 'test.stand-in-1.0.0');
  fs.mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'stand-in',
    publisher: 'test',
    version: '1.0.0',
    engines: { vscode: '^1.101.0' },
    contributes: {
      configuration: {
        title: 'Copilot',
        properties: {
          'github.copilot.chat.otel.dbSpanExporter.enabled': setting('Keeps spans.'),
          'github.copilot.chat.otel.captureContent': setting('Keeps content.'),
        },
      },
    },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const list = path.join(extensionsDir, 'extensions.json');
  const installed = JSON.parse(fs.readFileSync(list, 'utf8')) as unknown[];
  const copilot = {
    identifier: { id: 'test.stand-in' },
    version: manifest.version,
    location: { $mid: 1, path: folder, scheme: 'file' },
    relativeLocation: path.basename(folder),
  };
  fs.writeFileSync(list, JSON.stringify([...installed, copilot]));
}

describe('Copilot Chat', () => {
  let workbench: Workbench;
  let storage: string;
  const folder = temporaryFolder('ui');

  before(async () => {
    workbench = await openWorkbench({
      folder: folder.path,
      prepare(profile) {
        installCopilot(profile);
        storage = path.join(profile.userDataDir, 'User/globalStorage/github.copilot-chat');
        fs.mkdirSync(storage, { recursive: true });
      },
    });
  });

  after(() => workbench?.close().finally(folder.remove));

  it('that does not record is offered where there is no trace file; the setting is shown, not set', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    const link = page.locator('.welcome-view-content').getByText('show the setting');
    await link.waitFor();
    await screenshot(page, shot('welcome'));
    await link.click();
    const settings = page.locator('.settings-editor .setting-item-contents');
    await settings.filter({ hasText: 'Keeps spans.' }).waitFor();
    await settings.filter({ hasText: 'Keeps content.' }).waitFor();
    const boxes = page.locator('.settings-editor .setting-value-checkbox[aria-checked="true"]');
    assert.equal(await boxes.count(), 0);
    await screenshot(page, shot('settings'));
    await page.keyboard.press('Escape');
    await page.locator('.settings-editor').waitFor({ state: 'hidden' });
  });

  it('that has recorded is listed by its name, and not read before it is unfolded', async () => {
    const { page } = workbench;
    writeCopilotFiles(storage, Date.now());
    const row = treeRow(page, 'GitHub Copilot Chat');
    await row.waitFor();
    assert.equal(await row.getAttribute('aria-expanded'), 'false');
    assert.match((await row.textContent()) ?? '', /recording is off/);
    assert.doesNotMatch((await row.textContent()) ?? '', /runs/);
    await screenshot(page, shot('listed'));
    await row.click();
    const run = treeRow(page, 'invoke_agent copilot');
    await run.waitFor();
    await row.filter({ hasText: '4 runs' }).waitFor();
    await treeRow(page, '(root not written yet)').waitFor();
    await screenshot(page, shot('tree'));
  });

  it('has its turns in the overview and its calls in the panel', async () => {
    const { page } = workbench;
    await treeRow(page, 'GitHub Copilot Chat').hover();
    await page.getByRole('button', { name: 'Show Overview' }).first().click();
    const overview = await webviewFrame(page, 'p50');
    await overview
      .getByRole('row', { name: /invoke_agent copilot/ })
      .first()
      .click();
    await overview.getByText('critical path').first().waitFor();
    await screenshot(page, shot('overview'));
    const waterfall = overview.getByText('grep_search').first();
    await waterfall.dblclick();
    await webviewFrame(page, 'Asked for');
    await screenshot(page, shot('cause'));
  });

  it('without content says which setting keeps it', async () => {
    const { page } = workbench;
    const runs = page.locator('.part.sidebar .monaco-list-row', {
      hasText: 'invoke_agent copilot',
    });
    // The run of the case before was unfolded when its span was shown.
    await runs.first().locator('.monaco-tl-twistie').click();
    await runs.nth(1).locator('.monaco-tl-twistie').click();
    const calls = page.locator('.part.sidebar .monaco-list-row', {
      hasText: 'chat claude-sonnet-4-5',
    });
    await calls.first().click();
    const panel = await webviewFrame(page, 'github.copilot.chat.otel.captureContent');
    await screenshot(page, shot('no-content'));
    await panel.getByRole('button', { name: 'Show the Settings' }).click();
    await page.locator('.settings-editor').waitFor();
    assert.deepEqual(workbench.problems, []);
  });
});
