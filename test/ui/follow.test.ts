// A trace file that an agent writes while one looks at it. Screenshots go to test/out/shots.
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Frame, Page } from 'playwright-core';
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
import { createSpans } from '../unit/support/traceDb.ts';

const shots = inRepo('test/out/shots');

/** An agent's tracer, with its file open for as long as it runs. */
class Agent {
  readonly db: DatabaseSync;
  private spans = 0;

  constructor(file: string, journal: 'wal' | 'delete') {
    this.db = new DatabaseSync(file);
    this.db.exec(`PRAGMA journal_mode = ${journal}`);
    this.db.exec(createSpans.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));
  }

  /** A run that has begun: its root, one call that ended, and one that has not. */
  begin(run: string): void {
    this.db.exec('BEGIN');
    this.span(run, 'root', null, false);
    this.span(run, 'llm_call', `${run} root`, true);
    this.span(run, 'search_web', `${run} root`, false);
    this.db.exec('COMMIT');
  }

  /** In its place, or, as the Python tracer does it, by writing the row again. */
  end(run: string, how: 'UPDATE' | 'REPLACE'): void {
    const now = Date.now() / 1000;
    this.db.exec('BEGIN');
    if (how === 'UPDATE') {
      this.db
        .prepare(
          `UPDATE spans SET status = 'ok', end_time = ? WHERE run_id = ? AND status = 'running'`,
        )
        .run(now, run);
    } else {
      this.span(run, 'search_web', `${run} root`, true);
      this.span(run, 'root', null, true);
    }
    this.db.exec('COMMIT');
  }

  private span(run: string, name: string, parent: string | null, ended: boolean): void {
    const now = Date.now() / 1000;
    this.db
      .prepare(
        `INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, 10, 5, 0.01, 'm', '{}', NULL)`,
      )
      .run(
        `${run} ${name}`,
        run,
        parent,
        parent === null ? run : name,
        now - 1 + this.spans++ / 1e6,
        ended ? now : null,
        ended ? 'ok' : 'running',
      );
  }
}

const found = (frame: Frame) => frame.locator('.toolbar output');
const status = (page: Page, text: string) =>
  page.locator('.statusbar-item', { hasText: text }).first();

describe('a file that an agent is writing', () => {
  const folder = temporaryFolder('ui');
  const file = path.join(folder.path, 'agent_traces.db');
  let workbench: Workbench;
  let agent: Agent;
  let frame: Frame;

  const says = (text: string) => found(frame).filter({ hasText: text }).waitFor();

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    agent = new Agent(file, 'wal');
    for (let i = 0; i < 30; i++) {
      agent.begin(`old_${i}`);
      agent.end(`old_${i}`, 'UPDATE');
    }
    workbench = await openWorkbench({
      folder: folder.path,
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
      viewport: { width: 1400, height: 900 },
    });
    await openView(workbench.page, 'Explorer');
    await treeRow(workbench.page, 'agent_traces.db').dblclick();
    frame = await webviewFrame(workbench.page, 'Duration', 40_000);
    await openView(workbench.page, 'Agent Traces');
  });

  after(async () => {
    await workbench?.close();
    if (agent?.db.isOpen) agent.db.close();
    folder.remove();
  });

  it('shows what was committed to its -wal, and a run as it begins and ends', async () => {
    const { page } = workbench;
    await says('30 of 30 runs');
    await treeRow(page, 'old_29').click();
    await treeRow(page, 'old_29').press('ArrowRight');
    await treeRow(page, 'search_web').click();
    agent.begin('first');
    await treeRow(page, 'first').filter({ hasText: 'running' }).waitFor();
    await says('31 of 31 runs');
    await status(page, '31 runs').waitFor();
    await frame.locator('.run-row', { hasText: 'first' }).filter({ hasText: 'Running' }).waitFor();
    await screenshot(page, path.join(shots, 'follow-running.png'));
    agent.end('first', 'UPDATE');
    await frame.locator('.run-row', { hasText: 'first' }).filter({ hasText: 'OK' }).waitFor();
    // Where one was, one still is.
    await treeRow(page, 'search_web').and(page.locator('.selected')).waitFor();
  });

  it('shows rows that are replaced, in every way of committing', async () => {
    agent.db.exec('PRAGMA journal_mode = delete');
    agent.begin('second');
    await says('32 of 32 runs');
    agent.end('second', 'REPLACE');
    await frame.locator('.run-row', { hasText: 'second' }).filter({ hasText: 'OK' }).waitFor();
    agent.db.exec('VACUUM');
    agent.begin('third');
    await says('33 of 33 runs');
    agent.db.exec(`DELETE FROM spans WHERE run_id IN ('first', 'second')`);
    await says('31 of 31 runs');
  });

  it('can be paused: what is written meanwhile is shown when it is followed again', async () => {
    const { page } = workbench;
    await frame.getByRole('button', { name: /^Following/ }).click();
    await frame.getByRole('button', { name: /^Paused/ }).waitFor();
    agent.begin('fourth');
    await frame.getByRole('button', { name: /^Paused, has changed/ }).waitFor();
    await treeRow(page, 'agent_traces.db').filter({ hasText: 'paused, has changed' }).waitFor();
    await says('31 of 31 runs');
    await screenshot(page, path.join(shots, 'follow-paused.png'));
    await frame.getByRole('button', { name: /^Paused/ }).click();
    await says('32 of 32 runs');
  });

  it('is followed through replacing, emptying, deleting and making anew', async () => {
    const { page } = workbench;
    agent.db.close();
    const other = path.join(folder.path, 'other');
    const next = new Agent(other, 'delete');
    next.begin('replaced');
    next.db.close();
    fs.renameSync(other, file);
    await says('1 of 1 run');
    fs.truncateSync(file);
    await frame.getByText(/is empty/).waitFor();
    fs.rmSync(file);
    await frame.getByText(/does not exist any more/).waitFor();
    agent = new Agent(file, 'wal');
    agent.begin('anew');
    await frame.locator('.run-row', { hasText: 'anew' }).waitFor();
    await treeRow(page, 'anew').waitFor();
  });
});
