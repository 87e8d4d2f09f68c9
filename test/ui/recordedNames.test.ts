// Names that a stranger recorded, in the places of VS Code that would make links or icons of them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRepo } from '../tools/repo.ts';
import {
  openView,
  openWorkbench,
  runCommand,
  screenshot,
  type Workbench,
} from '../tools/workbench.ts';
import { spansDb } from '../unit/support/traceDb.ts';

describe('recorded names', () => {
  let workbench: Workbench;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-traces-ui-'));
  const name = 'call [Show](command:workbench.action.toggleZenMode) $(error)';

  before(async () => {
    const root = { span_id: 'a', name: '$(flame) run', model: '' };
    const call = { span_id: 'b', parent_span_id: 'a', name, model: 'm', input_tokens: 5 };
    fs.writeFileSync(path.join(folder, 'agent_traces.db'), await spansDb([root, call]));
    workbench = await openWorkbench({ folder });
  });

  after(async () => {
    await workbench?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('draw no icon in a list to choose from, and are no link in a notification', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    await runCommand(page, 'Agent Traces: Replay Span');
    const list = page.locator('.quick-input-list .monaco-list-row');
    for (const words of ['$(flame)', '$(error)']) {
      const row = list.filter({ hasText: words.slice(2, -1) }).first();
      await row.waitFor();
      assert.ok((await row.textContent())?.replaceAll('\u2060', '').includes(words), words);
      assert.equal(await row.locator('.codicon-flame, .codicon-error').count(), 0);
      await page.keyboard.press('Enter');
    }
    const toast = page.locator('.notifications-toasts .notification-list-item-message').first();
    await toast.waitFor();
    const said = (await toast.textContent())?.replaceAll('\u2060', '') ?? '';
    assert.ok(said.includes(name), said);
    assert.equal(await toast.locator('a').count(), 0, 'nothing in it can be clicked');
    await screenshot(page, inRepo('test/out/shots/recorded-names.png'));
  });
});
