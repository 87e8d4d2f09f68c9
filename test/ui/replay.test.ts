// A recorded call, edited and sent again the way a person does it. Screenshots: test/out/shots.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  apiMessage,
  type MessagesApi,
  type Reply,
  startMessagesApi,
} from '../tools/messagesApi.ts';
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
import { setTheme, setWidth, writeTheme } from './support/theme.ts';

const key = 'sk-ant-MARKED-ui-0123456789';
const shots = inRepo('test/out/shots');

/** As the sample has it, but for the amount. */
const posting = (amount: number, text: string, betweenMs = 5): Reply => ({
  betweenMs,
  message: apiMessage({
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 18_238, output_tokens: 388 },
    stop_reason: 'tool_use',
    content: [
      { type: 'text', text },
      {
        type: 'tool_use',
        id: 'toolu_9',
        name: 'post_journal_entry',
        input: { invoice: 'INV-2304', account: '4400', amount, currency: 'EUR' },
      },
    ],
  }),
});

describe('replaying a call', function () {
  // Each begins where the one before it ended.
  this.bail(true);
  let workbench: Workbench;
  let server: MessagesApi;
  let reply: (count: number) => Reply = () =>
    posting(
      1204.5,
      'INV-2291 is in the ledger. Posting INV-2304 (Harrow Print GmbH) for EUR 1204.50 to account 4400.',
      120,
    );
  const folder = temporaryFolder('replay-ui');
  const data = temporaryFolder('replay-ui-data');
  const shot = (what: string) => screenshot(workbench.page, path.join(shots, `${what}.png`));
  const input = () => workbench.page.locator('.quick-input-widget input:visible').first();
  const offer = (text: string) =>
    workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  const replayPage = () => webviewFrame(workbench.page, 'Replay of llm_');

  before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    server = await startMessagesApi((_request, count) => reply(count));
    fs.copyFileSync(
      inRepo('dist/sample.agent-traces.db'),
      path.join(folder.path, 'agent_traces.db'),
    );
    writeTheme(folder.path, 'dark');
    workbench = await openWorkbench({
      folder: folder.path,
      viewport: { width: 1500, height: 900 },
      env: {
        XDG_DATA_HOME: data.path,
        LOCALAPPDATA: data.path,
        ANTHROPIC_BASE_URL: server.baseURL,
        ANTHROPIC_API_KEY: '',
      },
    });
    await openView(workbench.page, 'Agent Traces');
    await treeRow(workbench.page, 'invoice_reconcile').waitFor();
  });
  after(async () => {
    await workbench.close();
    await server.close();
    folder.remove();
    data.remove();
  });

  it('opens its request from the palette, with what sending would take above it', async () => {
    const { page } = workbench;
    await runCommand(page, 'Agent Traces: Replay Span');
    await offer('invoice_reconcile').waitFor();
    await input().fill('invoice_reconcile');
    await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'invoice_reconcile' })
      .filter({ hasText: 'failed' })
      .first()
      .click();
    await offer('llm_continuation').waitFor();
    await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'llm_continuation' })
      .last()
      .click();
    await page.locator('.tab', { hasText: '.agent-replay.json' }).waitFor();
    await page.locator('.codelens-decoration', { hasText: /about [\d,]+ input tokens/ }).waitFor();
    await webviewFrame(page, 'Response');
    await shot('replay-request-dark');
  });

  it('says model, tokens, cost and address before it sends, and asks for a key', async () => {
    const { page } = workbench;
    await page.locator('.tab', { hasText: '.agent-replay.json' }).click();
    await runCommand(page, 'Agent Traces: Send Replay…');
    await offer('Send').waitFor();
    const words = (await offer('Send').innerText()).replaceAll('\n', ' ');
    assert.match(words, /claude-[\w-]+ to 127\.0\.0\.1:\d+.*about [\d,]+ input tokens, .*\$/);
    await shot('replay-ask-dark');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: 'Set API Key' }).waitFor();
    assert.equal(server.requests.length, 0);
    assert.equal(await input().getAttribute('type'), 'password');
    await input().fill(key);
    await page.keyboard.press('Enter');
    const frame = await replayPage();
    await frame.getByRole('log').getByText('INV-2304').first().waitFor();
    await shot('replay-stream-dark');
    await frame.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    assert.equal(server.requests[0]?.headers.authorization, `Bearer ${key}`);
    assert.equal((await frame.content()).includes(key), false);
  });

  it('shows what changed in all themes and in a narrow page, without losing anything', async () => {
    const { page } = workbench;
    const frame = await replayPage();
    assert.match(await frame.locator('.replay-figures').innerText(), /Output tokens[\s\S]*388/);
    assert.match(await frame.locator('ins').allInnerTexts().then(String), /1204\.5/);
    for (const theme of ['light', 'hc', 'dark'] as const) {
      await setTheme(page, folder.path, theme, [frame]);
      await shot(`replay-${theme}`);
    }
    await setWidth(page, 1000, frame);
    await shot('replay-narrow-dark');
    const wide = await frame.evaluate(
      () =>
        [...document.querySelectorAll('.replay *')].filter(
          one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.ellipsis'),
        ).length,
    );
    assert.equal(wide, 0, 'nothing is beyond the edge');
    await setWidth(page, 1500, frame);
  });

  it('sends it several times from the page, by keyboard, and shows each answer', async () => {
    const { page } = workbench;
    const frame = await replayPage();
    reply = count =>
      count % 3 === 0 ? posting(1.2, 'Posting it for 1.20.') : posting(1204.5, 'Posting it.');
    await frame.getByRole('button', { name: 'Several Times…' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: 'Send Several Times' }).waitFor();
    await input().fill('4');
    await page.keyboard.press('Enter');
    await offer('Send 4 Times').waitFor();
    await page.keyboard.press('Enter');
    await frame.getByText(/2 distinct answers in 4/).waitFor();
    await frame.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    await frame.getByRole('button', { name: 'Show answer B' }).focus();
    await page.keyboard.press('Enter');
    await frame
      .locator('tr', { hasText: 'shown above' })
      .getByRole('button', { name: 'Show answer B' })
      .waitFor();
    await shot('replay-times-dark');
    await setTheme(page, folder.path, 'light', [frame]);
    await shot('replay-times-light');
    await setTheme(page, folder.path, 'dark', [frame]);
  });

  it('is cancelled by its button, and says what went wrong', async () => {
    const { page } = workbench;
    const frame = await replayPage();
    reply = () => ({
      message: apiMessage({
        usage: { input_tokens: 9, output_tokens: 2 },
        content: [{ type: 'text', text: 'It begins, and hangs' }],
      }),
      events: 5,
      after: 'hang',
    });
    const again = async (): Promise<void> => {
      await frame.getByRole('button', { name: 'Replay Again…' }).click();
      await offer('Send').waitFor();
      await page.keyboard.press('Enter');
    };
    await again();
    await frame.getByText('It begins').first().waitFor();
    await frame.getByRole('button', { name: 'Cancel' }).click();
    await frame.getByRole('status').filter({ hasText: 'Cancelled' }).waitFor();
    reply = () => ({ status: 404, error: { type: 'not_found_error', message: 'model: x' } });
    await again();
    await frame.getByRole('alert').filter({ hasText: 'Choose another model' }).waitFor();
    await shot('replay-failed-dark');
  });

  it('keeps every replay below its run, and opens the answers in the diff editor', async () => {
    const { page } = workbench;
    await openView(page, 'Agent Traces');
    const run = page
      .locator('.part.sidebar .monaco-list-row[aria-level="2"]', { hasText: 'invoice_reconcile' })
      .filter({ hasText: 'failed' })
      .first();
    await run.click();
    if ((await run.getAttribute('aria-expanded')) === 'false') await page.keyboard.press('Right');
    const group = treeRow(page, 'Replays');
    await group.scrollIntoViewIfNeeded();
    await group.click();
    const last = page.locator('.part.sidebar .monaco-list-row[aria-level="4"]').last();
    await last.waitFor();
    await shot('replay-tree-dark');
    await last.click();
    const frame = await replayPage();
    await frame.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    await frame.getByRole('button', { name: 'Open Diff' }).click();
    await page.locator('.monaco-diff-editor').first().waitFor();
    await page.locator('.tab.active', { hasText: /↔ .*, response/ }).waitFor();
    assert.deepEqual(workbench.problems, []);
  });
});
