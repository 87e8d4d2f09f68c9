// The transcripts of Claude Code: their rows, what the panel says of a call that holds only new messages, and
// that they are followed only while somebody looks.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Profile } from '../tools/profile.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import {
  openView,
  openWorkbench,
  runCommand,
  treeRow,
  type Workbench,
  webviewFrame,
} from '../tools/workbench.ts';
import { inDarkAndLight, type Pictures, writeTheme } from './support/theme.ts';

const line = (session: string, type: string, id: string, second: number, message: object): string =>
  `${JSON.stringify({
    ...{ type, uuid: `${session}-${id}`, sessionId: session, cwd: '/home/u/shop' },
    timestamp: new Date(Date.UTC(2026, 1, 10, 12, 0, second)).toISOString(),
    message,
  })}\n`;
const user = (session: string, id: string, second: number, content: unknown): string =>
  line(session, 'user', id, second, { role: 'user', content });
const answer = (session: string, id: string, second: number, content: readonly object[]): string =>
  line(session, 'assistant', id, second, {
    ...{ id: `${session}-m${id}`, type: 'message', role: 'assistant', model: 'claude-opus-4-6' },
    content,
    usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 20_000 },
  });
const text = (words: string) => ({ type: 'text', text: words });
const uses = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input });
const gave = (id: string, content: string) => [{ type: 'tool_result', tool_use_id: id, content }];

describe('Claude Code', () => {
  const folder = temporaryFolder('ui');
  const claude = temporaryFolder('ui');
  const projects = path.join(claude.path, 'projects', '-home-u-shop');
  const first = path.join(projects, '7d48cbd2-6615.jsonl');
  let workbench: Workbench;
  let profile: Profile;
  let pictures: Pictures;

  before(async () => {
    fs.mkdirSync(projects, { recursive: true });
    fs.writeFileSync(
      first,
      [
        user('7d48cbd2-6615', 'p1', 0, 'Which tests fail?'),
        answer('7d48cbd2-6615', 'a1', 4, [
          text('I run them.'),
          uses('t1', 'Bash', { command: 'npm test' }),
        ]),
        user('7d48cbd2-6615', 'r1', 9, gave('t1', '2 failed')),
        answer('7d48cbd2-6615', 'a2', 12, [text('Two of them: cart and tax.')]),
      ].join(''),
    );
    fs.writeFileSync(
      path.join(projects, 'ae4a77f8-aedd.jsonl'),
      [
        user('ae4a77f8-aedd', 'p1', 100, 'Mend the tax.'),
        answer('ae4a77f8-aedd', 'a1', 104, [uses('t2', 'Edit', { file_path: 'tax.ts' })]),
        user('ae4a77f8-aedd', 'i1', 110, [text('[Request interrupted by user for tool use]')]),
      ].join(''),
    );
    writeTheme(folder.path, 'dark');
    workbench = await openWorkbench({
      folder: folder.path,
      env: { CLAUDE_CONFIG_DIR: claude.path },
      prepare: made => {
        profile = made;
      },
    });
    pictures = inDarkAndLight(workbench.page, folder.path);
  });

  after(() =>
    workbench?.close().finally(() => {
      folder.remove();
      claude.remove();
    }),
  );

  /** Its process holds it while it follows. */
  function isFollowed(): boolean {
    const own = 'User/globalStorage/agent-trace-inspector.agent-trace-inspector';
    const db = new DatabaseSync(
      path.join(profile.userDataDir, own, 'transcripts/claude-code.agent-traces.db.lock'),
    );
    try {
      db.exec('BEGIN EXCLUSIVE');
      return false;
    } catch {
      return true;
    } finally {
      db.close();
    }
  }
  async function until(what: string, is: () => boolean): Promise<void> {
    for (const end = Date.now() + 40_000; !is(); ) {
      if (Date.now() > end) throw new Error(`not so: ${what}`);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }

  it('has a run for each prompt, told apart by its session; what was interrupted has not failed', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    const row = treeRow(page, 'Claude Code');
    await row.click();
    await row.filter({ hasText: '2 runs' }).waitFor();
    assert.doesNotMatch((await row.textContent()) ?? '', /failed/);
    await page.getByRole('treeitem', { name: /session .?7d48cbd2/ }).waitFor();
    const stopped = page.getByRole('treeitem', { name: /cancelled.*session .?ae4a77f8/ });
    await stopped.click();
    await treeRow(page, 'Edit').filter({ hasText: 'cancelled' }).waitFor();
    await pictures('claude-tree');
  });

  it('says of a call that its prompt holds only what was new, and why it cannot be replayed', async () => {
    const { page } = workbench;
    await page.getByRole('treeitem', { name: /session .?7d48cbd2/ }).click();
    await treeRow(page, 'Bash').waitFor();
    await page
      .getByRole('treeitem', { name: /chat claude-opus-4-6/ })
      .last()
      .click();
    const prompt = (await webviewFrame(page, 'call 2')).getByRole('tab', { name: 'Prompt' });
    await prompt.click();
    const panel = await webviewFrame(page, 'Only the messages that were new to this call');
    const replay = panel.getByRole('button', { name: 'Replay' }).first();
    assert.equal(await replay.getAttribute('aria-disabled'), 'true');
    assert.match((await replay.getAttribute('title')) ?? '', /^No whole request to replay: /);
    await pictures('claude-prompt', [panel]);
    await replay.click({ force: true });
    const toast = page.locator('.notification-toast').filter({ hasText: 'no request to send' });
    await toast.getByRole('button', { name: 'Open Prompt in Editor' }).waitFor();
    await pictures('claude-replay', [panel]);
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('is followed while its row is unfolded, and again when somebody comes back', async () => {
    const { page } = workbench;
    assert.equal(isFollowed(), true);
    await runCommand(page, 'View: Close All Editors');
    await openView(page, 'Explorer');
    await until('nobody follows', () => !isFollowed());
    fs.appendFileSync(first, user('7d48cbd2-6615', 'p2', 200, 'And the cart?'));
    await openView(page, 'Agent Traces');
    await treeRow(page, 'shop #2').waitFor();
    assert.equal(isFollowed(), true);
  });
});
