// An alert as a person meets it: told once, shown where it failed, muted. Screenshots go to test/out/shots.
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { createSpans } from '../unit/support/traceDb.ts';
import { inDarkAndLight, writeTheme } from './support/theme.ts';

describe('an alert', () => {
  const folder = temporaryFolder('ui');
  let workbench: Workbench;
  let db: DatabaseSync;
  let written = 0;

  /** A run of an agent that ended just now, as its tracer writes it. */
  function write(status: 'ok' | 'error'): void {
    const now = Date.now() / 1000;
    const id = `run-${++written}`;
    const error = status === 'error' ? 'LedgerError 422: entry 7 does not balance' : null;
    const insert = db.prepare(
      `INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, 10, 5, 0.01, ?, '{}', ?)`,
    );
    db.exec('BEGIN');
    insert.run(`${id}-root`, id, null, 'nightly_books', now - 3, now - 0.1, status, '', error);
    insert.run(
      `${id}-llm`,
      id,
      `${id}-root`,
      'llm_call',
      now - 3,
      now - 2,
      'ok',
      'claude-haiku-4-5',
      null,
    );
    insert.run(`${id}-tool`, id, `${id}-root`, 'post_entry', now - 2, now - 0.1, status, '', error);
    db.exec('COMMIT');
  }

  before(async () => {
    fs.mkdirSync(inRepo('test/out/shots'), { recursive: true });
    writeTheme(folder.path, 'dark');
    fs.writeFileSync(
      path.join(folder.path, '.vscode/agent-traces.alerts.json'),
      '{ "rules": [{ "type": "run-failed", "id": "books" }] }',
    );
    db = new DatabaseSync(path.join(folder.path, 'agent_traces.db'));
    db.exec(createSpans);
    write('ok');
    workbench = await openWorkbench({
      folder: folder.path,
      viewport: { width: 1400, height: 900 },
    });
    await openView(workbench.page, 'Agent Traces');
    await treeRow(workbench.page, 'agent_traces.db').waitFor();
    await treeRow(workbench.page, 'nightly_books').first().waitFor();
  });

  after(async () => {
    await workbench?.close();
    if (db?.isOpen) db.close();
    folder.remove();
  });

  it('is told with its run and error, counted on the icon, shown where it failed, and muted', async () => {
    const { page } = workbench;
    const pictures = inDarkAndLight(page, folder.path);
    const toast = page.locator('.notification-toast', { hasText: 'Alert: A run failed' });
    // What was over before the file was looked at is no news.
    for (let i = 0; i < 20 && !(await toast.isVisible()); i++) {
      write('error');
      await page.waitForTimeout(1000);
    }
    await toast.filter({ hasText: 'nightly_books: LedgerError 422' }).waitFor();
    const marked = page.locator('.statusbar-item', { hasText: '1 alert' });
    await marked.waitFor();
    await page.locator('.activitybar .badge', { hasText: '1' }).first().waitFor();
    await pictures('alert');
    await toast.getByText('Show', { exact: true }).click();
    const frame = await webviewFrame(page, 'post_entry', 40_000);
    await pictures('alert-shown', [frame]);
    await marked.click();
    await page.locator('.quick-input-list', { hasText: 'Alert: A run failed' }).waitFor();
    await pictures('alert-list');
    await page.keyboard.press('Escape');
  });
});
