// The page of a run, opened from the disk in Chromium without a network.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { visible } from '../../src/core/describe.ts';
import { launchBrowser } from '../tools/browser.ts';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { spansDb } from '../unit/support/traceDb.ts';
import { setAlarms } from './support/alarms.ts';
import { findings } from './support/axe.ts';
import { pageTexts } from './support/hostileTexts.ts';
import { hostileTraces } from './support/hostileTraces.ts';

describe('a run as a page of its own', () => {
  const folder = temporaryFolder('ui-export');
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    folder.remove();
  });

  /** Each text in every place that a span has for one. */
  const texts = (): Promise<Uint8Array> =>
    spansDb(
      [...pageTexts, 'x'.repeat(1_000_000)].map((text, at) => ({
        span_id: `s${at} ${text.slice(0, 500)}`,
        run_id: `r${at} ${text.slice(0, 500)}`,
        name: text,
        status: at % 2 === 0 ? 'error' : 'ok',
        error: text,
        model: text,
        input_tokens: 1,
        metadata: JSON.stringify({
          request: {
            system: text,
            tools: [{ name: text }],
            messages: [{ role: text, content: text }],
          },
          response: { content: [{ type: 'text', text }] },
          tool_name: text,
          tool_input: { [text]: text },
          tool_result: text,
          session_id: text,
          [text]: text,
        }),
      })),
    );

  for (const [name, file] of [
    ['sample', async () => fs.readFileSync(inRepo('dist/sample.agent-traces.db'))],
    ['hostile', hostileTraces],
    ['texts', texts],
  ] as const) {
    it(`opens without a network, and only shows what was recorded (${name})`, async () => {
      const db = path.join(folder.path, `${name}.db`);
      const page = path.join(folder.path, `${name}.html`);
      fs.writeFileSync(db, await file());
      const args = ['export', db, '--to', page, '--content', '--no-redaction'];
      const made = spawnSync(process.execPath, [inRepo('dist/cli.js'), ...args], {
        encoding: 'utf8',
      });
      assert.equal(made.status, 0, made.stderr);
      const context = await browser.newContext({ offline: true });
      const tab = await context.newPage();
      const alarms = await setAlarms(tab);
      const asked: string[] = [];
      const problems: string[] = [];
      tab.on('request', request => asked.push(request.url()));
      tab.on('console', message => problems.push(message.text()));
      tab.on('pageerror', error => problems.push(String(error)));
      const { href } = pathToFileURL(page);
      await tab.goto(href);
      // Every span is opened, as a reader would.
      await tab.locator('details').evaluateAll(all => {
        for (const element of all) element.setAttribute('open', '');
      });
      assert.ok((await tab.locator('details').count()) > 3);
      assert.ok((await tab.locator('h1').count()) > 0);
      assert.deepEqual(asked, [href], 'nothing else is asked for');
      assert.deepEqual([...alarms.ran, ...problems], []);
      assert.deepEqual(await alarms.made(), []);
      // Nothing but what the page is made of, with no more attributes than it needs.
      const others = await tab.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter(element => {
            const isKnown =
              /^(main|section|div|p|h1|h2|dl|dt|dd|details|summary|span|b|small|code|pre|a|svg|symbol|path|use)$/;
            const isPlain =
              /^(class|id|open|role|tabindex|viewBox|d|stroke-dasharray|aria-hidden|aria-label)$/;
            return (
              !isKnown.test(element.localName) ||
              element
                .getAttributeNames()
                .some(name =>
                  name === 'href'
                    ? !/^#(icon-[a-z-]+|(run-\d+-)?span-\d+)$/.test(
                        element.getAttribute('href') ?? '',
                      )
                    : !isPlain.test(name),
                )
            );
          })
          .map(element => element.outerHTML.slice(0, 200)),
      );
      assert.deepEqual(others, [], 'no element is made of recorded text');
      const dead = await tab
        .locator('a')
        .evaluateAll(all =>
          all.map(one => one.getAttribute('href') ?? '').filter(to => !document.querySelector(to)),
        );
      assert.deepEqual(dead, [], 'each link leads to a span');
      if (name === 'sample') {
        for (const colorScheme of ['light', 'dark'] as const) {
          await tab.emulateMedia({ colorScheme });
          assert.deepEqual(await findings(tab), [], colorScheme);
        }
      }
      if (name === 'texts') {
        const written = await tab.locator('pre').allTextContents();
        for (const text of pageTexts) {
          // What is no character of a page is shown as one that is; all others are there as they are.
          const shown = visible(text).replace(/\p{Surrogate}|[\ufffe\uffff]/gu, '\ufffd');
          assert.ok(written.filter(one => one === shown).length >= 4, JSON.stringify(text));
        }
        assert.ok((await tab.getByText('more characters are not on this page').count()) >= 4);
      }
      // The style sheet is let through by its hash.
      const display = await tab
        .locator('dl')
        .first()
        .evaluate(element => getComputedStyle(element).display);
      assert.equal(display, 'grid');
      await context.close();
    });
  }
});
