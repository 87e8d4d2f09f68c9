// What axe finds in the pages, what is out of reach or moves, and a way to a cause with keys alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { inRepo } from '../tools/repo.ts';
import { temporaryFolder } from '../tools/temporary.ts';
import { openWorkbench, treeRow, type Workbench, webviewFrame } from '../tools/workbench.ts';
import { findings } from './support/axe.ts';
import { allThemes, drawn, setTheme } from './support/theme.ts';

const usualSize = { width: 1700, height: 1000 };
const overviewTabs = ['Insights', 'Costs', 'Runs'];
const callTabs = ['Response', 'Prompt', 'Metadata', 'Events', 'Raw'];

/** What is wider than its place or too flat, and controls that no scrolling brings into view. */
function unreachable(frame: Frame): Promise<readonly string[]> {
  return frame.evaluate(() => {
    const surfaces = [
      document.documentElement,
      document.body,
      ...document.querySelectorAll('.view'),
    ];
    const wide = surfaces
      .filter(one => one.scrollWidth > one.clientWidth)
      .map(one => `${one.tagName} ${one.className} ${one.scrollWidth} > ${one.clientWidth}`);
    const controls = document.querySelectorAll('button, a[href], input, select, [tabindex="0"]');
    const cut = [...controls].filter(control => {
      if (!control.checkVisibility({ visibilityProperty: true })) return false;
      control.scrollIntoView({ block: 'center', inline: 'center' });
      const { x, y, width, height } = control.getBoundingClientRect();
      const [across, down] = [x + width / 2, y + height / 2];
      return across < 0 || down < 0 || across > innerWidth || down > innerHeight;
    });
    const lists = [...document.querySelectorAll('.run-scroller, .wf-scroller, .insights, .costs')];
    const flat = lists.filter(list => list.clientHeight < 44);
    // A focus must not move what a person cannot scroll.
    const moved = surfaces.slice(0, 2).filter(one => one.scrollTop > 0);
    return [
      ...wide,
      ...[...cut, ...flat, ...moved].map(one => `cut: ${one.outerHTML.slice(0, 160)}`),
    ];
  });
}

/**
 * What Tab should come to, in its order; and controls that no key leads to: without a tab stop, and in no
 * list or menu that has one.
 */
function tabStops(frame: Frame): Promise<{ stops: readonly string[]; lost: readonly string[] }> {
  return frame.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>('button, a[href], input, select, [tabindex]'),
    ].filter(one => one.checkVisibility({ visibilityProperty: true }));
    const said = (one: HTMLElement): string => one.outerHTML.slice(0, 120);
    const lists =
      '[role=grid], [role=treegrid], [role=tablist], [role=tree], [role=menu], .insights, .cost-table';
    const lost = all.filter(one => {
      if (one.tabIndex >= 0 || one.matches(lists)) return false;
      const list = one.closest<HTMLElement>(lists);
      return !list || (list.tabIndex < 0 && !list.querySelector('[tabindex="0"]'));
    });
    return { stops: all.filter(one => one.tabIndex >= 0).map(said), lost: lost.map(said) };
  });
}

const has = (element: Locator, name: string) =>
  element.evaluate((one, wanted) => one.classList.contains(wanted), name);

describe('accessibility', () => {
  let workbench: Workbench;
  let overview: Frame;
  let panel: Frame;
  const folder = temporaryFolder('ui');
  const press = async (...keys: string[]) => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  /** Presses a key in the overview until it has led to what is looked for, at most so many times. */
  const pressUntil = async (key: string, there: () => Promise<boolean>, most: number) => {
    for (let times = 0; !(await there()); times++) {
      assert.ok(times < most, `${key} does not lead there in ${most} times`);
      await press(key);
      await drawn(overview);
    }
  };
  /** Presses a key of the workbench, and again only where nothing came of it: it may come to it late. */
  const pressFor = async (key: string, wanted: Locator) => {
    for (let times = 1; !(await wanted.isVisible()); times++) {
      await press(key);
      await wanted.waitFor({ timeout: 5000 }).catch(error => {
        if (times === 4) throw error;
      });
    }
  };
  const focusIsOn = (role: string) => () =>
    overview.evaluate(wanted => document.activeElement?.getAttribute('role') === wanted, role);
  const failed = () => overview.locator('.run-row', { hasText: 'invoice_reconcile' }).first();
  const current = (name: string) =>
    overview.locator('.wf-current .wf-name bdi', { hasText: new RegExp(`^${name}$`) });
  const openTab = async (name: string) => {
    await panel.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    await panel.locator(`#panel-${name.toLowerCase()}`).waitFor();
  };
  const openUpper = async (name: string) => {
    await overview.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    // Of the costs, those by tool need the most reading, and come last.
    const content = { Insights: '.insight-row', Costs: '.cost-legend', Runs: '.run-row' }[name];
    await overview
      .locator(content ?? '')
      .first()
      .waitFor();
  };
  /** Looks at pages in every theme, and says all that was found at once. */
  const inEveryTheme = async (
    what: Readonly<Record<string, Frame>>,
    tabs: readonly string[],
    upper: readonly string[] = [],
  ) => {
    const found: string[] = [];
    for (const theme of allThemes) {
      await setTheme(workbench.page, folder.path, theme, [panel, ...Object.values(what)]);
      for (const [page, frame] of Object.entries(what)) {
        found.push(...(await findings(frame)).map(one => `${theme}, ${page}: ${one}`));
      }
      for (const name of upper) {
        await openUpper(name);
        found.push(...(await findings(overview)).map(one => `${theme}, ${name}: ${one}`));
      }
      for (const tab of tabs) {
        await openTab(tab);
        found.push(...(await findings(panel)).map(one => `${theme}, ${tab}: ${one}`));
      }
    }
    assert.deepEqual([...new Set(found)], []);
  };
  const fits = async (frame: Frame, what: string) => {
    const { page } = workbench;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 700, height: 450 });
    await frame.waitForFunction(() => innerWidth < 300);
    await drawn(frame);
    assert.deepEqual(await unreachable(frame), [], what);
    assert.equal(await frame.evaluate(() => document.getAnimations().length), 0, what);
  };

  before(async () => {
    const sample = inRepo('dist/sample.agent-traces.db');
    fs.copyFileSync(sample, path.join(folder.path, 'agent_traces.db'));
    workbench = await openWorkbench({ folder: folder.path, viewport: usualSize });
  });

  after(() => workbench?.close().finally(folder.remove));
  beforeEach(() => workbench.page.setViewportSize(usualSize));

  it('keys alone lead from the Explorer to a failed run, its failing span and the cause', async () => {
    const { page } = workbench;
    const file = treeRow(page, 'agent_traces.db');
    const inExplorer = page.locator('.part.sidebar .explorer-folders-view .monaco-list:focus');
    // Where the Explorer has the focus already, this key takes it to the editors.
    await pressFor('Control+Shift+E', inExplorer);
    await pressFor('ArrowDown', inExplorer.locator('.monaco-list-row.focused').and(file));
    await press('Enter');
    overview = await webviewFrame(page, 'Duration', 40_000);
    await overview.getByRole('grid').waitFor();
    await pressUntil('Tab', focusIsOn('grid'), 40);
    await pressUntil('ArrowDown', () => has(failed(), 'is-active'), 51);
    await press('Space');
    await overview.locator('.wf-row').first().waitFor();
    await pressUntil('Tab', focusIsOn('treegrid'), 10);
    await press('End');
    await current('post_journal_entry').waitFor();
    await press('Enter');
    panel = await webviewFrame(page, 'Asked for');
    assert.ok(await focusIsOn('treegrid')(), 'showing the span leaves the focus where it was');
    for (const name of ['llm_continuation', 'post_journal_entry']) {
      await press('Alt+C');
      await current(name).waitFor();
    }
  });

  it('Tab comes to all that can be pressed, in the order of the page', async () => {
    const at = (frame: Frame) =>
      frame.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
    const walk = async (frame: Frame, what: string) => {
      const { stops, lost } = await tabStops(frame);
      assert.deepEqual(lost, [], what);
      assert.ok(stops.length > 5, what);
      await frame.locator(':is(button, input, select):visible').first().focus();
      const met = [await at(frame)];
      while (met.length < stops.length) {
        await press('Tab');
        met.push(await at(frame));
      }
      assert.deepEqual(met, stops, what);
    };
    for (const name of overviewTabs) {
      await openUpper(name);
      await walk(overview, name);
    }
    await walk(panel, 'cause');
    const menu = overview.getByRole('button', { name: 'Zoom and Fold' });
    await menu.focus();
    await press('Enter');
    await overview.locator('[role=menuitem]:focus', { hasText: 'Zoom In' }).waitFor();
    await press('End', 'Escape');
    assert.ok(await menu.evaluate(one => one === document.activeElement));
    await panel.getByRole('button', { name: 'Go to Cause' }).click();
    for (const name of callTabs) {
      await openTab(name);
      assert.deepEqual((await tabStops(panel)).lost, [], name);
    }
    await openTab('Prompt');
    const message = panel.locator('.message-head[aria-expanded="false"]').first();
    await message.focus();
    await press('Enter');
    await panel.locator('.message-head:focus[aria-expanded="true"]').waitFor();
    await press('Enter', 'Alt+C');
    await panel.getByRole('tab', { name: /^Cause/, selected: true }).waitFor();
  });

  it('axe finds nothing serious in overview, waterfall and cause', async () => {
    await panel.getByRole('tab', { name: /^Cause/, selected: true }).waitFor();
    await inEveryTheme({ cause: panel }, [], overviewTabs);
  });

  it('axe finds nothing serious in the tabs of a model call', async () => {
    await panel.getByRole('button', { name: 'Go to Cause' }).click();
    await panel.getByRole('tab', { name: /^Response/, selected: true }).waitFor();
    await inEveryTheme({}, callTabs);
  });

  it('at twice the size nothing is out of reach, and nothing moves unasked', async () => {
    for (const name of overviewTabs) {
      await workbench.page.setViewportSize(usualSize);
      await openUpper(name);
      await fits(overview, name);
    }
    for (const name of callTabs) {
      await openTab(name);
      await fits(panel, name);
    }
  });

  it('axe finds nothing serious in a comparison, and at twice the size nothing of it is out of reach', async () => {
    const other = overview.locator('.run-row', { hasText: 'research_agent' }).first();
    const button = overview.getByRole('button', { name: /^Compare/ });
    // A row that is drawn anew in the middle of a click does not take it.
    do {
      await failed().click();
      await other.click({ modifiers: ['Control'] });
      await workbench.page.waitForTimeout(200);
    } while ((await button.getAttribute('aria-disabled')) === 'true');
    await button.click();
    const compare = await webviewFrame(workbench.page, 'First Difference');
    await compare.getByText('Difference', { exact: true }).first().waitFor();
    await inEveryTheme({ compare }, []);
    await fits(compare, 'comparison');
  });
});
