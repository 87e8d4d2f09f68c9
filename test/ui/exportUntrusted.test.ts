// A folder that nobody has trusted: what it holds can be shown and written into files, and is sent nowhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  chooseInMenu,
  openView,
  openWorkbench,
  screenshot,
  treeRow,
  type Workbench,
} from '../tools/workbench.ts';

describe('an export from a folder that is not trusted', () => {
  const folder = temporaryFolder('ui');
  let workbench: Workbench;
  let server: OtlpServer;

  before(async () => {
    fs.mkdirSync(inRepo('test/out/shots'), { recursive: true });
    const file = path.join(folder.path, 'agent_traces.db');
    fs.copyFileSync(inRepo('dist/sample.agent-traces.db'), file);
    server = await startOtlpServer();
    workbench = await openWorkbench({
      folder: folder.path,
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
      },
      env: { PHOENIX_COLLECTOR_ENDPOINT: server.origin },
    });
    await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  });
  after(async () => {
    await workbench?.close();
    await server?.close();
    folder.remove();
  });

  it('is refused in words, with a way to trust it, and writes files', async () => {
    const { page } = workbench;
    const choose = async (text: string) => {
      await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().waitFor();
      await page.locator('.quick-input-widget input:visible').first().fill(text);
      await page.keyboard.press('Enter');
    };
    const start = async () => {
      await chooseInMenu(treeRow(page, 'invoice_reconcile'), 'Export…');
      await page.locator('.quick-input-list', { hasText: 'HTML Page' }).waitFor();
    };
    await openView(page, 'Agent Traces');
    const rows = page.locator('.part.sidebar .monaco-list-row');
    await rows.filter({ hasText: 'silent failure' }).first().waitFor();
    await start();
    assert.equal(await page.locator('.quick-input-list', { hasText: 'Phoenix' }).count(), 0);
    await choose('Send to an Engine…');
    const toast = page.locator('.notification-toast', {
      hasText: 'Nothing is sent from a workspace that is not trusted.',
    });
    await toast.getByText('Manage Workspace Trust').waitFor();
    await screenshot(page, inRepo('test/out/shots/export-untrusted.png'));
    await start();
    await choose('Markdown');
    await choose('Without Content');
    // The file dialog, with the name that is proposed.
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await page.locator('.notification-toast', { hasText: 'Exported ' }).waitFor();
    await screenshot(page, inRepo('test/out/shots/export-file.png'));
    assert.match(
      fs.readFileSync(path.join(folder.path, 'invoice_reconcile.md'), 'utf8'),
      /^# `invoice_reconcile`\n/,
    );
    assert.equal(server.received.length, 0);
    assert.deepEqual(workbench.problems, []);
  });
});
