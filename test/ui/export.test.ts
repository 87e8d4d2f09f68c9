// Export as a person meets it: what is asked, what would be sent, a key that is refused, Cancel on the way.
// Screenshots go to test/out/shots.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { type OtlpServer, startOtlpServer } from '../tools/otlpServer.ts';
import { inRepo } from '../tools/repo.ts';
import {
  chooseInMenu,
  openView,
  runCommand,
  screenshot,
  treeRow,
  type Workbench,
} from '../tools/workbench.ts';
import { createSpans } from '../unit/support/traceDb.ts';
import { sampleWindow } from './support/sampleWindow.ts';
import { inDarkAndLight, type Pictures } from './support/theme.ts';

const basic = (keys: string) => `Basic ${Buffer.from(keys).toString('base64')}`;
const wrong = 'pk-lf-wrong-0123456789';
const [publicKey, secretKey] = ['pk-lf-MARKED-0123456789', 'sk-lf-MARKED-0123456789'];
const ofOneRequest = 512;

/** One run of more spans than two requests take. */
function writeLongRun(file: string, spans: number): void {
  const db = new DatabaseSync(file);
  db.exec(`${createSpans}; BEGIN`);
  const insert = db.prepare(
    `INSERT INTO spans VALUES (?, 'long', ?, ?, ?, ?, 'ok', 0, 0, 0, '', '{}', NULL)`,
  );
  const start = Date.UTC(2026, 10, 1) / 1000;
  insert.run('s0', null, 'long_run', start, start + spans);
  for (let at = 1; at < spans; at++)
    insert.run(`s${at}`, 's0', `step ${at}`, start + at, start + at);
  db.exec('COMMIT');
  db.close();
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) yield path.join(entry.parentPath, entry.name);
  }
}

describe('an export', () => {
  let workbench: Workbench;
  let page: Page;
  let folder: string;
  let server: OtlpServer;
  let pictures: Pictures;
  const shot = (what: string) => screenshot(page, inRepo(`test/out/shots/export-${what}.png`));
  const input = () => page.locator('.quick-input-widget input:visible').first();
  const titled = (title: string) => page.locator('.quick-input-titlebar', { hasText: title });
  const offer = (text: string) =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  const toast = (text: string) => page.locator('.notification-toast', { hasText: text });
  /** Chooses what is offered under a text. */
  const choose = async (text: string) => {
    await offer(text).waitFor();
    await input().fill(text);
    await page.keyboard.press('Enter');
  };
  const type = async (title: string, text: string) => {
    await titled(title).waitFor();
    await input().fill(text);
    await page.keyboard.press('Enter');
  };

  before(async () => {
    ({ workbench, folder } = await sampleWindow({ width: 1400, height: 900 }));
    page = workbench.page;
    pictures = inDarkAndLight(page, folder);
    await openView(page, 'Agent Traces');
    // Rows that are drawn anew take an open menu away: what stands out in runs is told once, a moment later.
    const rows = page.locator('.part.sidebar .monaco-list-row');
    await rows.filter({ hasText: 'silent failure' }).first().waitFor();
  });
  afterEach(async () => {
    await server?.close();
    await page.keyboard.press('Escape');
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('says what would be sent, sends once a key is right, and keeps the key to itself', async () => {
    const right = basic(`${publicKey}:${secretKey}`);
    let authorized = false;
    server = await startOtlpServer(() =>
      authorized ? undefined : { status: 401, body: '{"message":"Invalid credentials"}' },
    );
    await chooseInMenu(treeRow(page, 'invoice_reconcile'), 'Export…');
    await titled('Export “invoice_reconcile”').waitFor();
    await offer('HTML Page').waitFor();
    await pictures('export-where');
    await choose('Langfuse');
    await offer('Without Content').waitFor();
    await shot('what');
    await choose('With Content, Redacted');
    await titled('Langfuse: LANGFUSE_PUBLIC_KEY').waitFor();
    await shot('key');
    await type('LANGFUSE_PUBLIC_KEY', wrong);
    await type('LANGFUSE_SECRET_KEY', wrong);
    await choose('Change Key or Address…');
    await offer('LANGFUSE_BASE_URL').waitFor();
    await shot('change');
    await choose('LANGFUSE_BASE_URL');
    await type('LANGFUSE_BASE_URL', server.origin);
    const host = new URL(server.origin).host;
    await offer('Send')
      .filter({ hasText: `with content, redacted, to ${host}` })
      .waitFor();
    await pictures('export-send');
    await choose('Show What Would Be Sent');
    const lines = page.locator('.editor-group-container .view-lines');
    await lines.getByText('Nothing of this has been sent').waitFor();
    const shown = ((await lines.innerText()) ?? '').replaceAll('\u00a0', ' ');
    assert.match(shown, /"Authorization"/);
    assert.ok(!shown.includes(wrong) && !shown.includes(basic(`${wrong}:${wrong}`)));
    assert.ok(server.received.length === 0, 'nothing was sent');
    await offer('Send').waitFor();
    await pictures('export-dry-run');
    await choose('Send');
    const refused = toast('refused the key');
    await refused.waitFor();
    await pictures('export-refused');
    authorized = true;
    await refused.getByText('Enter Another Key…').click();
    await type('LANGFUSE_PUBLIC_KEY', publicKey);
    await type('LANGFUSE_SECRET_KEY', secretKey);
    await choose('Send');
    await toast('Sent ').waitFor();
    await shot('sent');
    const [received] = server.received;
    assert.equal(received?.headers.authorization, right);
    assert.ok(received.spans.length > 3);
    for (const file of [...filesIn(workbench.userDataDir), ...filesIn(folder)]) {
      const text = fs.readFileSync(file, 'latin1');
      assert.ok(!text.includes(secretKey) && !text.includes(wrong), `${file} has no key`);
    }
  });

  it('that is cancelled says how far it came, and the next one sends only the rest', async () => {
    const total = 3 * ofOneRequest + 1;
    const file = path.join(folder, 'long.agent-traces.db');
    writeLongRun(file, total);
    try {
      let goOn = (): void => undefined;
      const held = new Promise<void>(resolve => {
        goOn = resolve;
      });
      let count = 0;
      // The answer to the second request is kept back.
      server = await startOtlpServer(async () => {
        if (count++ === 1) await held;
        return undefined;
      });
      await runCommand(page, 'Agent Traces: Export');
      await choose('long.agent-traces.db');
      await offer('long_run').waitFor();
      await shot('run');
      await choose('long_run');
      await choose('Other Address…');
      await titled('Export “long_run”').waitFor();
      await input().fill(`${server.origin}/v1/traces`);
      await page.keyboard.press('Enter');
      await choose('Without Content');
      await choose('Send');
      const progress = toast('Sending to');
      await progress.filter({ hasText: '512 of 1,537 spans' }).waitFor();
      await shot('progress');
      await progress.getByText('Cancel', { exact: true }).click();
      const stopped = toast('Stopped.');
      await stopped.filter({ hasText: 'Sent so far: 512 of 1,537 spans.' }).waitFor();
      await stopped.filter({ hasText: 'May have arrived, or not: 512 spans.' }).waitFor();
      await shot('stopped');
      goOn();
      await stopped.getByText('Export Again…').click();
      await offer('Send Without What May Have Arrived').waitFor();
      await pictures('export-unsure');
      await choose('Send Without What May Have Arrived');
      await toast(`Sent ${total - 2 * ofOneRequest} spans`).waitFor();
      const ids = server.received.flatMap(one => one.spans.map(span => span.spanId));
      assert.equal(new Set(ids).size, ids.length, 'nothing is there twice');
      assert.ok(ids.length >= total - ofOneRequest);
    } finally {
      fs.rmSync(file);
    }
  });

  it('met no exception and no breach of the content security policy', () => {
    assert.deepEqual(workbench.problems, []);
  });
});
